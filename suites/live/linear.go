package live

import (
	"cmp"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// Outcome is what came of one message of a burst.
type Outcome = evidence.Outcome

// The outcomes.
const (
	Accepted   = evidence.Accepted
	Refused    = evidence.Refused
	Unanswered = evidence.Unanswered
)

// Op is one message of a burst, and when it was under way.
type Op struct {
	Device   string
	SEQN     uint64
	Outcome  Outcome
	Called   time.Time // before its last byte was written
	Returned time.Time // after its answer was read
}

// Explained reports whether some order of one device's messages, one after the
// other and each between its call and its return, gives just these outcomes,
// where next was next before: whether they are linearizable. All of them must
// have been answered.
//
// In general that takes a search. Here next only ever rises, which leaves one
// order for what was accepted, that of the numbers. What was refused must come
// after the first of them that is not below it, so that its return bounds when
// that one happened at the latest. If each of them, as early as it can, is in
// time, there is an order; and if not, there is none.
func Explained(next uint64, ops []Op) bool {
	var accepted []Op
	for _, op := range ops {
		if op.Outcome == Accepted {
			accepted = append(accepted, op)
		}
	}
	slices.SortFunc(accepted, func(a, b Op) int { return cmp.Compare(a.SEQN, b.SEQN) })
	latest := make([]time.Time, len(accepted))
	lowest := next
	for i, op := range accepted {
		if op.SEQN < lowest || op.SEQN > last {
			return false
		}
		lowest = op.SEQN + 1
		latest[i] = op.Returned
	}
	for _, op := range ops {
		if op.Outcome != Refused || op.SEQN < next || op.SEQN > last {
			continue
		}
		i, _ := slices.BinarySearchFunc(accepted, op.SEQN, func(a Op, n uint64) int { return cmp.Compare(a.SEQN, n) })
		if i == len(accepted) {
			return false // nothing closed the way for it
		}
		if op.Returned.Before(latest[i]) {
			latest[i] = op.Returned
		}
	}
	var at time.Time
	for i, op := range accepted {
		if op.Called.After(at) {
			at = op.Called
		}
		if at.After(latest[i]) {
			return false
		}
	}
	return true
}
