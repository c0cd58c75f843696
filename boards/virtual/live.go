package virtual

import (
	"fmt"
	"time"
)

// OpenPTY connects the board to a new pseudo terminal, powers it and runs it
// until Close. The path is the one a host opens as its serial port. A pseudo
// terminal has no modem lines: those are the board's own methods.
//
// When the board halts, the terminal hangs up.
func (b *Board) OpenPTY() (path string, err error) {
	if err := b.assemble(false); err != nil {
		return "", err
	}
	t, err := openTerminal()
	if err != nil {
		return "", fmt.Errorf("virtual: open a pseudo terminal: %w", err)
	}
	b.work.Go(func() { t.listen(&b.inbox) })
	b.work.Go(t.speak)
	b.start(t)
	return t.path, nil
}

// start powers the board and has it run by itself.
func (b *Board) start(c cable) {
	b.mu.Lock()
	b.live = c
	if b.cfg.Pace == RealPace {
		b.pacer = &pacer{wall: time.Now()}
	}
	b.mu.Unlock()
	b.work.Go(func() { b.run(c) })
	b.PowerOn()
}

// lastWords is how long a halted board waits for a host that does not read.
const lastWords = time.Second

// run is the life of a board at the end of a cable.
func (b *Board) run(c cable) {
	if b.cfg.Pace == RealPace {
		b.runPaced(c)
		return
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		b.mu.Lock()
		began := time.Now()
		b.admit()
		before := b.chip.Now()
		m := b.step()
		c.send(b.out)
		b.out = b.out[:0]
		over := b.err != nil
		now := b.chip.Now()
		at, ok := b.nextEvent()
		waiting := b.mail()
		haste := b.haste - now
		b.mu.Unlock()
		switch {
		case b.inbox.isShut():
			c.finish(0)
			return
		case over:
			c.finish(lastWords)
			return
		case m == busy || m == idle && waiting:
			continue
		case m == crashed || m == polling: // it may not leave the wall clock behind
			b.await(timer, now-before-time.Since(began), true)
			continue
		}
		var passed time.Duration
		if ok && haste > 0 {
			passed = min(at-now, haste)
		} else {
			passed = b.await(timer, at-now, ok)
		}
		b.mu.Lock()
		b.pass(passed)
		b.mu.Unlock()
	}
}

// await waits for the host, and for d if that is bounded. It returns how long
// it was, at most d.
func (b *Board) await(timer *time.Timer, d time.Duration, bounded bool) time.Duration {
	var alarm <-chan time.Time
	if bounded {
		timer.Reset(d)
		alarm = timer.C
	}
	start := time.Now()
	select {
	case <-b.inbox.wake:
	case <-alarm:
	}
	passed := time.Since(start)
	if bounded {
		passed = min(passed, d)
	}
	return passed
}

// Hurry lets a board that runs by itself pass the next d of its time as fast as
// this machine can, though it only waits: who knows that nothing will come
// meanwhile need not wait for it either. A board that keeps pace does not hurry.
func (b *Board) Hurry(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.chip == nil || b.cfg.Pace == RealPace {
		return
	}
	b.haste = b.chip.Now() + d
	b.inbox.poke()
}

// pass lets virtual time pass on an idle board: always some, or a timer that
// is due just now would never come. Callers hold mu.
func (b *Board) pass(d time.Duration) { b.chip.Advance(max(d, time.Microsecond)) }
