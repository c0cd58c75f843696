package rom

import (
	"context"
	"fmt"
	"time"
)

// Hold times that suit the boards in the field, whose reset pin carries a
// capacitor. A virtual board needs none.
const (
	Hold   = 100 * time.Millisecond // how long reset is held
	Settle = 50 * time.Millisecond  // how long GPIO0 stays low after it
)

// Lines are the modem lines of a port. On the usual two-transistor circuit a
// true line is asserted, and
//
//	DTR  RTS  chip
//	 F    F   runs
//	 T    T   runs
//	 F    T   is held in reset
//	 T    F   runs, GPIO0 low: enters the loader if this is how it leaves reset
//
// A port that can move both lines in one step also has
//
//	SetLines(dtr, rts bool) error
type Lines interface {
	SetDTR(asserted bool) error
	SetRTS(asserted bool) error
}

// Step is one state of the two lines and how long it is held.
type Step struct {
	DTR, RTS bool
	Hold     time.Duration
}

// Sequence is an order of line states that resets a board.
type Sequence struct {
	Steps []Step

	// Together moves both lines of a step at once, if the port can. DTR
	// goes first otherwise, as in esptool; between the two the chip leaves
	// reset for a moment, which the board's capacitor swallows.
	Together bool
}

// Classic resets into the loader, one line at a time.
func Classic(hold, settle time.Duration) Sequence {
	return Sequence{Steps: []Step{
		{DTR: false, RTS: true, Hold: hold},
		{DTR: true, RTS: false, Hold: settle},
		{DTR: false, RTS: false},
	}}
}

// Tight resets into the loader with both lines moving at once, for boards and
// USB bridges on which Classic lets the chip slip away.
func Tight(hold, settle time.Duration) Sequence {
	return Sequence{Together: true, Steps: []Step{
		{DTR: false, RTS: false},
		{DTR: true, RTS: true},
		{DTR: false, RTS: true, Hold: hold},
		{DTR: true, RTS: false, Hold: settle},
		{DTR: false, RTS: false},
	}}
}

// Hard resets into the program in flash. GPIO0 is high all the while, and the
// straps are sampled anew, which no reset by software does.
func Hard(hold time.Duration) Sequence {
	return Sequence{Steps: []Step{
		{DTR: false, RTS: true, Hold: hold},
		{DTR: false, RTS: false},
	}}
}

// Run moves the lines. It ends early, in whatever state the lines are, when ctx
// does.
func (s Sequence) Run(ctx context.Context, l Lines) error {
	for i, step := range s.Steps {
		if err := s.set(l, step); err != nil {
			return fmt.Errorf("rom: reset, step %d of %d: %w", i+1, len(s.Steps), err)
		}
		if err := wait(ctx, step.Hold); err != nil {
			return fmt.Errorf("rom: reset, step %d of %d: %w", i+1, len(s.Steps), err)
		}
	}
	return nil
}

func (s Sequence) set(l Lines, step Step) error {
	if both, ok := l.(interface{ SetLines(dtr, rts bool) error }); ok && s.Together {
		return both.SetLines(step.DTR, step.RTS)
	}
	if err := l.SetDTR(step.DTR); err != nil {
		return err
	}
	return l.SetRTS(step.RTS)
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
