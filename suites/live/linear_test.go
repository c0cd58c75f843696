package live_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/live"
)

// op is a message that was under way from one instant to another.
func op(seqn uint64, o live.Outcome, from, to int) live.Op {
	return live.Op{SEQN: seqn, Outcome: o, Called: time.Unix(int64(from), 0), Returned: time.Unix(int64(to), 0)}
}

func TestExplained(t *testing.T) {
	const yes, no = live.Accepted, live.Refused
	for _, tt := range []struct {
		name string
		ops  []live.Op
		want bool
	}{
		{"nothing", nil, true},
		{"one of two copies", []live.Op{op(5, yes, 0, 9), op(5, no, 0, 9)}, true},
		{"both copies", []live.Op{op(5, yes, 0, 9), op(5, yes, 0, 9)}, false},
		{"none of two copies", []live.Op{op(5, no, 0, 9), op(5, no, 0, 9)}, false},
		{"an old number", []live.Op{op(4, yes, 0, 9)}, false},
		{"an old number, refused", []live.Op{op(4, no, 0, 9)}, true},
		{"a jump closes the gap", []live.Op{op(9, yes, 0, 9), op(6, no, 0, 9), op(5, no, 0, 9)}, true},
		{"a lower number after a higher one had returned", []live.Op{op(9, yes, 0, 3), op(6, yes, 4, 9)}, false},
		{"a lower number beside a higher one", []live.Op{op(9, yes, 0, 5), op(6, yes, 4, 9)}, true},
		{"refused before what closed the way was sent", []live.Op{op(9, yes, 5, 9), op(6, no, 0, 4)}, false},
		{"refused beside what closed the way", []live.Op{op(9, yes, 3, 9), op(6, no, 0, 4)}, true},
		{"refused by one that had to wait for another", []live.Op{op(5, yes, 6, 9), op(7, yes, 0, 9), op(7, no, 0, 3)}, false},
	} {
		if got := live.Explained(5, tt.ops); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// On small bursts, the answer is that of trying every order.
func TestExplainedAgainstSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	counts := map[bool]int{}
	for range 20000 {
		var ops []live.Op
		for range 1 + rng.IntN(5) {
			from := rng.IntN(6)
			o := live.Accepted
			if rng.IntN(2) == 0 {
				o = live.Refused
			}
			ops = append(ops, op(uint64(4+rng.IntN(5)), o, from, from+rng.IntN(5)))
		}
		got := live.Explained(5, ops)
		if want := search(5, ops); got != want {
			t.Fatalf("%v: %t, every order says %t", ops, got, want)
		}
		counts[got]++
	}
	if counts[true] < 500 || counts[false] < 500 {
		t.Errorf("one-sided: %v", counts)
	}
}

// search tries every order that respects calls and returns.
func search(next uint64, ops []live.Op) bool {
	if len(ops) == 0 {
		return true
	}
	for i, op := range ops {
		rest := append(append([]live.Op(nil), ops[:i]...), ops[i+1:]...)
		first := true // nothing else had returned before op was called
		for _, other := range rest {
			first = first && !other.Returned.Before(op.Called)
		}
		if fits := op.SEQN >= next; !first || fits != (op.Outcome == live.Accepted) {
			continue
		}
		after := next
		if op.Outcome == live.Accepted {
			after = op.SEQN + 1
		}
		if search(after, rest) {
			return true
		}
	}
	return false
}
