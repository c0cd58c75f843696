package virtual

import (
	"testing"
	"time"
)

// A host that sends without end, to a program that does not listen, takes up no
// more memory than a little, and can still reset the board.
func TestBacklog(t *testing.T) {
	b, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := b.Port() // blank flash: the ROM hangs and hears nothing
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(time.Millisecond); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100_000)
	for range 100 {
		if n, err := p.Write(buf); n != len(buf) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if n := b.inbox.bytes; n > backlog {
		t.Errorf("%d bytes are kept before anybody runs the board", n)
	}
	for range 50 {
		for range 5 {
			if _, err := p.Write(buf); err != nil {
				t.Fatal(err)
			}
		}
		p.Read(buf)
		if n, m := b.inbox.bytes, b.chip.UART0.Queued(); n > backlog || m > backlog {
			t.Fatalf("%d bytes in the inbox, and %d on the wire", n, m)
		}
	}
	before := b.Stats().Resets
	p.SetRTS(true)
	p.SetRTS(false)
	for range 100 {
		p.Read(buf)
	}
	if n := b.Stats().Resets - before; n != 1 {
		t.Errorf("%d resets", n)
	}
}
