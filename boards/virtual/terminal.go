package virtual

import (
	"errors"
	"os"
	"sync"
	"time"
)

// unread is how many bytes a terminal keeps for a host that does not read;
// what comes after is lost, as it is on a wire.
const unread = 64 << 10

// terminal is the board's end of a pseudo terminal.
type terminal struct {
	path   string
	master *os.File
	slave  *os.File // held open, or the master would fail whenever no host has it

	mu      sync.Mutex
	more    sync.Cond // out or over has changed
	out     []byte
	writing bool // part of out is on its way
	over    bool // nothing more will be sent
}

// listen moves the host's bytes to the board.
func (t *terminal) listen(in *inbox) {
	buf := make([]byte, 4096)
	for {
		n, err := t.master.Read(buf)
		if n > 0 && !in.put(event{kind: hostBytes, data: append([]byte(nil), buf[:n]...)}) || err != nil {
			return
		}
	}
}

// send queues bytes for the host.
func (t *terminal) send(p []byte) {
	if len(p) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.out)+len(p) <= unread {
		t.out = append(t.out, p...)
	}
	t.more.Broadcast()
}

// speak moves the board's bytes to the host.
func (t *terminal) speak() {
	defer t.fallSilent()
	for {
		t.mu.Lock()
		t.writing = false
		t.more.Broadcast()
		for len(t.out) == 0 && !t.over {
			t.more.Wait()
		}
		p := t.out
		t.out, t.writing = nil, true
		t.mu.Unlock()
		if len(p) == 0 {
			return
		}
		if _, err := t.master.Write(p); err != nil {
			return
		}
	}
}

// fallSilent gives up what could not be said.
func (t *terminal) fallSilent() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.out, t.writing, t.over = nil, false, true
	t.more.Broadcast()
}

// finish hangs up once what was sent has left, or the host has not taken it
// for so long.
func (t *terminal) finish(patience time.Duration) {
	_ = t.master.SetWriteDeadline(time.Now().Add(patience))
	t.mu.Lock()
	t.over = true
	t.more.Broadcast()
	for len(t.out) > 0 || t.writing {
		t.more.Wait()
	}
	t.mu.Unlock()
	_ = t.hangUp()
}

func (t *terminal) hangUp() error {
	return errors.Join(t.slave.Close(), t.master.Close())
}
