package soc_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// A connection cannot be kept; what is set before it can.
func TestSnapshotOfLink(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	b := newBench(t, soc.Config{Dial: func(context.Context, string, string) (net.Conn, error) { return near, nil }})
	b.set(soc.LinkBase+0x1c, 80)
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	b.set(soc.LinkBase+0x04, 1)
	b.set(soc.LinkBase+0x1c, 81)
	if _, err := b.Snapshot(); !errors.Is(err, soc.ErrConnected) {
		t.Errorf("with a connection: %v", err)
	}
	if err := b.Restore(s); err != nil {
		t.Fatal(err)
	}
	b.want("the port is back", soc.LinkBase+0x1c, 80)
	if _, err := b.Snapshot(); err != nil {
		t.Errorf("the connection is still there: %v", err)
	}
}

func TestUnits(t *testing.T) {
	for u, want := range map[soc.Unit]string{soc.Instructions: "instruction", soc.Bytes: "byte", soc.Pulses: "pulse", 7: "unit(7)"} {
		if u.String() != want {
			t.Errorf("%v, want %s", u, want)
		}
	}
}
