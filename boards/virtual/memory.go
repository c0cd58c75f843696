package virtual

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards"
)

// Port connects to the board in memory and powers it. The board runs while
// somebody is in Read, and at no other time: virtual time is the only time.
// Where the chip idles, it jumps to the next timer, to the end of the read
// timeout, or, with neither, waits for the host's next action.
//
// A board that has been silent for long, without the host doing anything,
// falls into step with the wall clock, so that a goroutine that reads for
// ever does not compute for ever.
func (b *Board) Port() (boards.Port, error) {
	if err := b.assemble(true); err != nil {
		return nil, err
	}
	b.PowerOn()
	return &memoryPort{b: b, timeout: -1}, nil
}

// freeRun is how much virtual time a silent board may jump over.
const freeRun = time.Minute

// memoryPort is a [boards.Port] in whose Read the board runs.
type memoryPort struct {
	b       *Board
	reading sync.Mutex // one Read at a time

	mu      sync.Mutex
	timeout time.Duration
	err     error // once closed
}

func (p *memoryPort) Read(buf []byte) (int, error) {
	p.reading.Lock()
	defer p.reading.Unlock()
	b := p.b
	b.mu.Lock()
	defer b.mu.Unlock()
	p.mu.Lock()
	timeout := p.timeout
	p.mu.Unlock()
	var now time.Duration
	deadline := b.chip.Now() + timeout
	for {
		if err := p.gone(); err != nil {
			return 0, err
		}
		if !b.inbox.empty() {
			b.board.quiet = b.chip.Now()
		}
		b.admit()
		if len(b.out) == 0 && len(buf) > 0 && b.err == nil {
			began := b.chip.Now()
			m := b.step()
			now = b.chip.Now()
			expired := timeout >= 0 && now >= deadline
			switch {
			case len(b.out) > 0:
			case expired:
				return 0, os.ErrDeadlineExceeded
			case m == idle && b.err == nil:
				p.rest(timeout >= 0, deadline)
			case m == polling && now-b.board.quiet > freeRun:
				p.await(time.After(now - began))
			}
		}
		if len(b.out) > 0 || len(buf) == 0 {
			n := copy(buf, b.out)
			b.out = b.out[n:]
			b.board.quiet = b.chip.Now()
			return n, nil
		}
		if b.err != nil {
			return 0, b.err
		}
	}
}

// rest passes the time of an idle chip. Callers hold the board's mu.
func (p *memoryPort) rest(bounded bool, deadline time.Duration) {
	b := p.b
	if b.mail() { // it was waiting for this moment
		return
	}
	now := b.chip.Now()
	at, ok := b.nextEvent()
	if bounded && (!ok || at > deadline) {
		at, ok = deadline, true
	}
	switch {
	case !ok:
		p.await(nil)
		return
	case at-b.board.quiet > freeRun:
		timer := time.NewTimer(at - now)
		defer timer.Stop()
		start := time.Now()
		p.await(timer.C)
		at = min(at, now+time.Since(start))
	}
	b.pass(at - now)
}

// await waits for the host, or the timer. It lets go of the board meanwhile.
func (p *memoryPort) await(timer <-chan time.Time) {
	p.b.mu.Unlock()
	defer p.b.mu.Lock()
	select {
	case <-p.b.inbox.wake:
	case <-timer:
	}
}

// gone returns the error of a port that is no more. What a halted board sent
// before can still be read.
func (p *memoryPort) gone() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil && p.b.inbox.isShut() {
		p.err = ErrClosed
	}
	return p.err
}

func (p *memoryPort) put(what string, e event) error {
	err := p.gone()
	if err == nil {
		select {
		case <-p.b.halted:
			err = p.b.Err()
		default:
			if !p.b.inbox.put(e) {
				err = ErrClosed
			}
		}
	}
	if err != nil {
		return fmt.Errorf("virtual: %s: %w", what, err)
	}
	return nil
}

func (p *memoryPort) Write(buf []byte) (int, error) {
	if len(buf) == 0 {
		return 0, nil
	}
	if err := p.put("write", event{kind: hostBytes, data: append([]byte(nil), buf...)}); err != nil {
		return 0, err
	}
	return len(buf), nil
}

func (p *memoryPort) SetBaud(baud int) error {
	if baud <= 0 {
		return fmt.Errorf("virtual: set speed: %d baud", baud)
	}
	return p.put("set speed", event{kind: hostBaud, baud: baud})
}

func (p *memoryPort) SetDTR(asserted bool) error {
	return p.put("set DTR", event{kind: dtrLine, dtr: asserted})
}

func (p *memoryPort) SetRTS(asserted bool) error {
	return p.put("set RTS", event{kind: rtsLine, rts: asserted})
}

// SetLines sets both lines at once.
func (p *memoryPort) SetLines(dtr, rts bool) error {
	return p.put("set lines", event{kind: bothLines, dtr: dtr, rts: rts})
}

func (p *memoryPort) SetReadTimeout(d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timeout = d
	return p.err
}

// Close disconnects the host. The board stays as it is, without anybody to
// run it.
func (p *memoryPort) Close() error {
	p.mu.Lock()
	p.err = fmt.Errorf("%w: port", os.ErrClosed)
	p.mu.Unlock()
	p.b.inbox.poke()
	return nil
}
