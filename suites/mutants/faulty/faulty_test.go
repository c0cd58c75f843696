package faulty_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	harness "github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/judge"
	"github.com/espalier-hil/espalier/suites/mutants/faulty"
	"github.com/espalier-hil/espalier/vectors"
)

func run(t *testing.T, c *faulty.Code, profile string) *judge.Summary {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	s, err := judge.Run(t.Context(), suite, c, judge.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// red returns the ids of the red results, those that cite req first.
func red(s *judge.Summary, req string) (cited, others []string) {
	for _, r := range s.Results {
		switch {
		case !r.Verdict.Red():
		case slices.Contains(r.Reqs, req):
			cited = append(cited, r.ID)
		default:
			others = append(others, r.ID)
		}
	}
	return cited, others
}

// The code that the edits are made in is right.
func TestMutantCodecsWithoutFault(t *testing.T) {
	for _, profile := range judge.Profiles {
		s := run(t, faulty.New(), profile)
		for _, r := range s.Results {
			if r.Verdict != judge.Pass && !r.Beyond || len(r.Dialects) > 0 {
				t.Errorf("%s: %s is %s, dialects %q: %s", profile, r.ID, r.Verdict, r.Dialects, r.Reason)
			}
		}
	}
}

// Every single-fault edit of a codec is caught without a network, by a test
// that cites the requirement which it breaks.
func TestMutantCodecsAreKilled(t *testing.T) {
	kills := map[string]int{}
	for _, e := range faulty.Zoo {
		t.Run(e.Name, func(t *testing.T) {
			core, strict := run(t, e.Code(), "core"), run(t, e.Code(), "strict")
			cited, others := red(strict, e.Req)
			inCore, otherwise := red(core, e.Req)
			for _, id := range slices.Concat(cited, others) {
				kills[id]++
			}
			switch {
			case len(cited)+len(others) == 0:
				t.Fatalf("survives: no vector tells that %s", e.Name)
			case len(cited) == 0:
				t.Fatalf("is killed by %d tests, as %s, none of which cites %s", len(others), others[0], e.Req)
			}
			if found := dialects(core, strict); e.Dialect != "" && !slices.Contains(found, e.Dialect) {
				t.Errorf("the judge does not call it %s, but %s", e.Dialect, strings.Join(found, " "))
			}
			if len(inCore)+len(otherwise) == 0 && core.Code() != harness.CodeOK {
				t.Errorf("it is permitted in core, and the run is %s: %+v", core.Code(), core.Poison)
			}
			t.Logf("%-58s %s  strict %3d  core %3d  first %-44s  %s", e.Name, e.Req, len(cited)+len(others), len(inCore)+len(otherwise), cited[0], strings.Join(dialects(core, strict), " "))
		})
	}
	report(t, kills)
}

// dialects returns the names of the dialects that runs have found.
func dialects(runs ...*judge.Summary) (names []string) {
	for _, s := range runs {
		for _, d := range s.Dialects {
			names = append(names, d.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// report names the tests that no edit turns red, and the flags all of whose
// tests are such: no fault of their own, but worth a look.
func report(t *testing.T, kills map[string]int) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range suite.Files {
		var idle, idleFlags []string
		tests, flags := 0, map[string]int{}
		for _, g := range f.Groups {
			for _, test := range g.Tests {
				if judge.Beyond(suite, test) != "" {
					continue
				}
				tests++
				c := test.Common()
				if kills[c.ID] == 0 {
					idle = append(idle, strings.TrimPrefix(c.ID, f.Suite+"/"))
				}
				for _, flag := range c.Flags {
					flags[flag] += kills[c.ID]
				}
			}
		}
		for _, flag := range slices.Sorted(maps.Keys(flags)) {
			if flags[flag] == 0 {
				idleFlags = append(idleFlags, flag)
			}
		}
		if tests > 0 {
			t.Logf("%s: %d of %d tests kill an edit; flags that kill none: %q; tests that kill none: %s", f.Suite, tests-len(idle), tests, idleFlags, strings.Join(idle, " "))
		}
	}
}
