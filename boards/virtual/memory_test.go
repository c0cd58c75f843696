package virtual_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
)

var sync = append([]byte{0xc0, 0, 8, 36, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20}, append(bytes.Repeat([]byte{0x55}, 32), 0xc0)...)

func TestLoaderInMemory(t *testing.T) {
	_, p := memory(t, nil)
	if err := p.SetBaud(115200); err != nil {
		t.Fatal(err)
	}
	reset(t, p, true)
	if got := drain(t, p); strings.Contains(got, "ets Jan") {
		t.Errorf("the boot line is readable at 115200 baud: %q", got)
	}
	answers := func() int {
		t.Helper()
		if _, err := p.Write(sync); err != nil {
			t.Fatal(err)
		}
		return strings.Count(drain(t, p), "\xc0\x01\x08\x02\x00\x07\x07\x12\x20\x00\x00\xc0")
	}
	if got := answers(); got != 0 {
		t.Errorf("first SYNC answered %d times", got)
	}
	if got := answers(); got != 8 {
		t.Errorf("second SYNC answered %d times, want 8", got)
	}
	if err := p.SetBaud(230400); err != nil {
		t.Fatal(err)
	}
	if got := answers(); got != 0 {
		t.Errorf("SYNC at another speed answered %d times", got)
	}
}

// However close behind the reset they come, bytes meet a chip that listens, and
// of three SYNCs only the first is lost.
func TestBytesRightBehindAReset(t *testing.T) {
	_, p := memory(t, nil)
	if err := p.SetBaud(115200); err != nil {
		t.Fatal(err)
	}
	reset(t, p, true)
	if _, err := p.Write(bytes.Repeat(sync, 3)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(drain(t, p), "\xc0\x01\x08\x02\x00\x07\x07\x12\x20\x00\x00\xc0"); got != 16 {
		t.Errorf("%d replies, want 16", got)
	}
}

func TestReadTimeoutIsVirtual(t *testing.T) {
	b, p := memory(t, code(t, echo))
	drain(t, p)
	if err := p.SetReadTimeout(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	before, start := b.Stats().Now, time.Now()
	n, err := p.Read(make([]byte, 1))
	if n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d, %v", n, err)
	}
	if got := b.Stats().Now - before; got < 30*time.Second || got > 31*time.Second {
		t.Errorf("virtual time moved by %v", got)
	}
	if got := time.Since(start); got > 10*time.Second {
		t.Errorf("it took %v of the wall clock", got)
	}
}

// Somebody who polls a silent board follows the wall clock after a while.
func TestSilentBoardFollowsTheWallClock(t *testing.T) {
	b, p := memory(t, code(t, echo))
	drain(t, p)
	for _, d := range []time.Duration{59 * time.Second, 900 * time.Millisecond} { // nearly a minute, with drain's
		if err := p.SetReadTimeout(d); err != nil {
			t.Fatal(err)
		}
		_, _ = p.Read(make([]byte, 1))
	}
	if err := p.SetReadTimeout(20 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	before, start := b.Stats().Now, time.Now()
	for range 3 {
		if _, err := p.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
	}
	virtual, wall := b.Stats().Now-before, time.Since(start)
	if virtual > wall+time.Millisecond {
		t.Errorf("%v of virtual time in %v", virtual, wall)
	}
}

func TestBlockedReadWakes(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(b *virtual.Board, p io.ReadWriteCloser) error
		want string
		err  error
	}{
		{"write", func(_ *virtual.Board, p io.ReadWriteCloser) error { _, err := p.Write([]byte("x")); return err }, "x", nil},
		{"close the port", func(_ *virtual.Board, p io.ReadWriteCloser) error { return p.Close() }, "", os.ErrClosed},
		{"close the board", func(b *virtual.Board, _ io.ReadWriteCloser) error { return b.Close() }, "", virtual.ErrClosed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, p := memory(t, code(t, echo))
			drain(t, p)
			if err := p.SetReadTimeout(-1); err != nil {
				t.Fatal(err)
			}
			result := make(chan error)
			buf := make([]byte, 8)
			var n int
			go func() {
				var err error
				n, err = p.Read(buf)
				result <- err
			}()
			if err := tt.do(b, p); err != nil {
				t.Error(err)
			}
			if err := <-result; !errors.Is(err, tt.err) || string(buf[:n]) != tt.want {
				t.Errorf("%q, %v", buf[:n], err)
			}
			if tt.err != nil {
				if _, err := p.Read(buf); !errors.Is(err, tt.err) {
					t.Errorf("second read: %v", err)
				}
				if _, err := p.Write(buf); !errors.Is(err, tt.err) {
					t.Errorf("write: %v", err)
				}
			}
		})
	}
}

func TestSecondHostIsRefused(t *testing.T) {
	b, _ := memory(t, nil)
	if _, err := b.Port(); !errors.Is(err, virtual.ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
	if _, err := b.OpenPTY(); !errors.Is(err, virtual.ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
}

func TestFlashFile(t *testing.T) {
	path := t.TempDir() + "/flash"
	for i := range 2 {
		b := newBoard(t, virtual.Config{FlashFile: path, FlashSize: 1 << 20}, nil)
		if got, want := b.FlashBytes(5, 1)[0], []byte{0xff, 0x5a}[i]; got != want {
			t.Errorf("byte 5 is %02x, want %02x", got, want)
		}
		if err := errors.Join(b.PokeFlash(5, 0x5a), b.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := virtual.New(virtual.Config{FlashFile: path, FlashSize: 2 << 20}); err == nil {
		t.Error("a file of another size is accepted")
	}
}
