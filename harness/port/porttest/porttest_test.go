package porttest_test

import (
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/port/porttest"
)

func TestPipe(t *testing.T) {
	host, device := porttest.Pipe()
	buf := make([]byte, 16)

	host.Write([]byte("1 hello\n"))
	if n, err := device.Read(buf); err != nil || string(buf[:n]) != "1 hello\n" {
		t.Errorf("device read %q, %v", buf[:n], err)
	}
	host.SetReadTimeout(0)
	if n, err := host.Read(buf); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nothing to read: %d, %v", n, err)
	}
	host.SetReadTimeout(time.Millisecond)
	if n, err := host.Read(buf); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nothing to read in a millisecond: %d, %v", n, err)
	}

	device.Write([]byte("last"))
	device.Unplug()
	if n, err := host.Read(buf); err != nil || string(buf[:n]) != "last" {
		t.Errorf("before the plug went: %q, %v", buf[:n], err)
	}
	for range 2 {
		if _, err := host.Read(buf); !errors.Is(err, porttest.ErrUnplugged) {
			t.Errorf("unplugged: %v", err)
		}
		if _, err := host.Write(buf); !errors.Is(err, porttest.ErrUnplugged) {
			t.Errorf("unplugged: %v", err)
		}
	}
}

func TestMoves(t *testing.T) {
	host, device := porttest.Pipe()
	var heard []string
	device.OnMove(func(move string) { heard = append(heard, move) })
	host.SetBaud(74880)
	host.SetDTR(false)
	host.SetRTS(true)
	want := []string{"baud 74880", "DTR false", "RTS true"}
	if got := host.Moves(); !slices.Equal(got, want) || !slices.Equal(heard, want) {
		t.Errorf("moves %q, heard %q", got, heard)
	}
}
