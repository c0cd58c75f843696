package virtual

import (
	"math"
	"slices"
	"sync"
)

// event is something that the host does to the board.
type event struct {
	kind     kind
	data     []byte // of hostBytes
	baud     int    // of hostBaud
	dtr, rts bool   // of the lines: asserted
	on       bool   // of power
}

type kind int

const (
	hostBytes kind = iota
	hostBaud
	dtrLine
	rtsLine
	bothLines
	button
	power
)

// backlog is how many bytes the board keeps that its program has not read, in
// the inbox and again on the wire. What a host sends beyond that is lost, as all
// of it would be on a chip; no host with an ear for its board comes near it.
const backlog = 1 << 20

// inbox keeps the host's actions in order until the board attends to them.
type inbox struct {
	wake chan struct{} // holds one token when there is news

	mu     sync.Mutex
	events []event
	bytes  int // of data in events
	closed bool
}

// put adds an event and reports whether the inbox is open.
func (in *inbox) put(e event) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return false
	}
	if in.bytes+len(e.data) > backlog {
		return true
	}
	in.bytes += len(e.data)
	in.events = append(in.events, e)
	in.poke()
	return true
}

// shut closes the inbox and reports whether it was open.
func (in *inbox) shut() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	was := !in.closed
	in.closed = true
	in.poke()
	return was
}

func (in *inbox) isShut() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.closed
}

// poke wakes whoever waits for the host, now or next. What there is to see has
// to be there before.
func (in *inbox) poke() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// next removes the first event, if admit agrees to it; of bytes up to limit of
// them.
func (in *inbox) next(admit func(event) bool, limit int) (event, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.events) == 0 || !admit(in.events[0]) {
		return event{}, false
	}
	e := in.events[0]
	if len(e.data) > limit {
		in.events[0].data = e.data[limit:]
		e.data = e.data[:limit]
		in.bytes -= limit
		return e, true
	}
	in.events = in.events[1:]
	in.bytes -= len(e.data)
	return e, true
}

// all returns the events.
func (in *inbox) all() []event {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.events)
}

// set puts these events in the place of all others.
func (in *inbox) set(events []event) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.events, in.bytes = slices.Clone(events), 0
	for _, e := range events {
		in.bytes += len(e.data)
	}
	in.poke()
}

// empty reports whether there is nothing to attend to.
func (in *inbox) empty() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.events) == 0
}

// mouthful is what the receive FIFO holds, and half of the ROM's ring.
const mouthful = 128

// mail reports whether admit would have something to do for an idle board.
// Callers hold mu.
func (b *Board) mail() bool {
	return !b.inbox.empty() && b.board.supply != supplyRising
}

// admit takes the host's actions up to one that has to wait. Bytes wait until
// EN has risen, and then until the chip rests or has worked for a slice: so
// when they arrive depends on the chip alone. Callers hold mu.
//
// A ROM that is executed keeps what it receives in a ring, and does not notice
// when that is full. It gets mouthfuls, and the next when it rests again.
func (b *Board) admit() {
	s := &b.board
	limit := math.MaxInt
	if b.rom == nil {
		limit = mouthful
	}
	ready := func(e event) bool {
		return e.kind != hostBytes || limit > 0 && s.supply != supplyRising && (s.supply != supplyOn || s.rested)
	}
	offered := false
	for {
		e, ok := b.inbox.next(ready, limit)
		if !ok {
			break
		}
		s.habits = habits{}
		switch e.kind {
		case hostBytes:
			if s.supply == supplyOn { // else nobody hears them
				b.offer(e.data)
				offered = true
				limit -= len(e.data)
			}
		case hostBaud:
			s.baud = e.baud
		case dtrLine, rtsLine, bothLines:
			b.move(e)
		case button:
			s.held = true
		case power:
			b.power(e.on)
		}
	}
	if offered {
		s.rested, s.worked = false, 0
	}
}
