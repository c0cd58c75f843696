package matrix_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/matrix"
)

// record is a run in which some requirements held and others did not.
func record() *evidence.Run {
	run := &evidence.Run{Profiles: []string{"secure"}}
	demand := func(id string, in ...string) {
		levels := map[string]string{}
		for _, p := range in {
			levels[p] = "MUST"
		}
		run.Requirements = append(run.Requirements, evidence.Requirement{ID: id, Levels: levels})
	}
	demand("REQ-KDF-001", "core", "strict", "secure")
	demand("REQ-ENV-001", "core", "strict", "secure")
	demand("REQ-ENV-005", "strict", "secure")
	demand("REQ-ENV-007", "secure")
	demand("REQ-SEQ-004", "core", "strict", "secure")
	demand("REQ-SEQ-005", "durable")
	demand("REQ-RSP-003", "strict", "secure")
	demand("REQ-HTTP-001", "core", "strict", "secure")
	run.Requirements[7].Hidden = true
	run.Results = []evidence.Result{
		{ID: "a", Verdict: evidence.Pass, Reqs: []string{"REQ-KDF-001", "REQ-ENV-001", "REQ-SEQ-005"}},
		{ID: "b", Verdict: evidence.Fail, Reqs: []string{"REQ-ENV-001", "REQ-ENV-005"}, Broke: []string{"REQ-ENV-005"}},
		{ID: "c", Verdict: evidence.XFail, Was: evidence.Fail, Reqs: []string{"REQ-SEQ-004"}},
		{ID: "d", Verdict: evidence.Inconclusive, Reqs: []string{"REQ-RSP-003"}},
	}
	return run
}

const table = "# Suites\n\n| backend | core | strict | secure | KDF | ENV | SEQ | RSP | HTTP |\n|---|---|\n| one | old |\n| another | old |\n\n| one | elsewhere |\n"

// What was found broken is named, expected or not, and what was not shown is not
// passed off as held.
func TestRow(t *testing.T) {
	want := "| one | nonconformant | nonconformant | nonconformant | ✓ | 005 (007) | **004** | (003) | – |"
	if got := matrix.Row("one", record()); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	run := record()
	run.Results = append(run.Results, evidence.Result{ID: "e", Verdict: evidence.Skip, Reqs: []string{"REQ-RSP-003", "REQ-ENV-007"}})
	if got, want := matrix.Row("one", run), strings.Replace(want, " (007)", "", 1); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	run.Results = run.Results[:1]
	if got, want := matrix.Row("one", run), "| one | partial | partial | partial | ✓ | (005) (007) | (004) | (003) | – |"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A row takes the place of the one with its name, in the table alone.
func TestPut(t *testing.T) {
	got, err := matrix.Put(table, "| one | new |")
	if want := strings.Replace(table, "| one | old |", "| one | new |", 1); err != nil || got != want {
		t.Errorf("%v: %s", err, got)
	}
	for name, tt := range map[string]struct{ text, row, says string }{
		"no table":        {strings.Replace(table, "| KDF ", "", 1), "| one | new |", "no line says"},
		"no row":          {table, "| third | new |", `"| third |"`},
		"another's name":  {table, "| on | new |", `"| on |"`},
		"below the table": {strings.Replace(table, "| one | old |\n", "", 1), "| one | new |", `"| one |"`},
	} {
		if _, err := matrix.Put(tt.text, tt.row); !errors.Is(err, matrix.ErrTable) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
