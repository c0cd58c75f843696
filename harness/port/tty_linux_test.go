package port_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/port"
)

// limit bounds what a test waits for; nothing comes near it.
const limit = 10 * time.Second

// terminal returns the far end of a pseudo terminal, and the name of the near
// one.
func terminal(t *testing.T) (far *os.File, name string) {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close(); near.Close() })
	return far, near.Name()
}

func open(t *testing.T, name string) boards.Port {
	t.Helper()
	p, err := port.Open(name, port.Config{Baud: 74880})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	if err := p.SetReadTimeout(limit); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNotSerial(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ttyUSB0")
	if err := os.WriteFile(file, []byte("not a port"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, filepath.Dir(file), "/dev/null"} {
		for range 2 { // a port that failed to open is not held
			if p, err := port.Open(name, port.Config{}); p != nil || !errors.Is(err, port.ErrNotSerial) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v, %v", name, p, err)
			}
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "not a port" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestBusy(t *testing.T) {
	_, name := terminal(t)
	p := open(t, name)
	if q, err := port.Open(name, port.Config{}); q != nil || !errors.Is(err, port.ErrBusy) || !strings.Contains(err.Error(), name) {
		t.Errorf("opened twice: %v, %v", q, err)
	}
	if _, err := p.Write([]byte("still mine")); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, name)
}

func TestReadTimeout(t *testing.T) {
	far, name := terminal(t)
	p := open(t, name)
	buf := make([]byte, 16)
	for _, d := range []time.Duration{0, time.Microsecond, 5 * time.Millisecond} {
		if err := p.SetReadTimeout(d); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if n, err := p.Read(buf); n != 0 || err != os.ErrDeadlineExceeded {
			t.Errorf("nothing within %v: %d, %v", d, n, err)
		}
		if took := time.Since(start); took < d {
			t.Errorf("gave up after %v of %v", took, d)
		}
	}
	if n, err := p.Read(nil); n != 0 || err != nil {
		t.Errorf("read of nothing: %d, %v", n, err)
	}
	// A timeout is not the end.
	if err := p.SetReadTimeout(limit); err != nil {
		t.Fatal(err)
	}
	if _, err := far.WriteString("late"); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Read(buf); err != nil || string(buf[:n]) != "late" {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

// Every byte passes both ways as it is, in lines longer than any terminal's.
func TestEightBits(t *testing.T) {
	far, name := terminal(t)
	p := open(t, name)
	var all []byte
	for i := range 2048 {
		all = append(all, byte(i))
	}
	for _, way := range []struct {
		name string
		w    io.Writer
		r    io.Reader
	}{{"to the board", p, far}, {"from the board", far, p}} {
		got := make([]byte, len(all))
		if _, err := way.w.Write(all); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(way.r, got); err != nil || !bytes.Equal(got, all) {
			t.Errorf("%s: % x, %v", way.name, got, err)
		}
	}
}

func TestBaud(t *testing.T) {
	far, name := terminal(t)
	p := open(t, name)
	speed := func() uint32 {
		t.Helper()
		settings, err := unix.IoctlGetTermios(int(far.Fd()), unix.TCGETS2)
		if err != nil {
			t.Fatal(err)
		}
		return settings.Ospeed
	}
	if got := speed(); got != 74880 {
		t.Errorf("opened at %d baud", got)
	}
	for _, baud := range []int{9600, 115200, 460800, 921600, 74880} {
		if err := p.SetBaud(baud); err != nil {
			t.Errorf("%d baud: %v", baud, err)
		}
		if got := speed(); got != uint32(baud) {
			t.Errorf("%d baud instead of %d", got, baud)
		}
	}
	for _, baud := range []int{0, -1} {
		if err := p.SetBaud(baud); !errors.Is(err, port.ErrNotSerial) || !strings.Contains(err.Error(), name) {
			t.Errorf("%d baud: %v", baud, err)
		}
	}
	if got := speed(); got != 74880 {
		t.Errorf("an impossible speed made it %d baud", got)
	}
}

// lines is what a port that moves both lines at once has.
type lines interface{ SetLines(dtr, rts bool) error }

func TestNoModemLines(t *testing.T) {
	_, name := terminal(t)
	p := open(t, name)
	for what, err := range map[string]error{
		"DTR": p.SetDTR(true), "RTS": p.SetRTS(true), "DTR and RTS": p.(lines).SetLines(true, false),
	} {
		if !errors.Is(err, port.ErrLines) || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := p.Write([]byte("x")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A port that is pulled out stays gone, and everybody is told the same.
func TestHangUp(t *testing.T) {
	far, name := terminal(t)
	p := open(t, name)
	if _, err := far.WriteString("last words"); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 16)
	if n, err := io.ReadFull(p, buf[:10]); err != nil {
		t.Fatalf("%q, %v", buf[:n], err)
	}
	far.Close()
	n, first := p.Read(buf)
	if n != 0 || !errors.Is(first, port.ErrLost) || errors.Is(first, os.ErrDeadlineExceeded) || !strings.Contains(first.Error(), name) {
		t.Fatalf("%d, %v", n, first)
	}
	staysLost(t, p, first)
}

func TestClose(t *testing.T) {
	far, name := terminal(t)
	for range 20 {
		p := open(t, name)
		if err := p.SetReadTimeout(-1); err != nil {
			t.Fatal(err)
		}
		closes(t, p, far.Write)
	}
}
