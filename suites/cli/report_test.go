package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
)

// replayed is a run of one test, which replays a message, and what came of it.
func replayed(v evidence.Verdict) *evidence.Run {
	res := evidence.Result{ID: "sequence/replay", Comment: "c", Importance: "high", Reqs: []string{"REQ-SEQ-001"}, Verdict: v,
		Exchanges: []evidence.Exchange{{What: "step 1", Device: "t1", SEQN: "7", Next: "8", Sent: "x", Outcome: evidence.Accepted, Answer: "200"}}}
	if v != evidence.Pass {
		res.Why = "it was accepted"
	}
	return &evidence.Run{Version: "1", Started: time.Now(), Finished: time.Now(), Seed: 1, Profiles: []string{"core"},
		Requirements: []evidence.Requirement{{ID: "REQ-SEQ-001", Text: "Accept", Levels: map[string]string{"core": "MUST"}}}, Results: []evidence.Result{res}}
}

// left writes what a run leaves into a folder of its own.
func left(t *testing.T, run interface{ JSON() ([]byte, error) }, path string) string {
	t.Helper()
	p, err := run.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, path, string(p))
}

// A report that was edited is found out, and one that was not holds.
func TestReportVerify(t *testing.T) {
	t.Chdir(t.TempDir())
	left(t, replayed(evidence.Fail), "report.json")
	call(t, "", "report", "verify", "report.json").wants(t, 0, "report.json: holds; exit 1, nonconformant; 1 FAIL")
	write(t, "edited.json", strings.Replace(readFile(t, "report.json"), `"verdict": "FAIL"`, `"verdict": "PASS"`, 1))
	call(t, "", "report", "verify", "report.json", "edited.json").wants(t, 1, "edited.json: the observations are not those that were written", "the exit code should be 0")
	write(t, "other.json", `{"format":"espalier.report/2"}`)
	call(t, "", "report", "verify", "other.json").wants(t, 2, "no report of espalier: its format is none of espalier.conformance/1 and espalier.report/1")
	write(t, "cut.json", readFile(t, "report.json")[:200])
	call(t, "", "report", "verify", "cut.json").wants(t, 2, "cut.json: no report of espalier")
	call(t, "", "report", "verify", "none.json").wants(t, 2, "none.json: no such file")
	call(t, "", "report", "verify", ".").wants(t, 2, ". is no regular file")
	call(t, "", "report", "verify").wants(t, 2, "requires at least 1 arg")
}

// What espalier run and espalier vectors leave is verified in the same way.
func TestReportVerifyRun(t *testing.T) {
	t.Chdir(t.TempDir())
	run := &report.Run{Version: "1", Started: time.Now(), Finished: time.Now(), Seed: 1, Board: report.Board{Name: "virtual", MAC: "7a:e5:82:00:00:01"},
		Requirements: []report.Requirement{{ID: "REQ-SEQ-001", Level: "MUST", Text: "Accept", Demanded: true}},
		Results:      []report.Result{{ID: "A replay", Requirements: []string{"REQ-SEQ-001"}, Status: report.Pass, Grade: report.Virtual}}}
	left(t, run, "run.json")
	call(t, "", "report", "verify", "run.json").wants(t, 0, "run.json: holds; exit 0, fine; 1 passed, 0 failed, 0 not run")
	write(t, "edited.json", strings.ReplaceAll(readFile(t, "run.json"), `"grade": "virtual"`, `"grade": "hardware-wifi"`))
	call(t, "", "report", "verify", "edited.json").wants(t, 1, "the evidence grade should be virtual", "A replay: it is graded hardware-wifi, and this board is worth virtual")
	call(t, "", "report", "html", "run.json").wants(t, 0, "run.html\n")
	if text := readFile(t, "run.html"); !strings.Contains(text, "A replay") || !strings.Contains(text, "REQ-") && !strings.Contains(text, "SEQ-001") {
		t.Error(text)
	}
	call(t, "", "report", "diff", "run.json", "run.json").wants(t, 2, "run.json is no report of espalier conform")
}

// Of a report that holds there is a page, of one that does not there is none.
func TestReportHTML(t *testing.T) {
	t.Chdir(t.TempDir())
	left(t, replayed(evidence.Fail), "report.json")
	call(t, "", "report", "html", "report.json").wants(t, 0, "report.html\n")
	call(t, "", "report", "html", "report.json", "-o", "other.html").wants(t, 0, "other.html\n")
	got := call(t, "", "report", "html", "report.json", "-o", "-")
	if got.wants(t, 0, "<!DOCTYPE html>", "sequence/replay"); got.out != readFile(t, "report.html") || got.out != readFile(t, "other.html") {
		t.Error("the three are not the same")
	}
	write(t, "edited.json", strings.Replace(readFile(t, "report.json"), `"verdict": "FAIL"`, `"verdict": "PASS"`, 1))
	call(t, "", "report", "html", "edited.json").wants(t, 1, "edited.json does not hold, so there is no page of it")
	call(t, "", "report", "html", "report.json", "-o", "no/where.html").wants(t, 2, "-o: ")
	call(t, "", "report", "html").wants(t, 2, "accepts 1 arg")
}

// Two reports are compared; the exit code says whether the later one is worse.
func TestReportDiff(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, v := range map[string]evidence.Verdict{"pass.json": evidence.Pass, "fail.json": evidence.Fail, "notrun.json": evidence.NotRun} {
		left(t, replayed(v), name)
	}
	diff := func(a, b string) said { return call(t, "", "report", "diff", a, b) }
	diff("pass.json", "pass.json").wants(t, 0, "alike: the same verdict of all 1 · exit 0, fine")
	diff("pass.json", "fail.json").wants(t, 1, "✗ profile core     nonconformant, was conformant", "✗ SEQ-001          broken, was held",
		"broken, and was not: 1", "✗ sequence/replay: FAIL, was PASS; breaks SEQ-001", "it was accepted", "exit 1, nonconformant")
	diff("fail.json", "pass.json").wants(t, 0, "better: 1", "✓ sequence/replay: PASS, was FAIL; no longer breaks SEQ-001", "exit 0, fine")
	diff("pass.json", "notrun.json").wants(t, 6, "no longer told: 1", "– sequence/replay: NOT RUN, was PASS", "exit 6, partial")
	diff("fail.json", "notrun.json").wants(t, 6, "profile core     partial, was nonconformant")
	got := call(t, "", "report", "diff", "--json", "pass.json", "fail.json")
	got.wants(t, 1)
	var d evidence.Diff
	if err := json.Unmarshal([]byte(got.out), &d); err != nil || len(d.Tests) != 1 || d.Tests[0].Way != evidence.Worse {
		t.Errorf("%v %+v", err, d)
	}
	write(t, "edited.json", strings.Replace(readFile(t, "fail.json"), `"verdict": "FAIL"`, `"verdict": "PASS"`, 1))
	for code, says := range map[report.Code]string{
		report.CodeNonconformant: "a report does not hold, or by report diff something is broken that was not",
		report.CodePartial:       "by report diff nothing is broken that was not, and something no longer told",
	} {
		if row := codeRow(t, code); !strings.Contains(row, says) {
			t.Errorf("help exit-codes says of %d: %s", code, row)
		}
	}
	diff("pass.json", "edited.json").wants(t, 2, "edited.json does not hold")
	diff("pass.json", "none.json").wants(t, 2, "none.json: no such file")
}
