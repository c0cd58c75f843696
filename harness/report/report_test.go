package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
)

var began = time.Date(2026, 11, 23, 3, 14, 15, 0, time.UTC)

const (
	realMAC    = "5c:cf:7f:01:02:03"
	virtualMAC = "7a:e5:82:00:00:01"
)

// newRun returns a finished run over the given results.
func newRun(results ...report.Result) *report.Run {
	for i := range results {
		if results[i].Grade == report.Ungraded {
			results[i].Grade = report.Virtual
		}
	}
	return &report.Run{
		Version:  "0.1.0",
		Started:  began,
		Finished: began.Add(8400 * time.Millisecond),
		Seed:     1<<64 - 1,
		Repeat:   "espalier run --seed 18446744073709551615",
		Board:    report.Board{Name: "virtual", Port: "virtual:", MAC: virtualMAC},
		Firmware: report.Firmware{Version: "0.1.0", Digest: "900150983cd24fb0d6963f7d28e17f72", Size: 22640},
		Server:   report.Server{Mode: "container", Why: "a Docker engine answers", Image: "sha256:0123456789abcdef0123"},
		Requirements: []report.Requirement{
			{ID: "REQ-SEQ-001", Level: "MUST", Text: "accept if and only if SEQN ≥ next", Demanded: true},
			{ID: "REQ-SEQ-007", Level: "MUST", Text: "a rejection changes neither next nor readings"},
		},
		Results: results,
	}
}

func result(status report.Status, class report.Class, ids ...string) report.Result {
	return report.Result{ID: "A replayed reading is refused", Requirements: ids, Status: status, Class: class, Duration: time.Second}
}

func TestGradesAreOrdered(t *testing.T) {
	order := []report.Grade{report.Ungraded, report.Virtual, report.VirtualROM, report.HardwareTethered, report.HardwareWiFi}
	if !slices.IsSorted(order) || len(slices.Compact(order)) != 5 {
		t.Errorf("grades are not in order: %v", order)
	}
	for _, g := range order {
		text, _ := g.MarshalText()
		var back report.Grade
		if err := back.UnmarshalText(text); err != nil || back != g {
			t.Errorf("%v is read back as %v, %v", g, back, err)
		}
	}
	for _, text := range []string{"", "hardware", "Hardware-WiFi", "virtual "} {
		g := report.Virtual
		if err := g.UnmarshalText([]byte(text)); err == nil || g != report.Virtual {
			t.Errorf("%q is read as %v, %v", text, g, err)
		}
	}
}

func TestGradeOnABoard(t *testing.T) {
	for _, tt := range []struct {
		grade report.Grade
		mac   string
		want  report.Grade
	}{
		{report.HardwareWiFi, realMAC, report.HardwareWiFi},
		{report.HardwareTethered, realMAC, report.HardwareTethered},
		{report.VirtualROM, realMAC, report.VirtualROM},
		{report.Virtual, "", report.Virtual},
		{report.HardwareTethered, virtualMAC, report.Virtual},
		{report.HardwareWiFi, "7A-E5-82-FF-FF-FF", report.Virtual},
		{report.HardwareWiFi, "7a:e5:83:00:00:01", report.HardwareWiFi},
		{report.HardwareWiFi, "", report.Ungraded},
		{report.HardwareWiFi, "5c:cf:7f", report.Ungraded},
		{report.HardwareWiFi, "02:00:5e:10:00:00:00:01", report.Ungraded}, // EUI-64
		{report.HardwareWiFi + 1, realMAC, report.Ungraded},
		{report.Ungraded - 1, realMAC, report.Ungraded},
	} {
		if got := tt.grade.On(tt.mac); got != tt.want {
			t.Errorf("%v on %q is worth %v, want %v", tt.grade, tt.mac, got, tt.want)
		}
	}
}

func TestGradeOfARunIsItsLowest(t *testing.T) {
	graded := func(s report.Status, g report.Grade) report.Result { return report.Result{Status: s, Grade: g} }
	for name, tt := range map[string]struct {
		results []report.Result
		want    report.Grade
	}{
		"none":             {nil, report.Ungraded},
		"one":              {[]report.Result{graded(report.Pass, report.HardwareWiFi)}, report.HardwareWiFi},
		"mixed":            {[]report.Result{graded(report.Pass, report.HardwareWiFi), graded(report.Pass, report.Virtual)}, report.Virtual},
		"failures count":   {[]report.Result{graded(report.Pass, report.HardwareWiFi), graded(report.Fail, report.HardwareTethered)}, report.HardwareTethered},
		"skips do not":     {[]report.Result{graded(report.Skip, report.Virtual), graded(report.Pass, report.HardwareWiFi)}, report.HardwareWiFi},
		"without a grade":  {[]report.Result{graded(report.Pass, report.HardwareWiFi), graded(report.Pass, report.Ungraded)}, report.Ungraded},
		"nothing but skip": {[]report.Result{graded(report.Skip, report.HardwareWiFi)}, report.Ungraded},
	} {
		run := &report.Run{Board: report.Board{MAC: realMAC}, Results: tt.results}
		if got := run.Grade(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestCode(t *testing.T) {
	pass := result(report.Pass, "", "REQ-SEQ-001")
	skip := result(report.Skip, "", "REQ-SEQ-007")
	asked := skip
	asked.Demanded = true
	failed := func(c report.Class) report.Result { return result(report.Fail, c, "REQ-SEQ-001") }
	for name, tt := range map[string]struct {
		results []report.Result
		want    report.Code
	}{
		"passed":                      {[]report.Result{pass}, report.CodeOK},
		"nothing":                     {nil, report.CodeNothing},
		"all skipped":                 {[]report.Result{skip, asked}, report.CodeNothing},
		"skipped, not demanded":       {[]report.Result{pass, skip}, report.CodeOK},
		"skipped, demanded":           {[]report.Result{pass, asked}, report.CodePartial},
		"demanded requirement left":   {[]report.Result{result(report.Pass, "", "REQ-SEQ-007")}, report.CodePartial},
		"nonconformant":               {[]report.Result{pass, failed(report.Nonconformant)}, 1},
		"crash":                       {[]report.Result{failed(report.Crash)}, 20},
		"server":                      {[]report.Result{failed(report.ServerFailed)}, 21},
		"unreachable":                 {[]report.Result{failed(report.Unreachable)}, 5},
		"board":                       {[]report.Result{failed(report.InfraBoard)}, 10},
		"port":                        {[]report.Result{failed(report.InfraPort)}, 11},
		"flash":                       {[]report.Result{failed(report.InfraFlash)}, 12},
		"boot":                        {[]report.Result{failed(report.InfraBoot)}, 13},
		"link":                        {[]report.Result{failed(report.InfraLink)}, 14},
		"container":                   {[]report.Result{failed(report.InfraCtr)}, 15},
		"harness":                     {[]report.Result{failed(report.Harness)}, 4},
		"without a class":             {[]report.Result{failed("")}, 4},
		"class unheard of":            {[]report.Result{failed("FINE")}, 4},
		"status unheard of":           {[]report.Result{pass, result("passed", "")}, 4},
		"what was proved comes first": {[]report.Result{failed(report.InfraPort), failed(report.Nonconformant), failed(report.Harness)}, 1},
		"INFRA before HARNESS":        {[]report.Result{failed(report.Harness), failed(report.InfraPort)}, 11},
		"failure before partial":      {[]report.Result{failed(report.Harness), asked}, 4},
	} {
		if got := newRun(tt.results...).Code(); got != tt.want {
			t.Errorf("%s: %d (%v), want %d", name, got, got, tt.want)
		}
	}
	run := newRun(pass)
	run.Finished = time.Time{}
	if got := run.Code(); got != report.CodeHarness {
		t.Errorf("a run without an end: %d, want 4", got)
	}
}

func TestMatrix(t *testing.T) {
	run := newRun(
		result(report.Pass, "", "REQ-SEQ-001", "REQ-SEQ-001"), // cited twice, counted once
		result(report.Pass, "", "REQ-SEQ-001", "REQ-SEQ-007"),
		result(report.Fail, report.Nonconformant, "REQ-SEQ-007"),
		result(report.Skip, "", "REQ-NEW-001"),
	)
	run.Requirements = append(run.Requirements, report.Requirement{ID: "REQ-SEQ-009"})
	want := []struct {
		id, verdict string
		counts      report.Counts
	}{
		{"REQ-SEQ-001", "pass", report.Counts{Pass: 2}},
		{"REQ-SEQ-007", "fail", report.Counts{Pass: 1, Fail: 1}},
		{"REQ-SEQ-009", "untested", report.Counts{}},
		{"REQ-NEW-001", "skip", report.Counts{Skip: 1}},
	}
	rows := run.Matrix()
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		if r := rows[i]; r.ID != w.id || r.Verdict() != w.verdict || r.Counts != w.counts {
			t.Errorf("row %d: %s %s %+v, want %s %s %+v", i, r.ID, r.Verdict(), r.Counts, w.id, w.verdict, w.counts)
		}
	}
}
