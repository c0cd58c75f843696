package impair_test

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/impair"
	"github.com/espalier-hil/espalier/harness/wire"
)

func names(fates []impair.Fate) (all string) {
	for _, f := range fates {
		all += f.String() + "\n"
	}
	return all
}

// A plan is the same for the same seed, has every fault in it whatever the seed,
// and no message has more of them than a device has attempts.
func TestPlan(t *testing.T) {
	if one, same := impair.Plan(7, 60, nil), impair.Plan(7, 60, nil); names(one) != names(same) {
		t.Error("one seed, two plans")
	}
	if names(impair.Plan(7, 60, nil)) == names(impair.Plan(8, 60, nil)) {
		t.Error("two seeds, one plan")
	}
	for seed := range uint64(200) {
		first := map[wire.Fault]int{}
		restarts, four, halves := 0, 0, 0
		for _, fate := range impair.Plan(seed, 60, func() {}) {
			if len(fate) > impair.Attempts {
				t.Fatalf("seed %d: %v", seed, fate)
			}
			if len(fate) == impair.Attempts {
				four++
			}
			if len(fate) > 0 {
				first[fate[0].Fault]++
			}
			if len(fate) == 1 && fate[0].Fault == wire.CutReply && fate[0].Body {
				halves++
			}
			for _, m := range fate {
				if m.Flip == 0 || m.Fault == wire.None || m.Fault == wire.Forge {
					t.Fatalf("seed %d: %+v", seed, m)
				}
				if m.Fault == wire.Interrupt {
					restarts++
				}
			}
		}
		if len(first) != 14 || restarts != 2 || four == 0 || halves == 0 {
			t.Errorf("seed %d: %d faults befall first attempts, %d restarts, %d messages without an unharmed attempt, %d replies cut in their body", seed, len(first), restarts, four, halves)
		}
	}
}

// What a network cannot have is in no plan for it, and all else is.
func TestPlanWithout(t *testing.T) {
	for seed := range uint64(50) {
		seen := map[wire.Fault]bool{}
		for _, fate := range impair.Plan(seed, 60, nil, wire.Refuse) {
			for _, m := range fate {
				seen[m.Fault] = true
			}
		}
		if seen[wire.Refuse] || seen[wire.Interrupt] || len(seen) != 12 {
			t.Errorf("seed %d: %d faults come up: %v", seed, len(seen), seen)
		}
	}
}

// Each seed has a fate of its own, for one message, which is never unharmed; all
// that a network does comes up.
func TestDraw(t *testing.T) {
	seen := map[wire.Fault]bool{}
	for seed := range uint64(1000) {
		fate := impair.Draw(seed)
		if fate.String() != impair.Draw(seed).String() || len(fate) == 0 || len(fate) > impair.Attempts {
			t.Fatalf("seed %d: %v", seed, fate)
		}
		for _, m := range fate {
			seen[m.Fault] = true
		}
		for _, m := range impair.Draw(seed, wire.Refuse) {
			if m.Fault == wire.Refuse {
				t.Fatalf("seed %d: what this network cannot have", seed)
			}
		}
	}
	if len(seen) != 13 || seen[wire.Interrupt] || seen[wire.None] {
		t.Errorf("%d faults come up: %v", len(seen), seen)
	}
}

// What was planned and did not happen is noticed.
func TestCount(t *testing.T) {
	var record []wire.Exchange
	for f := wire.DropRequest; f <= wire.Interrupt; f++ {
		record = append(record, wire.Exchange{Fault: f}, wire.Exchange{Fault: f, Replay: true}, wire.Exchange{})
	}
	faults, unharmed := impair.Count(record)
	plan := impair.Plan(1, 60, func() {})
	if len(faults) != 15 || unharmed != 15 || faults["half-open"] != 1 || impair.Check(plan, faults) != nil {
		t.Errorf("%v, %d unharmed, %v", faults, unharmed, impair.Check(plan, faults))
	}
	delete(faults, "half-open")
	if impair.Check(plan, faults) == nil {
		t.Error("nobody misses half-open connections")
	}
	delete(faults, "server restarted")
	faults["half-open"] = 1
	if impair.Check(plan, faults) == nil || impair.Check(impair.Plan(1, 60, nil), faults) != nil {
		t.Error("restarts are missed where there are none to be had, or not where there are")
	}
}
