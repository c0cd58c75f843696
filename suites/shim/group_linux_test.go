package shim_test

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
)

// What a shim started ends with it, even if it holds on to the shim's output.
func TestChildrenEnd(t *testing.T) {
	fifo := t.TempDir() + "/fifo"
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAULTY_CHILD_HOLDS", fifo)
	s := begin(t, ample, "has-a-child")
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() {
		_, err := s.Open(ctx, passphrase, msg)
		asked <- err
	}()
	f, err := os.Open(fifo) // waits for the child
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(f); err != nil { // until the child is gone
		t.Error(err)
	}
}
