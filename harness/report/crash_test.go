package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
)

// The last words of a board are in all three reports, a line each, without
// secrets and without what would move a cursor.
func TestLastWords(t *testing.T) {
	res := result(report.Fail, report.Crash, "REQ-SEQ-001")
	res.Crash = []string{"exception 28, load from an address where nothing is: 0x00000000", "epc1 0x40100f34 send (core/control.c:133)", "Panic correct horse\x1b[2J"}
	run := newRun(res)
	run.Secrets = []string{"correct horse"}
	js, err := run.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(t, js); err != nil {
		t.Error(err)
	}
	var doc struct{ Results []struct{ Crash []string } }
	if err := json.Unmarshal(js, &doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Results[0].Crash; len(got) != 3 || !slices.Equal(got[:2], res.Crash[:2]) {
		t.Errorf("report.json has %q", got)
	}
	ju, err := run.JUnit()
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"report.json": string(js), "junit.xml": string(ju), "summary": summary(t, run, false)} {
		if strings.Contains(text, "correct horse") || strings.Contains(text, "\x1b") {
			t.Errorf("%s holds what it must not: %s", where, text)
		}
		if n := strings.Count(text, "send (core/control.c:133)"); n == 0 {
			t.Errorf("%s does not say where", where)
		}
	}
	if n := strings.Count(string(ju), `<property name="crash" `); n != 3 {
		t.Errorf("junit.xml has %d properties of the crash", n)
	}
	if res.Crash[2] != "Panic correct horse\x1b[2J" {
		t.Error("the result was changed")
	}
}
