package mutants_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/suites/mutants"
	"github.com/espalier-hil/espalier/vectors"
)

// engine returns the live engine over a backend, with every hook.
func (b *bench) engine(all *vectors.Suite, strict bool) *live.Engine {
	b.Helper()
	target := live.Served(b.server)
	target.Strict, target.Patience = strict, 20*time.Second
	e, err := live.New(all, target, 1)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// The live engine kills each fault of the list by a test that cites the
// requirement that it breaks, in the profile that must find it; and the same
// tests pass without the fault. Those that survive are named with the reason:
// any other survivor is red.
func TestMutantBackendsAreKilledLive(t *testing.T) {
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	backend := program(t, "backend")
	t.Run("no fault", func(t *testing.T) {
		for profile, strict := range map[string]bool{"core": false, "strict": true} {
			e := start(t, backend).engine(all, strict)
			for _, id := range slices.Compact(slices.Sorted(maps.Values(kills))) {
				if res := e.Run(t.Context(), id); res.Verdict != live.Pass {
					t.Errorf("%s: %s: %s: %s", profile, id, res.Verdict, res.Why)
				}
			}
		}
	})
	killed := 0
	for _, f := range mutants.Faults {
		id, listed := kills[f.Name]
		why, survives := survivors[f.Name]
		switch {
		case listed == survives:
			t.Errorf("%s is to be killed or to survive: by %q, for %q", f.Name, id, why)
			continue
		case survives:
			t.Logf("%s (%s) survives: %s", f.Name, f.Req, why)
			continue
		}
		killed++
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			res := start(t, backend, "--fault", f.Name).engine(all, f.Profile != "core").Run(t.Context(), id)
			record := evidence.Result{Verdict: res.Verdict, Reqs: res.Reqs, Broke: res.Broke}
			if blamed := record.Blames(); !slices.Contains(blamed, f.Req) {
				t.Errorf("%s says %s against %q: %s; want it to kill what breaks %s", id, res.Verdict, blamed, res.Why, f.Req)
			}
			t.Logf("%s by %s: %s", res.Verdict, id, res.Why)
		})
	}
	t.Logf("%d of %d are killed", killed, len(mutants.Faults))
	for name := range kills {
		if !slices.ContainsFunc(mutants.Faults, func(f mutants.Fault) bool { return f.Name == name }) {
			t.Errorf("%s is killed, and is no fault", name)
		}
	}
}

// Backends that are right fail no test of what their profiles demand.
func TestRightsPassLive(t *testing.T) {
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	reg, err := vectors.Requirements()
	if err != nil {
		t.Fatal(err)
	}
	right := program(t, "right")
	for _, r := range mutants.Rights {
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			demanded := func(c *vectors.Case) bool {
				ends := slices.Contains(c.Features, "hook.restart") || slices.Contains(c.Features, "hook.kill")
				if ends && !slices.Contains(r.Profiles, "durable") {
					return false
				}
				if slices.Contains(c.Reqs, "REQ-RSP-003") && !slices.Contains(r.Profiles, "strict") {
					return false // it compares rejections, which differ as they like in core
				}
				return slices.ContainsFunc(c.Reqs, func(id string) bool {
					return slices.ContainsFunc(r.Profiles, func(p string) bool { return reg[id].Levels[p] == "MUST" })
				})
			}
			e := start(t, right, "--kind", r.Name).engine(all, slices.Contains(r.Profiles, "strict"))
			verdicts := map[live.Verdict]int{}
			for _, file := range all.Files {
				for _, g := range file.Groups {
					for _, test := range g.Tests {
						if !demanded(test.Common()) {
							continue
						}
						res := e.Run(t.Context(), test.Common().ID)
						verdicts[res.Verdict]++
						if !slices.Contains([]live.Verdict{live.Pass, live.Limit, live.NotRun, live.Inconclusive}, res.Verdict) {
							t.Errorf("%s: %s: %s", res.ID, res.Verdict, res.Why)
						}
					}
				}
			}
			t.Log(verdicts)
		})
	}
}
