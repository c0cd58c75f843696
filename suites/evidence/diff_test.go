package evidence_test

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
)

// What is done to a run decides whether it is worse than before, and what is
// said of it.
func TestCompare(t *testing.T) {
	at := func(r *evidence.Run, v evidence.Verdict, why string) { r.Results[0].Verdict, r.Results[0].Why = v, why }
	for name, tt := range map[string]struct {
		change func(*evidence.Run)
		code   report.Code
		way    evidence.Way // of the one change among the tests, or of what came or went
	}{
		"nothing":                      {func(*evidence.Run) {}, 0, ""},
		"the seed and the reasons":     {func(r *evidence.Run) { r.Seed++; r.Results[1].Why = "number 7 was accepted" }, 0, ""},
		"a test fails":                 {func(r *evidence.Run) { at(r, evidence.Fail, "no") }, 1, evidence.Worse},
		"the backend hangs":            {func(r *evidence.Run) { at(r, evidence.Hang, "no") }, 1, evidence.Worse},
		"it fails, as expected":        {func(r *evidence.Run) { at(r, evidence.XFail, "no"); r.Results[0].Was = evidence.Fail }, 1, evidence.Worse},
		"it is not run, as expected":   {func(r *evidence.Run) { at(r, evidence.XFail, "no"); r.Results[0].Was = evidence.NotRun }, 6, evidence.Lost},
		"a test is not run":            {func(r *evidence.Run) { at(r, evidence.NotRun, "no") }, 6, evidence.Lost},
		"a limit is found":             {func(r *evidence.Run) { at(r, evidence.Limit, "it is one") }, 0, evidence.Other},
		"a failure is mended":          {func(r *evidence.Run) { r.Results[1].Verdict, r.Results[1].Broke = evidence.Pass, nil }, 0, evidence.Better},
		"a failure is no longer seen":  {func(r *evidence.Run) { r.Results[1].Verdict, r.Results[1].Broke = evidence.Skip, nil }, 6, evidence.Lost},
		"a failure breaks more":        {func(r *evidence.Run) { r.Results[1].Broke = r.Results[1].Reqs }, 1, evidence.Worse},
		"a failure is another":         {func(r *evidence.Run) { r.Results[1].Verdict = evidence.Crash }, 0, evidence.Other},
		"what was unclear is told":     {func(r *evidence.Run) { r.Results[2].Verdict = evidence.Pass }, 0, evidence.Better},
		"what was unclear fails":       {func(r *evidence.Run) { r.Results[2].Verdict = evidence.Fail }, 1, evidence.Worse},
		"a test that passed went":      {func(r *evidence.Run) { r.Results = r.Results[1:] }, 6, evidence.Lost},
		"a test that tells less went":  {func(r *evidence.Run) { r.Results = r.Results[:2] }, 0, evidence.Other},
		"a test came, and passes":      {func(r *evidence.Run) { r.Results = append(r.Results, came(evidence.Pass)) }, 0, evidence.Better},
		"a test came, and fails":       {func(r *evidence.Run) { r.Results = append(r.Results, came(evidence.Fail)) }, 1, evidence.Worse},
		"a test came, and is not run":  {func(r *evidence.Run) { r.Results = append(r.Results, came(evidence.NotRun)) }, 6, evidence.Other},
		"all is left out but one test": {func(r *evidence.Run) { r.Narrowed = true }, 6, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := sample()
			tt.change(b)
			d := evidence.Compare(sample(), b)
			var ways []evidence.Way
			for _, list := range [][]evidence.Change{d.Tests, d.Came, d.Went} {
				for _, c := range list {
					ways = append(ways, c.Way)
				}
			}
			if d.Code() != tt.code || len(ways) > 1 || (len(ways) == 1) != (tt.way != "") || tt.way != "" && ways[0] != tt.way {
				t.Errorf("exit %d, want %d; %q, want %q: %+v", d.Code(), tt.code, ways, tt.way, d)
			}
			if d.Alike+len(d.Tests)+len(d.Came) != len(b.Results) {
				t.Errorf("%d alike of %d: %+v", d.Alike, len(b.Results), d)
			}
			if d.Empty() != (len(ways)+len(d.Profiles)+len(d.Requirements) == 0) {
				t.Errorf("empty: %v", d.Empty())
			}
		})
	}
}

func came(v evidence.Verdict) evidence.Result {
	return evidence.Result{ID: "sequence/new", Comment: "c", Importance: "high", Reqs: []string{"REQ-SEQ-001"}, Verdict: v, Why: "w"}
}

// A requirement that a register does not have yet is untested there.
func TestCompareRegisters(t *testing.T) {
	a := sample()
	a.Requirements, a.Results[0].Reqs = a.Requirements[1:], []string{"REQ-ENV-006"}
	d := evidence.Compare(a, sample())
	if len(d.Requirements) != 1 || d.Requirements[0].ID != "REQ-SEQ-001" || d.Requirements[0].Way != evidence.Better {
		t.Errorf("%+v", d.Requirements)
	}
	d = evidence.Compare(sample(), a)
	if len(d.Requirements) != 1 || d.Requirements[0].Way != evidence.Lost || d.Code() != report.CodePartial {
		t.Errorf("%+v", d.Requirements)
	}
}
