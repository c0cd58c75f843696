package virtual

import (
	"errors"
	"fmt"
	"time"
)

// Pace says what time bytes on the wire take.
type Pace int

const (
	// NoPace is none. All else on the board takes its time, which passes as
	// fast as this machine can make it.
	NoPace Pace = iota
	// RealPace is ten bits each at the UART's speed, both ways, and a board
	// that runs by itself never gets ahead of the wall clock.
	RealPace
)

// ErrPace is returned for a name of no pace.
var ErrPace = errors.New("virtual: no such pace")

var paces = [...]string{NoPace: "none", RealPace: "real"}

func (p Pace) String() string { return paces[p] }

// ParsePace reads "none" or "real".
func ParsePace(name string) (Pace, error) {
	for p, s := range paces {
		if s == name {
			return Pace(p), nil
		}
	}
	return NoPace, fmt.Errorf("%w: %q is neither %q nor %q", ErrPace, name, NoPace, RealPace)
}

// pacer is the wall clock as a board's virtual time: what may have happened by
// now. A nil one leaves the board to itself.
type pacer struct {
	wall    time.Time
	virtual time.Duration // at wall
	flight  []flying
}

// flying is a byte that has been sent and, by the wall clock, is still on the
// wire.
type flying struct {
	b  byte
	at time.Duration
}

// slack is how far a board may fall behind the wall clock before it gives up
// the time that it has lost, instead of running to catch up.
const slack = 100 * time.Millisecond

// now is the virtual time that the wall clock allows, on a board that is at
// virtual time v.
func (p *pacer) now(v time.Duration) time.Duration {
	now := p.virtual + time.Since(p.wall)
	if now-v > slack {
		p.virtual -= now - v - slack
		now = v + slack
	}
	return now
}

// deliver lets the host hear c, whose last bit leaves the chip at that time.
func (b *Board) deliver(c byte, at time.Duration) {
	if b.pacer == nil {
		b.out = append(b.out, c)
		return
	}
	b.pacer.flight = append(b.pacer.flight, flying{c, at})
}

// land moves to the host what has arrived by now, and returns when the next
// byte does.
func (p *pacer) land(b *Board, now time.Duration) (next time.Duration, ok bool) {
	n := 0
	for n < len(p.flight) && p.flight[n].at <= now {
		b.out = append(b.out, p.flight[n].b)
		n++
	}
	if p.flight = p.flight[n:]; len(p.flight) == 0 {
		p.flight = nil
		return 0, false
	}
	return p.flight[0].at, true
}

// runPaced is run for a board that keeps pace with the wall clock.
func (b *Board) runPaced(c cable) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		b.mu.Lock()
		wait, bounded := b.keepPace()
		c.send(b.out)
		b.out = b.out[:0]
		over := b.err != nil
		b.mu.Unlock()
		switch {
		case b.inbox.isShut():
			c.finish(0)
			return
		case over:
			c.finish(lastWords)
			return
		case !bounded || wait > 0:
			b.await(timer, wait, bounded)
		}
	}
}

// keepPace lets the board do what is due by now, and returns in how long there
// is more to do, if that is known. Callers hold mu.
func (b *Board) keepPace() (wait time.Duration, bounded bool) {
	now := b.pacer.now(b.chip.Now())
	b.admit()
	at, bounded := b.chip.Now(), true
	if at <= now {
		at, bounded = b.catchUp(now)
	}
	seen := now
	if b.err != nil {
		seen = b.chip.Now() // it will say no more
	}
	if next, ok := b.pacer.land(b, seen); ok && (!bounded || next < at) {
		at, bounded = next, true
	}
	return at - now, bounded
}

// catchUp lets the board work for a slice, or idle up to its next event or to
// now. It returns when there is more to do, if that is known.
func (b *Board) catchUp(now time.Duration) (at time.Duration, bounded bool) {
	if m := b.step(); m != idle || b.mail() || b.err != nil {
		return b.chip.Now(), true
	}
	v := b.chip.Now()
	at, bounded = b.nextEvent()
	if bounded && at+tick <= now {
		b.pass(at - v)
		return b.chip.Now(), true
	}
	if idle := now - tick - v; idle > 0 {
		b.pass(idle)
	}
	return at + tick, bounded
}

// tick is what pass may go too far, and goes at least.
const tick = time.Microsecond
