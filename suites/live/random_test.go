package live_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/live"
)

// On devices that cannot be made anew, which go on from where they stand, a
// fault of the third refusal still shrinks to three refusals, in words and as
// exchanges; and a device that is locked out for good is said to be.
func TestShortestHistory(t *testing.T) {
	all := suite(t)
	for _, tt := range []struct {
		name  string
		why   string
		notes int
		locks func(s *state) bool
	}{
		{"three refusals in a row", "was refused, where next is ", 5, func(s *state) bool { return s.refusals == 3 }},
		{"three refusals for good", "accepts nothing any more", 0, func(s *state) bool { return s.refusals >= 3 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBackend()
			b.fits = func(s *state, n uint64, _ string) bool { return n >= s.next && !tt.locks(s) }
			b.take = func(s *state, n uint64) { s.next, s.refusals = n+1, 0 }
			b.refused = func(s *state) { s.refusals++ }
			target := b.start(t)
			if err := target.Hooks.Provision(t.Context(), "one", "first", 1000); err != nil {
				t.Fatal(err)
			}
			target.Hooks = live.Hooks{}
			target.Devices = []live.Device{{ID: "one", Passphrase: "first", Next: 1000}}
			engine, err := live.New(all, target, 3)
			if err != nil {
				t.Fatal(err)
			}
			res := engine.Run(t.Context(), "random/one-device")
			t.Logf("%s: %s\n%s", res.Verdict, res.Why, strings.Join(res.Notes, "\n"))
			if res.Verdict != live.Fail || !strings.Contains(res.Why, tt.why) || tt.notes > 0 && len(res.Notes) != tt.notes {
				t.Errorf("%s: %s, %d notes", res.Verdict, res.Why, len(res.Notes))
			}
			// What is shown is what failed so, and ends with it.
			shown := slices.DeleteFunc(res.Exchanges, func(x live.Exchange) bool { return x.What == "recovery" })
			n := len(shown)
			if n < 4 || tt.notes > 0 && n > 6 || !strings.Contains(shown[n-1].What, "the next number") || shown[n-1].Outcome != live.Refused {
				t.Errorf("%d exchanges, the last is %+v", n, shown[n-1])
			}
		})
	}
}

// A backend that is right is never called wrong, whatever the seed.
func TestRandomNoFalseAlarm(t *testing.T) {
	all := suite(t)
	histories := 0
	for seed := range uint64(12) {
		engine, err := live.New(all, newBackend().start(t), seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"random/one-device", "random/two-devices", "random/at-once", "random/restarts"} {
			if res := engine.Run(t.Context(), id); res.Verdict != live.Pass {
				t.Fatalf("seed %d: %s: %s: %s", seed, id, res.Verdict, res.Why)
			}
		}
		histories += 12 + 8 + 8 + 4
	}
	t.Logf("%d histories", histories)
}
