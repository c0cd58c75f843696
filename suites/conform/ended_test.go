package conform_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
)

// A run that is ended, or that has used up its time, is a whole record: what was
// not run says so, and nothing is held against the backend.
func TestEnded(t *testing.T) {
	for name, want := range map[string]error{"cancelled": context.Canceled, "no time left": nil} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Write([]byte(`{"status":"NOT OK"}`))
			}))
			t.Cleanup(s.Close)
			ctx, cancel := context.WithCancel(t.Context())
			o := conform.Options{Profiles: []string{"core"}, Seed: 1, Target: live.Target{URL: s.URL + "/data", Devices: []live.Device{{ID: "first", Passphrase: "correct horse", Next: 5000}}}}
			if want != nil {
				cancel()
			} else {
				o.Budget = time.Nanosecond
			}
			defer cancel()
			run, err := conform.Run(ctx, all(t), o)
			if !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%v", err)
			}
			if n := run.Counts(); n[evidence.NotRun] == 0 || n[evidence.NotRun]+n[evidence.Skip] != len(run.Results) {
				t.Error(n)
			}
			if p := run.Judge("core"); p.Standing != evidence.Partial || run.Code() != report.CodeNothing {
				t.Errorf("%+v, exit code %d", p, run.Code())
			}
			if why := run.Results[0].Why; !strings.Contains(why, "the run was ended before") {
				t.Error(why)
			}
		})
	}
}
