package port_test

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/rom"
)

func openVirtual(t *testing.T) *port.Virtual {
	t.Helper()
	return open(t, port.VirtualScheme).(*port.Virtual)
}

// until reads until text has come, and returns all of it.
func until(t *testing.T, p *port.Virtual, text string) string {
	t.Helper()
	var all strings.Builder
	buf := make([]byte, 256)
	for !strings.Contains(all.String(), text) {
		n, err := p.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("waiting for %q: %v after %q", text, err, all.String())
		}
	}
	return all.String()
}

// The lines go to the board, the speed and the bytes through the terminal.
func TestVirtualLoader(t *testing.T) {
	p := openVirtual(t)
	if err := p.SetBaud(460800); err != nil {
		t.Fatal(err)
	}
	loader := rom.New(p, 460800)
	for name, reset := range map[string]rom.Sequence{"classic": rom.Classic(time.Millisecond, time.Millisecond), "tight": rom.Tight(0, 0)} {
		if err := loader.Connect(t.Context(), func(ctx context.Context) error { return reset.Run(ctx, p) }); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if word, err := loader.ReadReg(t.Context(), 0x40001000); err != nil || word != 0xFFF0C101 {
			t.Errorf("%s: %08x, %v", name, word, err)
		}
	}
}

func TestVirtualBoots(t *testing.T) {
	p := openVirtual(t)
	if err := p.Board.LoadFlash(0, firmware.Image); err != nil {
		t.Fatal(err)
	}
	if err := rom.Hard(0).Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if said := until(t, p, "\x1e{\"hello\":"); !strings.Contains(said, "rst cause:2, boot mode:(3,6)") {
		t.Errorf("%q", said)
	}
}

// A board that does what nobody knows the effect of ends the port, whose error
// says where.
func TestVirtualHalts(t *testing.T) {
	// j 1f; .align 4; .word 0x40001234; 1: l32r a0, .-4; callx0 a0
	code, err := hex.DecodeString("06010000" + "34120040" + "01ffff" + "c00000" + "0000")
	if err != nil {
		t.Fatal(err)
	}
	im, err := (&image.Image{Entry: 0x40100000, Segments: []image.Segment{{Addr: 0x40100000, Data: code}}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	p := openVirtual(t)
	if err := p.Board.LoadFlash(0, im); err != nil {
		t.Fatal(err)
	}
	if err := rom.Hard(0).Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for buf := make([]byte, 256); err == nil; {
		_, err = p.Read(buf)
	}
	_, again := p.Read(make([]byte, 1))
	_, write := p.Write([]byte{1})
	for what, err := range map[string]error{"read": err, "read again": again, "write": write} {
		var halt *lx106.Halt
		if !errors.As(err, &halt) || halt.PC != 0x40001234 || !strings.Contains(err.Error(), "40001234") || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %v, want the halt at 40001234", what, err)
		}
	}
}

// What a board takes up, it gives back.
func TestVirtualCloses(t *testing.T) {
	openVirtual(t).Close() // what is made once and stays
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 5 {
		p := openVirtual(t)
		until(t, p, "ets Jan  8 2013")
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("read: %v", err)
		}
		if err := p.SetRTS(true); !errors.Is(err, os.ErrClosed) {
			t.Errorf("RTS: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	}
	for start := time.Now(); runtime.NumGoroutine() > goroutines; runtime.Gosched() {
		if time.Since(start) > limit {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), goroutines, buf[:runtime.Stack(buf, true)])
		}
	}
	if n := openFiles(t); n > files {
		t.Errorf("%d open files, %d before", n, files)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestVirtualCannotBeMade(t *testing.T) {
	files := openFiles(t)
	for _, cfg := range []virtual.Config{{FlashSize: 1000}, {FlashFile: "/nonexistent/flash.bin"}} {
		if p, err := port.Open(port.VirtualScheme, port.Config{Virtual: cfg}); p != nil || err == nil || !strings.Contains(err.Error(), "virtual board") {
			t.Errorf("%+v: %v, %v", cfg, p, err)
		}
	}
	if n := openFiles(t); n != files {
		t.Errorf("%d open files, %d before", n, files)
	}
}
