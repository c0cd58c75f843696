package expected_test

import (
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/expected"
)

// A draft is a list as it has to be, and covers what it was made of, the next
// time too; each entry that is taken out makes the run red.
func TestDraft(t *testing.T) {
	made := func(numbers string) *evidence.Run {
		fail := func(id string, v evidence.Verdict, dialect, why string) evidence.Result {
			return evidence.Result{ID: id, Verdict: v, Dialect: dialect, Reqs: []string{"REQ-SEQ-001"}, Why: why}
		}
		run := &evidence.Run{Started: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), Finished: time.Date(2026, 11, 26, 9, 1, 0, 0, time.UTC), Profiles: []string{"core"}, Seed: 7}
		run.Requirements = []evidence.Requirement{{ID: "REQ-SEQ-001", Levels: map[string]string{"core": "MUST"}}}
		run.Results = []evidence.Result{
			fail("sequence/replay", evidence.Fail, "", "number "+numbers+" was accepted, where next is "+numbers+`: 200 "{\"status\":\"OK\"}"`),
			fail("sequence/gap", evidence.Fail, "", "number "+numbers+" was accepted, where next is "+numbers),
			fail("payload/number/1e400", evidence.Fail, "js-coercion", "“ü” it was\naccepted: # yes"),
			fail("http/unended-body", evidence.Hang, "", "no answer within "+numbers+"ms"),
			fail("http/odd", evidence.Fail, "", numbers),
			{ID: "sequence/in-order", Verdict: evidence.Pass, Reqs: []string{"REQ-SEQ-001"}},
		}
		return run
	}
	text := string(expected.Draft(made("1234")))
	all := func(string) bool { return true }
	list, err := expected.Parse([]byte(text), all)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d entries, %v:\n%s", len(list), err, text)
	}
	if strings.Count(text, "was accepted, where next is") != 1 || !strings.Contains(text, "  verdict: HANG\n") || !strings.Contains(text, "2026-12-26") || !strings.Contains(text, "it may be js-coercion") {
		t.Error(text)
	}
	run := made("98765")
	run.Results[4].Why = "1234"
	if unseen := list.Apply(run); len(unseen) > 0 || run.Code() != report.CodeOK {
		t.Errorf("exit %d, %q: %+v", run.Code(), unseen, run.Results)
	}
	for i := range list {
		run := made("1234")
		without := append(append(expected.List{}, list[:i]...), list[i+1:]...)
		if without.Apply(run); run.Code() != report.CodeNonconformant {
			t.Errorf("without entry %d exit %d", i, run.Code())
		}
	}
	if list, err := expected.Parse(expected.Draft(&evidence.Run{}), all); err != nil || len(list) != 0 {
		t.Errorf("of a run without failures: %v, %v", list, err)
	}
}
