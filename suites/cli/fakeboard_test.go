package cli_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/control/controltest"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

// fakeBoard is a board of memory at a terminal, where a person would reset it:
// first its loader answers, and once it was booted its firmware. Either may be
// told to lie.
type fakeBoard struct {
	*controltest.Device // the firmware
	chip                *romtest.Chip
	firmware            boards.Port   // what the firmware hears and says
	booted              chan struct{} // closed once it is the firmware that answers
	far                 *os.File
	port                string // the terminal's name
	answer              string // what its loader says to whatever it hears; empty is the chip's own answer
	blocks              int    // of FLASH_DATA that it hears before it is pulled out; 0 is no bound
}

// The fake runs the reference firmware, as far as a digest can tell.
func init() { controltest.Image = firmware.Image }

// plugIn returns a fake; change, if not nil, is told of it before anything
// happens.
func plugIn(t *testing.T, change func(*fakeBoard)) *fakeBoard {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	far = interruptible(t, far)
	b := &fakeBoard{chip: romtest.New(), booted: make(chan struct{}), far: far, port: near.Name()}
	b.firmware, b.Device = controltest.Open()
	if change != nil {
		change(b)
	}
	go b.hear()
	go io.Copy(far, b.chip)
	go io.Copy(far, b.firmware)
	t.Cleanup(func() { b.chip.Close(); b.firmware.Close(); far.Close(); near.Close() })
	return b
}

// hear hands on what the host writes.
func (b *fakeBoard) hear() {
	buf := make([]byte, 4096)
	for {
		n, err := b.far.Read(buf)
		if err != nil {
			return
		}
		if found := bytes.Count(buf[:n], flashData); found > 0 && b.blocks > 0 {
			if b.blocks -= found; b.blocks <= 0 {
				b.pullOut()
				return
			}
		}
		if b.answer != "" {
			b.far.WriteString(b.answer)
			continue
		}
		select {
		case <-b.booted:
			b.firmware.Write(buf[:n])
		default:
			b.chip.Write(buf[:n])
		}
	}
}

// boot lets the firmware answer, without a word.
func (b *fakeBoard) boot() { close(b.booted) }

// pullOut makes the terminal hang up.
func (b *fakeBoard) pullOut() { b.far.Close() }

// pullOutAt makes the terminal hang up in the middle of the n-th block.
func pullOutAt(n int) func(*fakeBoard) { return func(b *fakeBoard) { b.blocks = n } }

// flashData is how the frame of a block begins.
var flashData = []byte{0xC0, 0x00, 0x03}

// hello is a change of HELLO.
func hello(change map[string]any) func(*fakeBoard) {
	return func(b *fakeBoard) { b.Alter(func(h map[string]any) { maps.Copy(h, change) }) }
}

// interruptible returns f such that closing it ends a Read that waits: a
// terminal hangs up only when nobody uses its other end any more.
func interruptible(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = errors.Join(unix.SetNonblock(fd, true), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), f.Name())
}
