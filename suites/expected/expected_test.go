package expected_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/expected"
)

const entry = `- id: a/one
  reason: it is known
  issue: "#12"
  expires: 2027-01-31
  message: was accepted
`

func known(id string) bool { return slices.Contains([]string{"a/one", "a/two"}, id) }

// What a list gets wrong is said, with its line.
func TestParse(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"right":            {entry, ""},
		"two tests":        {strings.Replace(entry, "id: a/one", "ids: [a/one, a/two]", 1), ""},
		"empty":            {"", ""},
		"unknown key":      {entry + "  color: red\n", "[6:3]"},
		"key twice":        {entry + "  reason: other\n", "[6:3]"},
		"wrong type":       {strings.Replace(entry, "it is known", "{a: b}", 1), "[2:"},
		"no list":          {"a: b\n", "[1:"},
		"a tag":            {"! 00", "line 1: tags, anchors"},
		"an alias":         {strings.Replace(entry, "it is known", "&a it is known", 1) + "  verdict: *a\n", "line 2: tags, anchors"},
		"no YAML":          {"- [\n", "[1:"},
		"two documents":    {entry + "---\n" + entry, "2 documents"},
		"unknown test":     {entry + strings.Replace(entry, "a/one", "a/three", 1), `line 6: there is no test "a/three"`},
		"test twice":       {entry + entry, "line 6: a/one stands in line 1, too"},
		"id and ids":       {entry + "  ids: [a/two]\n", "line 1: id and ids"},
		"no test":          {strings.Replace(entry, "id: a/one", "ids: []", 1), "line 1: it names no test"},
		"no reason":        {strings.Replace(entry, "it is known", `" "`, 1), "line 1: reason is missing"},
		"never":            {strings.Replace(entry, "2027-01-31", "never", 1), ""},
		"no date":          {strings.Replace(entry, "2027-01-31", "2027-02-30", 1), "is no date"},
		"nothing to allow": {entry + "  verdict: PASS\n", `line 1: verdict "PASS"`},
		"too long":         {strings.Repeat("#", 1<<20+1), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := expected.Parse([]byte(tt.text), known)
			if (err == nil) != (tt.says == "") || err != nil && (!errors.Is(err, expected.ErrList) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%v", err)
			}
		})
	}
}

// An entry covers one way of failing, for a time.
func TestApply(t *testing.T) {
	for name, tt := range map[string]struct {
		more    string // of the entry
		verdict evidence.Verdict
		why     string
		started string
		want    evidence.Verdict
		says    string
		code    report.Code
		unseen  bool
	}{
		"as expected":        {"", evidence.Fail, "a copy was accepted", "2027-01-31", evidence.XFail, "", report.CodeOK, false},
		"expired":            {"", evidence.Fail, "a copy was accepted", "2027-02-01", evidence.Fail, "expected until 2027-01-31", report.CodeNonconformant, false},
		"another message":    {"", evidence.Fail, "it says nothing", "2026-11-26", evidence.Fail, "another failure", report.CodeNonconformant, false},
		"it passes":          {"", evidence.Pass, "", "2026-11-26", evidence.XPass, "take it off the list", report.CodeNonconformant, false},
		"it crashes":         {"", evidence.Crash, "was accepted", "2026-11-26", evidence.Crash, "not CRASH", report.CodeNonconformant, false},
		"a crash of its own": {"  verdict: CRASH\n", evidence.Crash, "was accepted", "2026-11-26", evidence.XFail, "", report.CodeOK, false},
		"not run":            {"", evidence.NotRun, "no hook", "2026-11-26", evidence.NotRun, "no hook", report.CodeNothing, true},
		"left out":           {"", evidence.Skip, "no hook", "2026-11-26", evidence.Skip, "no hook", report.CodeNothing, true},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := expected.Parse([]byte(entry+tt.more), known)
			if err != nil {
				t.Fatal(err)
			}
			started, err := time.Parse(time.DateOnly, tt.started)
			if err != nil {
				t.Fatal(err)
			}
			res := evidence.Result{ID: "a/one", Verdict: tt.verdict, Why: tt.why, Reqs: []string{"REQ-SEQ-001"}}
			if tt.verdict.Broken() {
				res.Broke = res.Reqs
			}
			run := &evidence.Run{Started: started, Narrowed: true, Profiles: []string{"core"}, Results: []evidence.Result{res},
				Requirements: []evidence.Requirement{{ID: "REQ-SEQ-001", Levels: map[string]string{"core": "MUST"}}}}
			unseen := list.Apply(run)
			got := run.Results[0]
			if got.Verdict != tt.want || !strings.Contains(fmt.Sprint(got.Why, got.Notes), tt.says) || len(unseen) > 0 != tt.unseen || run.Code() != tt.code {
				t.Errorf("%+v, exit code %d, unseen %q", got, run.Code(), unseen)
			}
		})
	}
}

// An entry that says never counts on any day.
func TestNever(t *testing.T) {
	list, err := expected.Parse([]byte(strings.Replace(entry, "2027-01-31", "never", 1)), known)
	if err != nil {
		t.Fatal(err)
	}
	run := &evidence.Run{Started: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), Results: []evidence.Result{{ID: "a/one", Verdict: evidence.Fail, Why: "a copy was accepted"}}}
	if list.Apply(run); run.Results[0].Verdict != evidence.XFail {
		t.Errorf("%+v", run.Results[0])
	}
}

// What is expected not to be run is shown by nothing: a profile that demands it
// stays partial, whatever else was shown of the requirement.
func TestNotRun(t *testing.T) {
	list, err := expected.Parse([]byte(entry+"  verdict: NOT_RUN\n"), known)
	if err != nil {
		t.Fatal(err)
	}
	reqs := []string{"REQ-SEQ-001"}
	run := &evidence.Run{Profiles: []string{"core"}, Requirements: []evidence.Requirement{{ID: reqs[0], Levels: map[string]string{"core": "MUST"}}},
		Results: []evidence.Result{{ID: "a/one", Verdict: evidence.NotRun, Why: "nobody was accepted", Reqs: reqs}, {ID: "a/two", Verdict: evidence.Pass, Reqs: reqs}}}
	list.Apply(run)
	if p := run.Judge("core"); run.Results[0].Verdict != evidence.XFail || p.Standing != evidence.Partial {
		t.Errorf("%s, %+v", run.Results[0].Verdict, p)
	}
}

// FuzzParse reads anything as a list.
func FuzzParse(f *testing.F) {
	f.Add([]byte(entry))
	f.Add([]byte("- ids: [a/one, a/two]\n  verdict: HANG\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := expected.Parse(text, known)
		for _, e := range list {
			if len(e.IDs) == 0 || e.Reason == "" || e.Message == "" || e.Verdict == "" {
				t.Errorf("%+v", e)
			}
		}
		if err != nil && !errors.Is(err, expected.ErrList) {
			t.Error(err)
		}
	})
}
