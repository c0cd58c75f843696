package seqn_test

import (
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// step is one call of Accept, and what the window is afterwards.
type step struct {
	n       uint64
	want    error
	next    uint64
	missing uint64
}

func walk(t *testing.T, w seqn.Window, steps []step) {
	t.Helper()
	accepted := w.Accepted
	for i, tt := range steps {
		if err := w.Accept(tt.n); !errors.Is(err, tt.want) {
			t.Errorf("step %d: Accept(%d) = %v, want %v", i+1, tt.n, err, tt.want)
		}
		if tt.want == nil {
			accepted++
		}
		if w.Next != tt.next || w.Missing != tt.missing || w.Accepted != accepted {
			t.Errorf("step %d: after %d, next %d, missing %d, accepted %d; want %d, %d, %d",
				i+1, tt.n, w.Next, w.Missing, w.Accepted, tt.next, tt.missing, accepted)
		}
	}
}

func TestAccept(t *testing.T) {
	walk(t, seqn.Window{}, []step{
		{0, nil, 1, 0},
		{0, seqn.ErrReplayed, 1, 0},
		{1, nil, 2, 0},
		{1, seqn.ErrReplayed, 2, 0},
		{0, seqn.ErrReplayed, 2, 0},
		{3, nil, 4, 1},              // 2 is missing
		{2, seqn.ErrReplayed, 4, 1}, // late, not new
		{4, nil, 5, 1},
		{5 + 1<<20, nil, 6 + 1<<20, 1 + 1<<20}, // as far as every backend must allow,
	})
}

func TestFirstMessageCountsNoneMissing(t *testing.T) {
	walk(t, seqn.Window{Next: 100}, []step{
		{99, seqn.ErrReplayed, 100, 0},
		{121, nil, 122, 0},
		{123, nil, 124, 1},
	})
}

func TestRange(t *testing.T) {
	walk(t, seqn.Window{Next: seqn.Max - 1, Accepted: 1}, []step{
		{1<<64 - 1, seqn.ErrRange, seqn.Max - 1, 0},
		{seqn.Max + 1, seqn.ErrRange, seqn.Max - 1, 0},
		{seqn.Max, nil, seqn.Max + 1, 1},
		{seqn.Max, seqn.ErrReplayed, seqn.Max + 1, 1}, // exhausted: nothing fits any more
		{seqn.Max + 1, seqn.ErrRange, seqn.Max + 1, 1},
		{0, seqn.ErrReplayed, seqn.Max + 1, 1},
	})
}

func TestMaxGap(t *testing.T) {
	walk(t, seqn.Window{MaxGap: 4}, []step{
		{5, seqn.ErrGap, 0, 0}, // the bound holds for the first message too
		{4, nil, 5, 0},
		{5, nil, 6, 0},
		{10, nil, 11, 4},             // 6..9 missing: exactly MaxGap
		{9, seqn.ErrReplayed, 11, 4}, // late, not new
		{16, seqn.ErrGap, 11, 4},     // 11..15 missing: one too many
		{11, nil, 12, 4},             // a refused gap leaves the window alone
		{seqn.Max, seqn.ErrGap, 12, 4},
	})
}
