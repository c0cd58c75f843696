package conform_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/suites/mutants"
)

// Backends that are right in ways of their own conform to what package mutants
// says they do, by their URL alone. Asked for secure, those that are right in
// core alone are not, and the same run calls them conformant in core.
func TestRights(t *testing.T) {
	suite := all(t)
	program := filepath.Join(t.TempDir(), "right")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../mutants/right").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, right := range mutants.Rights {
		t.Run(right.Name, func(t *testing.T) {
			t.Parallel()
			s := servertest.Start(t, server.Config{Mode: server.Process, Binary: server.Binary{Path: program}, Args: []string{"--kind", right.Name}})
			hooked := live.Served(s)
			hooked.Patience = 30 * time.Second
			// In this order: a backend that remembers nothing forgets its devices where a hook restarts it.
			for _, o := range []conform.Options{
				{Target: target(t, s), Profiles: []string{"secure"}, Seed: 1},
				{Target: hooked, Profiles: []string{"secure", "durable"}, Seed: 2, Not: []*regexp.Regexp{regexp.MustCompile("^oracle/time-")}},
			} {
				name := map[bool]string{true: "by its URL alone", false: "with hooks"}[o.Not == nil]
				run, err := conform.Run(t.Context(), suite, o)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s: %v in %v", name, run.Counts(), run.Finished.Sub(run.Started))
				for _, profile := range append([]string{"core", "strict"}, o.Profiles...) {
					want := evidence.Nonconformant
					switch {
					case slices.Contains(right.Profiles, profile) && o.Not != nil:
						want = evidence.Partial // and nothing is broken
					case slices.Contains(right.Profiles, profile):
						want = evidence.Conformant
					}
					if p := run.Judge(profile); p.Standing != want || want == evidence.Partial && len(p.Untested) > 0 {
						t.Errorf("%s: want %s: %+v", name, want, p)
						complain(t, run)
					}
				}
				if o.Not == nil {
					row(t, fmt.Sprintf("[%[1]s](mutants/right/%[1]s.go)", right.Name), run)
				}
			}
		})
	}
}

// complain names the results that are not as they should be.
func complain(t *testing.T, run *evidence.Run) {
	t.Helper()
	for _, res := range run.Results {
		if res.Verdict != evidence.Pass && res.Verdict != evidence.Skip {
			t.Logf("%s: %s against %q: %s", res.ID, res.Verdict, res.Blames(), res.Why)
		}
	}
}
