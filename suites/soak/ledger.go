package soak

import (
	"context"
	"fmt"
)

// ledger holds all that the device has sent against what must hold.
type ledger struct {
	sent   map[uint64]Passed
	last   uint64 // the highest number that was seen
	any    bool
	breaks int    // since that number
	from   uint64 // below it, what is stored was looked at
	stored map[uint64]bool
	known  map[uint64]string // outcome by number, where the device gave one
}

func newLedger() *ledger {
	return &ledger{sent: map[uint64]Passed{}, stored: map[uint64]bool{}, known: map[uint64]string{}}
}

func broken(req, format string, args ...any) error {
	return &Failure{Req: req, Why: fmt.Sprintf(format, args...)}
}

// take takes in what came of a step.
func (l *ledger) take(ctx context.Context, b Bench, r Report) error {
	l.breaks += r.Breaks
	passed, err := b.Passed()
	if err != nil {
		return err
	}
	for _, p := range passed {
		if err := l.number(p); err != nil {
			return err
		}
	}
	switch {
	case r.Dead != "":
		return broken("REQ-DEV-002", "the board does not come back: %s", r.Dead)
	case r.Accepted:
		return broken("REQ-SEQ-001", "a message that was sent again is accepted")
	case r.Sent && !(r.Altered && r.Outcome == "presumed") && !(r.Garbled && r.Outcome == "refused"):
		l.known[r.SEQN] = r.Outcome
	}
	return l.readings(ctx, b)
}

// number holds a message against those before it.
func (l *ledger) number(p Passed) error {
	before, again := l.sent[p.SEQN]
	switch {
	case again && before.Msg == p.Msg: // tried again, or delivered twice
		return nil
	case again:
		return broken("REQ-DEV-002", "number %d is used for %s, and was used for %s", p.SEQN, p.Data, before.Data)
	case l.any && p.SEQN < l.last:
		return broken("REQ-DEV-002", "number %d is used after %d", p.SEQN, l.last)
	case l.any && p.SEQN > l.last+1+uint64(l.breaks):
		return broken("REQ-DEV-002", "number %d follows %d, and the board was interrupted %d times between", p.SEQN, l.last, l.breaks)
	}
	l.sent[p.SEQN], l.last, l.any, l.breaks = p, p.SEQN, true, 0
	return nil
}

// readings holds what is stored against what was sent, and against what the device
// was told.
func (l *ledger) readings(ctx context.Context, b Bench) error {
	list, err := b.Stored(ctx, l.from)
	if err != nil {
		return err
	}
	there := map[uint64]bool{}
	for _, s := range list {
		p, sent := l.sent[s.SEQN]
		switch {
		case !sent:
			return broken("REQ-SEQ-009", "number %d is stored, and nobody has sent it", s.SEQN)
		case there[s.SEQN]:
			return broken("REQ-SEQ-001", "number %d is stored twice", s.SEQN)
		case p.Data != s.Data:
			return broken("REQ-SEQ-009", "number %d was sent with %s, and is stored with %s", s.SEQN, p.Data, s.Data)
		}
		there[s.SEQN] = true
	}
	for n := l.from; l.any && n <= l.last; n++ {
		switch outcome := l.known[n]; {
		case (outcome == "accepted" || outcome == "presumed") && !there[n]:
			return broken("REQ-DEV-003", "number %d is %s, and not stored", n, outcome)
		case outcome == "refused" && there[n]:
			return broken("REQ-DEV-003", "number %d is refused, and stored", n)
		case l.stored[n] && !there[n]:
			return broken("REQ-SEQ-005", "number %d was stored, and is not any more", n)
		}
		if there[n] {
			l.stored[n] = true
		}
	}
	// What is older than the last numbers is looked at again now and then.
	if l.from = 0; l.last > window && len(l.sent)%window != 0 {
		l.from = l.last - window
	}
	return nil
}

// window is how many of the last numbers are looked at after each step.
const window = 64
