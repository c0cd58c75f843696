package conform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// The phases of a run. What a device may not come back from is last.
const (
	harmless = iota
	patient  // waits for the backend's own timeouts; all at once
	ending   // restarts or kills the backend
	lockout  // may lock a device out
	deep     // may end a backend that reads by recursion, and nobody may start it again
	lastOnes // leaves a device with few numbers, or none
)

// Step is a test of the plan.
type Step struct {
	vectors.Case
	Risk live.Risk // what it may do to a device
	Why  string    // it is one

	phase int
	next  uint64 // of the device for which it is made
}

// plan returns the tests that are selected and of which a profile speaks, in
// the order in which they are run: in that of the phases, and within the last
// one such that those which a right backend refuses do not use up the numbers of
// others.
func (c *course) plan() []Step {
	var plan []Step
	for g, t := range vectors.Of[vectors.Test](c.suite) {
		if g.Type != "KdfTest" && g.Type != "DeviceTest" { // nothing that a backend could be asked
			plan = append(plan, c.step(*t.Common()))
		}
	}
	for _, t := range live.Natives() {
		plan = append(plan, c.step(t))
	}
	plan = slices.DeleteFunc(plan, func(s Step) bool { return !c.selected(s.ID) || !c.spoken(s.Reqs) })
	slices.SortStableFunc(plan, func(a, b Step) int {
		if a.phase != b.phase {
			return a.phase - b.phase
		}
		if a.phase == lastOnes {
			return cmp.Or(cmp.Compare(a.next, b.next), cmp.Compare(rank(a.Result), rank(b.Result)))
		}
		return 0
	})
	return plan
}

// rank puts what is refused before what is accepted.
func rank(r vectors.Result) int {
	return slices.Index([]vectors.Result{vectors.Invalid, vectors.Acceptable, vectors.Valid}, r)
}

// step finds out in which phase a test is run.
func (c *course) step(t vectors.Case) Step {
	s := Step{Case: t}
	s.Risk, s.Why, s.next = c.engine.Risk(t.ID)
	switch {
	case s.Risk == live.Ends:
		s.phase = lastOnes
	case s.Risk == live.Lockout:
		s.phase = lockout
	case strings.Contains(t.ID, "/depth-"):
		s.phase = deep
	case slices.Contains(t.Features, "hook.restart"), slices.Contains(t.Features, "hook.kill"):
		s.phase = ending
	case slices.Contains(t.Features, "patience"):
		s.phase = patient
	}
	return s
}

// Steps returns the tests that the options select, in the order in which they
// would be run. Nothing is sent.
func Steps(suite *vectors.Suite, o Options) ([]Step, error) {
	engine, err := live.New(suite, o.Target, o.Seed)
	if err != nil {
		return nil, err
	}
	c := &course{suite: suite, options: o, engine: engine}
	return c.plan(), nil
}
