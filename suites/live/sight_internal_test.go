package live

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

func aimless() *run {
	return &run{Engine: &Engine{target: Target{Timeout: 10 * time.Second}}, result: &Result{}, rng: rand.New(rand.NewPCG(1, 2))}
}

// On the machine that this runs on, the engine sees the windows that it says it
// sees, and none where there is none.
func TestSight(t *testing.T) {
	r := aimless()
	for name, measure := range map[string]func() (*sight, error){
		"bursts":        func() (*sight, error) { return r.sight(t.Context()) },
		"neck and neck": func() (*sight, error) { return r.neckSight(t.Context()) },
	} {
		began := time.Now()
		s, err := measure()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s, in %s: %v", name, time.Since(began), s)
		if s.windows[0].seen > 0 {
			t.Errorf("%s: a backend that is right was suspected", name)
		}
		if err := s.doubt(nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if again, _ := r.sight(t.Context()); again != r.sharp {
		t.Error("it is measured twice")
	}
}

// What the controls say decides what a finding is worth.
func TestDoubt(t *testing.T) {
	broken := against("REQ-SEQ-004", "both were accepted")
	for _, tt := range []struct {
		name        string
		right, long int
		found       error
		want        Verdict // none: what was found
	}{
		{"a sharp eye finds nothing", 0, 10, nil, ""},
		{"a sharp eye finds something", 0, 10, broken, ""},
		{"a dull eye finds nothing", 0, 4, nil, Inconclusive},
		{"a dull eye finds something", 0, 4, broken, ""},
		{"what is right is called wrong", 1, 10, broken, Inconclusive},
		{"what is right is called wrong, and the backend is not", 1, 10, nil, Inconclusive},
	} {
		s := &sight{windows: []window{{seen: tt.right, rounds: 10}, {open: time.Millisecond, seen: tt.long, rounds: 10}}}
		got := s.doubt(tt.found)
		var f *finding
		if tt.want == "" && got != tt.found || tt.want != "" && (!errors.As(got, &f) || f.verdict != tt.want) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	for limit, seen := range map[time.Duration][]int{0: {0, 10, 10, 9}, time.Second: {0, 0, 9, 10}, 2: {0, 0, 10, 10}} {
		s := &sight{}
		for i, n := range seen {
			s.windows = append(s.windows, window{open: []time.Duration{0, 1, 2, time.Second}[i], seen: n, rounds: 10})
		}
		if got := s.limit(); got != limit {
			t.Errorf("%v: the limit is %s, want %s", seen, got, limit)
		}
	}
}
