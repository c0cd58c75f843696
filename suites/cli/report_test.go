package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// A report that was edited is found out, and one that was not holds.
func TestReportVerify(t *testing.T) {
	t.Chdir(t.TempDir())
	run := &evidence.Run{Version: "1", Started: time.Now(), Finished: time.Now(), Seed: 1, Profiles: []string{"core"},
		Requirements: []evidence.Requirement{{ID: "REQ-SEQ-001", Text: "Accept", Levels: map[string]string{"core": "MUST"}}},
		Results: []evidence.Result{{ID: "sequence/replay", Comment: "c", Importance: "high", Reqs: []string{"REQ-SEQ-001"}, Verdict: evidence.Fail, Why: "it was accepted",
			Exchanges: []evidence.Exchange{{What: "step 1", Device: "t1", Sent: "x", Outcome: evidence.Accepted, Answer: "200"}}}}}
	if err := run.Write("."); err != nil {
		t.Fatal(err)
	}
	call(t, "", "report", "verify", "report.json").wants(t, 0, "report.json: holds; exit 1, nonconformant; 1 FAIL")
	write(t, "edited.json", strings.Replace(readFile(t, "report.json"), `"verdict": "FAIL"`, `"verdict": "PASS"`, 1))
	call(t, "", "report", "verify", "report.json", "edited.json").wants(t, 1, "edited.json: the observations are not those that were written", "the exit code should be 0")
	write(t, "other.json", `{"format":"espalier.report/1"}`)
	call(t, "", "report", "verify", "other.json").wants(t, 2, "no report of espalier conform")
	call(t, "", "report", "verify", "none.json").wants(t, 2, "none.json: no such file")
	call(t, "", "report", "verify").wants(t, 2, "requires at least 1 arg")
}
