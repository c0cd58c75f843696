package device

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

// crashEntry holds what the board said as it died, and what that means.
const crashEntry = "crash"

// blame notes whose failure err is, and the board's last words if it died.
func blame(ctx context.Context, otherwise report.Class, err error) {
	class := rig.Classify(otherwise, err)
	AddReportEntry(classEntry, string(class), ReportEntryVisibilityNever)
	if class != report.Crash {
		return
	}
	if words := under.Postmortem(ctx, err); len(words) > 0 {
		AddReportEntry(crashEntry, strings.Join(words, "\n"), ReportEntryVisibilityNever)
	}
}

// survived fails a spec that the board did not survive, even if the spec itself
// did not notice: a board may answer and die of it. So it is asked for a word
// more, which one with other firmware need not have. That is before anything is
// cleaned up, which may begin with a reset, and a reset forgives.
func survived(ctx SpecContext) {
	if !CurrentSpecReport().Failed() && under.Console.Err() == nil {
		under.Device.Seqn(ctx)
	}
	err := under.Console.Err()
	if err == nil {
		return
	}
	blame(ctx, report.InfraPort, err)
	if !CurrentSpecReport().Failed() {
		Fail("the board did not come through the spec: " + err.Error())
	}
}

// outlived adds a failure if the board died behind the last spec, where no other
// finds it.
func outlived(ctx context.Context) {
	err := under.Console.Err()
	if err == nil || spoilt || ctx.Err() != nil {
		return
	}
	res := report.Result{
		ID: "The board outlives its specs", Status: report.Fail, Class: rig.Classify(report.InfraPort, err), Demanded: true,
		Grade: under.Grade(), Server: under.Server.Mode().String(), Message: "the board died behind the last spec: " + err.Error(),
		Crash: under.Postmortem(ctx, err),
	}
	findings.Results = append(findings.Results, res)
	if selected.Observe != nil {
		selected.Observe(res.ID, res)
	}
}

// died fails the spec that finds the board dead: it was alive when the one
// before it ended.
func died(ctx SpecContext) {
	if err := under.Console.Err(); err != nil && !spoilt {
		spoilt = true
		blame(ctx, report.InfraPort, err)
		Fail("the board died between the spec before this one and this one: " + err.Error())
	}
}
