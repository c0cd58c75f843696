package evidence

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/harness/report"
)

// JUnit returns junit.xml. What the backend did wrong is a failure, what kept
// the engine from judging it an error; what was left out, or was expected to
// fail, is skipped.
func (r *Run) JUnit() ([]byte, error) {
	run := r.redacted()
	suite := report.Suite{Name: "espalier conform", Started: run.Started, Properties: []report.Property{
		{Name: "version", Value: run.Version},
		{Name: "vectors", Value: run.Suite.VectorsVersion},
		{Name: "seed", Value: strconv.FormatUint(run.Seed, 10)},
		{Name: "url", Value: run.Target.URL},
		{Name: "exit-code", Value: strconv.Itoa(int(run.Code()))},
	}}
	if !run.Finished.IsZero() {
		suite.Took = run.Finished.Sub(run.Started)
	}
	for _, name := range Profiles {
		suite.Properties = append(suite.Properties, report.Property{Name: name, Value: string(run.Judge(name).Standing)})
	}
	for _, res := range run.Results {
		suite.Cases = append(suite.Cases, res.testcase())
	}
	return suite.XML()
}

func (res *Result) testcase() report.Case {
	chapter, _, _ := strings.Cut(res.ID, "/")
	c := report.Case{Class: "espalier.conform." + chapter, Name: res.ID, Took: res.Took}
	for _, id := range res.Reqs {
		c.Properties = append(c.Properties, report.Property{Name: "requirement", Value: id})
	}
	c.Properties = append(c.Properties, report.Property{Name: "verdict", Value: string(res.Verdict)})
	note := &report.Note{Message: res.Why, Type: string(res.Verdict), Text: strings.Join(res.details(), "\n")}
	switch res.Verdict {
	case Pass, Limit:
	case Skip, NotRun, Inconclusive:
		note.Text = ""
		c.Skipped = note
	case XFail:
		c.Skipped = &report.Note{Message: fmt.Sprintf("expected to fail: %s (%s)", res.Expected.reason(), res.Why), Type: string(res.Verdict)}
	case Error:
		c.Error = note
	default:
		c.Failure = note
	}
	return c
}

// reason returns why a failure is expected.
func (e *Expected) reason() string {
	if e == nil {
		return "nobody says why"
	}
	return e.Reason
}

// details are the lines that show a failure.
func (res *Result) details() []string {
	lines := []string{res.Comment, "requirements: " + strings.Join(res.Reqs, " ")}
	for _, x := range res.Exchanges[max(0, len(res.Exchanges)-4):] {
		lines = append(lines, fmt.Sprintf("%s, device %s, SEQN %s: %s: %s", x.What, x.Device, x.SEQN, x.Outcome, x.Answer))
	}
	if res.Repeat != "" {
		lines = append(lines, "again: "+res.Repeat)
	}
	return append(lines, res.Shell...)
}
