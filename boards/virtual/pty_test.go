//go:build linux

package virtual_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"go.bug.st/serial"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// limit bounds what a test waits for; nothing comes near it.
const limit = 20 * time.Second

// open opens the board's terminal as any program opens a serial port.
func open(t testing.TB, b *virtual.Board, baud int) serial.Port {
	t.Helper()
	path, err := b.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	p, err := serial.Open(path, &serial.Mode{BaudRate: baud})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	if err := p.SetReadTimeout(limit); err != nil {
		t.Fatal(err)
	}
	return p
}

// booted reads to the end of the boot log.
func booted(t testing.TB, p io.Reader) string {
	t.Helper()
	return until(t, p, "csum 0x..\r\n")
}

func TestTerminalBootsAndEchoes(t *testing.T) {
	b := newBoard(t, virtual.Config{}, code(t, echo))
	p := open(t, b, 74880)
	if got := booted(t, p); !strings.Contains(got, "rst cause:1, boot mode:(3,6)") {
		t.Errorf("%q", got)
	}
	b.SetRTS(true)
	b.SetRTS(false)
	if got := booted(t, p); !strings.Contains(got, "rst cause:2, boot mode:(3,6)") {
		t.Errorf("%q", got)
	}
	all := make([]byte, 256) // every byte there is, past any terminal's tricks
	for i := range all {
		all[i] = byte(i)
	}
	if _, err := p.Write(all); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(all))
	if _, err := io.ReadFull(p, got); err != nil || !bytes.Equal(got, all) {
		t.Errorf("% x, %v", got, err)
	}
}

// Who opens the terminal as it is can read the ROM.
func TestTerminalSpeedOfItsOwn(t *testing.T) {
	b := newBoard(t, virtual.Config{}, nil)
	path, err := b.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	p, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.SetReadDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	want := "\r\n ets Jan  8 2013,rst cause:1, boot mode:(3,6)\r\n\r\n"
	if got := until(t, p, "\\)\r\n\r\n"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTerminalLoader(t *testing.T) {
	b := newBoard(t, virtual.Config{}, nil)
	p := open(t, b, 115200)
	b.SetRTS(true)
	b.SetDTR(true)
	b.SetRTS(false)
	b.SetDTR(false)
	if err := p.SetReadTimeout(50 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	buf := make([]byte, 256)
	for start := time.Now(); time.Since(start) < limit; {
		if _, err := p.Write(sync); err != nil {
			t.Fatal(err)
		}
		n, err := p.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got.Write(buf[:n])
		if strings.Count(got.String(), "\xc0\x01\x08\x02\x00\x07\x07\x12\x20\x00\x00\xc0") >= 8 {
			return
		}
	}
	t.Errorf("no answer to SYNC: % x", got.Bytes())
}

func TestTerminalHangsUpWhenHalted(t *testing.T) {
	b := newBoard(t, virtual.Config{}, code(t, callUnknown))
	p := open(t, b, 74880)
	<-b.Halted()
	buf := make([]byte, 256)
	for {
		n, err := p.Read(buf)
		if err != nil || n == 0 {
			break
		}
	}
	if b.Err() == nil {
		t.Error("halted without an error")
	}
}

// A crash report takes the time it takes on the wire: 146 bytes, 19 ms. What is
// measured includes the boot, which takes none.
func TestTerminalCrashIsPaced(t *testing.T) {
	b := newBoard(t, virtual.Config{}, code(t, illegal))
	start := time.Now()
	p := open(t, b, 74880)
	for range 6 {
		until(t, p, "depc=")
	}
	if took := time.Since(start); took < 5*19*time.Millisecond {
		t.Errorf("six reports in %v", took)
	}
}

func TestIdleTerminalExecutesNothing(t *testing.T) {
	b := newBoard(t, virtual.Config{}, code(t, echo))
	p := open(t, b, 74880)
	booted(t, p)
	if _, err := p.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	until(t, p, "x")
	before := b.Stats()
	if _, err := p.Write([]byte("y")); err != nil {
		t.Fatal(err)
	}
	until(t, p, "y")
	if n := b.Stats().Instructions - before.Instructions; n > 10 {
		t.Errorf("%d instructions for one byte", n)
	}
}

func TestTerminalFirmware(t *testing.T) {
	b := newBoard(t, virtual.Config{}, firmware.Image)
	p := open(t, b, 74880)
	greeted(t, p)
	start := time.Now()
	b.SetRTS(true)
	b.SetRTS(false)
	if h := greeted(t, p).Hello; h.Boots != 2 || h.Cause != 2 {
		t.Errorf("%+v", h)
	}
	t.Logf("from reset to the greeting: %v", time.Since(start))
}

func TestTerminalCloses(t *testing.T) {
	for range 200 {
		b, err := virtual.New(virtual.Config{FlashSize: nor.MinSize})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.OpenPTY(); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := b.OpenPTY(); !errors.Is(err, virtual.ErrClosed) {
			t.Fatalf("a closed board opens a terminal: %v", err)
		}
	}
}
