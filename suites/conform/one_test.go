package conform_test

import (
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
)

// One device is enough for all but what needs two.
func TestOneDevice(t *testing.T) {
	s := servertest.Reference(t)
	one := target(t, s)
	one.Devices = one.Devices[:1]
	run, err := conform.Run(t.Context(), all(t), conform.Options{Target: one, Profiles: []string{"secure"}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if p := run.Judge("secure"); p.Standing != evidence.Partial || len(p.Untested) > 0 {
		t.Errorf("%+v", p)
	}
	for _, res := range run.Results {
		if res.Verdict != evidence.Pass && res.Verdict != evidence.Skip && !(res.Verdict == evidence.NotRun && strings.Contains(res.Why, "name another --device")) {
			t.Errorf("%s: %s: %s", res.ID, res.Verdict, res.Why)
		}
	}
	t.Log(run.Counts())
}
