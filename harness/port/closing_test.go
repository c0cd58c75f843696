package port_test

import (
	"errors"
	"os"
	"testing"

	"github.com/espalier-hil/espalier/boards"
)

// closes closes a port that somebody reads from, to whom say sends a byte from
// the far end. The reader is told at once, and so is whoever uses the port later.
func closes(t *testing.T, p boards.Port, say func([]byte) (int, error)) {
	t.Helper()
	entered, left := make(chan bool), make(chan error)
	go func() {
		buf := make([]byte, 1)
		p.Read(buf)
		close(entered)
		_, err := p.Read(buf)
		left <- err
	}()
	if _, err := say([]byte("x")); err != nil {
		t.Fatal(err)
	}
	<-entered
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-left; !errors.Is(err, os.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("who was reading is told %v", err)
	}
	_, write := p.Write([]byte("x"))
	for what, err := range map[string]error{
		"write": write, "speed": p.SetBaud(9600), "RTS": p.SetRTS(true), "lines": p.(lines).SetLines(true, true),
	} {
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}
