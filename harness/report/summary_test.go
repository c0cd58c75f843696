package report_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/harness/report"
)

func summary(t *testing.T, run *report.Run, colour bool) string {
	t.Helper()
	var s strings.Builder
	if err := run.Summary(&s, colour); err != nil {
		t.Fatal(err)
	}
	return s.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	want = strings.TrimPrefix(want, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSummaryOfAPass(t *testing.T) {
	run := newRun(result(report.Pass, "", "REQ-SEQ-001"), result(report.Pass, "", "REQ-SEQ-001"))
	run.Measurements = []report.Measurement{{Name: "messages sent", Value: 200}, {Name: "replays refused", Value: 66}, {Name: "first reading after", Value: 1.9, Unit: "s"}}
	same(t, summary(t, run, false), `
espalier 0.1.0 · board virtual 7a:e5:82:00:00:01 virtual:
image    900150983cd24fb0d6963f7d28e17f72, 22640 bytes, read back from flash
server   container: a Docker engine answers

  held        1  SEQ 001
  untested    1  SEQ 007

  messages sent 200 · replays refused 66 · first reading after 1.9 s

PASS 2 of 2 specs passed in 8.4 s, evidence: virtual · exit 0, fine
`)
}

// The last lines of one lane do not push out those of the others.
func TestSummaryOfLanes(t *testing.T) {
	bad := result(report.Fail, report.Crash, "REQ-SEQ-007")
	for _, lane := range []string{"device", "server"} {
		for i := range 8 {
			bad.Log = append(bad.Log, fmt.Sprintf("%-7s %9.3fs  %s %d", lane, float64(i), lane, i))
		}
	}
	text := summary(t, newRun(bad), false)
	for _, lane := range []string{"device", "server"} {
		if strings.Count(text, lane+" ") < 3 || !strings.Contains(text, lane+" 7") || !strings.Contains(text, lane+" 5") || strings.Contains(text, lane+" 4") {
			t.Errorf("%s: %s", lane, text)
		}
	}
}

func TestSummaryOfAFailure(t *testing.T) {
	bad := result(report.Fail, report.Nonconformant, "REQ-SEQ-007", "REQ-NEW-001")
	bad.Message = "the server answered OK"
	bad.Expected, bad.Got = "NOT OK", "OK\x1b[2J"
	bad.Location = "replay.go:31"
	bad.Log = strings.Split("1 2 3 4 5 6 7 8 9", " ")
	bad.Repeat = "espalier run --focus 'A replayed reading'"
	bad.Attempts = []report.Attempt{{Class: report.InfraPort, Message: "no SYNC"}}
	limit := 4.0
	run := newRun(bad, result(report.Skip, "", "REQ-SEQ-009"))
	run.Measurements = []report.Measurement{{Name: "boot", Value: 4.5, Unit: "s", Max: &limit}}
	same(t, summary(t, run, false), `
espalier 0.1.0 · board virtual 7a:e5:82:00:00:01 virtual:
image    900150983cd24fb0d6963f7d28e17f72, 22640 bytes, read back from flash
server   container: a Docker engine answers

  untested  REQ-SEQ-001    0 of 0   accept if and only if SEQN ≥ next
  FAIL      REQ-SEQ-007    0 of 1   a rejection changes neither next nor readings
  FAIL      REQ-NEW-001    0 of 1
  not run   REQ-SEQ-009    0 of 1

✗ A replayed reading is refused
    requires  REQ-SEQ-007: MUST a rejection changes neither next nor readings
    requires  REQ-NEW-001: not in the register
    class     NONCONFORMANT
    message   the server answered OK
    expected  NOT OK
    got       OK\x1b[2J
    at        replay.go:31
    attempt   1: INFRA/port: no SYNC
    last      2
              3
              4
              5
              6
              7
              8
              9
    repeat    espalier run --focus 'A replayed reading'

  boot 4.5 s (out of limits)

FAIL 0 of 2 specs passed, 1 not run in 8.4 s, evidence: virtual · exit 1, nonconformant
repeat: espalier run --seed 18446744073709551615
`)
}

func TestManyRequirementsTakeFewLines(t *testing.T) {
	var results []report.Result
	for i := range 30 {
		results = append(results, result(report.Pass, "", fmt.Sprintf("REQ-SEQ-%03d", i+1)), result(report.Pass, "", fmt.Sprintf("REQ-ENV-%03d", i+1)))
	}
	got := summary(t, newRun(results...), false)
	if !strings.Contains(got, "  held       60  ENV 001 002") || !strings.Contains(got, "SEQ 001 002") {
		t.Error(got)
	}
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}

func TestSummaryWithoutResults(t *testing.T) {
	if got := summary(t, newRun(), false); !strings.Contains(got, "FAIL 0 of 0 specs passed in 8.4 s, evidence: ungraded · exit 3, nothing tested\n") {
		t.Error(got)
	}
}

func TestColours(t *testing.T) {
	run := newRun(result(report.Pass, "", "REQ-SEQ-001"), hostileRun().Results[0])
	if got := summary(t, run, false); strings.Contains(got, "\x1b") || strings.Contains(got, "\x00") {
		t.Errorf("control characters without colour: %q", got)
	}
	if got := summary(t, run, true); !strings.Contains(got, "\x1b[31mFAIL\x1b[0m") {
		t.Errorf("no colour: %q", got)
	}
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if report.Colourful(f) || report.Colourful(&strings.Builder{}) {
		t.Error("colours for what is no terminal")
	}
}

// What was not run is named, by the reason, and no list is longer than a person
// reads.
func TestSummaryOfOmissions(t *testing.T) {
	run := newRun(result(report.Pass, "", "REQ-SEQ-001"))
	run.Firmware = report.Firmware{Version: "greenhouse node 1.3"}
	for i := range 8 {
		res := result(report.Skip, "", "REQ-SEQ-007")
		res.ID, res.Message = fmt.Sprintf("Spec %d", i), "the firmware has no verb digest"
		if i == 7 {
			res.Message = "the firmware has no verb skip"
		}
		run.Results = append(run.Results, res)
	}
	got := summary(t, run, false)
	for _, want := range []string{
		"image    greenhouse node 1.3, by its own word; not attested\n",
		"– 7 not run: the firmware has no verb digest\n    Spec 0\n", "    Spec 4\n    and 2 more, which report.json names\n",
		"– 1 not run: the firmware has no verb skip\n    Spec 7\n\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "Spec 5") {
		t.Error("the list has no end")
	}
}
