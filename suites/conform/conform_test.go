package conform_test

import (
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// all returns the vectors.
func all(t *testing.T) *vectors.Suite {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	return suite
}

// target returns a backend with two devices and no hook.
func target(t *testing.T, s *server.Server) live.Target {
	t.Helper()
	target := live.Target{URL: s.URL() + "/data", Patience: 30 * time.Second}
	for _, id := range []string{"first", "second"} {
		d := live.Device{ID: id, Passphrase: "the passphrase of " + id, Next: uint64(time.Now().UnixMilli()), Disposable: true}
		if err := s.Provision(t.Context(), d.ID, d.Passphrase, d.Next-17); err != nil {
			t.Fatal(err)
		}
		target.Devices = append(target.Devices, d)
	}
	return target
}

// The reference server, with nothing but its URL and two devices.
func TestReference(t *testing.T) {
	s := servertest.Reference(t)
	run, err := conform.Run(t.Context(), all(t), conform.Options{Target: target(t, s), Profiles: []string{"secure"}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range run.Results {
		noisy := res.Verdict == evidence.Inconclusive && strings.HasPrefix(res.ID, "oracle/time-") // this machine may be
		if res.Verdict != evidence.Pass && res.Verdict != evidence.Skip && !noisy {
			t.Errorf("%s: %s: %s", res.ID, res.Verdict, res.Why)
		}
	}
	for _, profile := range []string{"core", "strict", "secure"} {
		if p := run.Judge(profile); p.Standing != evidence.Conformant {
			t.Errorf("%+v", p)
		}
	}
	if run.Code() != report.CodeOK {
		t.Errorf("exit code %d", run.Code())
	}
	row(t, "reference server", run)
	took := run.Finished.Sub(run.Started).Round(time.Millisecond)
	if t.Logf("%v in %v", run.Counts(), took); took > time.Minute {
		t.Error("that takes more than a minute")
	}
}
