package device

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/harness/wire"
	"github.com/espalier-hil/espalier/vectors"
)

// register is what specs may cite.
var register = func() vectors.Register {
	reg, err := vectors.Requirements()
	if err != nil {
		panic("device: internal error: " + err.Error())
	}
	return reg
}()

// result turns Ginkgo's account of one spec into ours.
func result(spec types.SpecReport) report.Result {
	res := report.Result{
		ID:       spec.FullText(),
		Status:   report.Pass,
		Grade:    under.Grade(),
		Server:   under.Server.Mode().String(),
		Started:  spec.StartTime,
		Duration: spec.RunTime,
	}
	for _, label := range spec.Labels() {
		if isRequirement(label) {
			res.Requirements = append(res.Requirements, label)
		} else {
			res.Labels = append(res.Labels, label)
		}
	}
	res.Demanded = !slices.Contains(res.Labels, optional) && !slices.ContainsFunc(spec.ReportEntries, func(e types.ReportEntry) bool { return e.Name == excused })
	switch {
	case spec.State.Is(types.SpecStatePassed):
	case spec.State.Is(types.SpecStateSkipped | types.SpecStatePending):
		res.Status, res.Message = report.Skip, spec.Failure.Message
	case interrupted.Load() || spec.State.Is(types.SpecStateInterrupted|types.SpecStateAborted):
		// No promise was broken here: somebody lost patience.
		res.Status, res.Message = report.Skip, "interrupted"
	default:
		res.Status = report.Fail
		explain(&res, spec)
	}
	if err := citations(res.Requirements); err != nil {
		res.Status, res.Class, res.Message = report.Fail, report.Harness, err.Error()
	}
	return res
}

// tail is how many lines of each lane of the timeline a failure shows.
const tail = 8

// explain says why a spec failed, whose failure that is, and how to see it
// again.
func explain(res *report.Result, spec types.SpecReport) {
	res.Class = classOf(spec)
	res.Message = strings.TrimSpace(spec.FailureMessage())
	if spec.State.Is(types.SpecStatePanicked) {
		res.Message = "panic: " + fmt.Sprint(spec.Failure.ForwardedPanic)
	}
	if late := tardy(since(spec.StartTime)); late != "" && res.Class == report.Nonconformant {
		res.Class, res.Message = report.ServerFailed, late+res.Message
	}
	res.Log = timeline.Tails(under.Heard(spec.StartTime), tail)
	for _, e := range spec.ReportEntries {
		switch {
		case e.Name == crashEntry && res.Crash == nil:
			res.Crash = strings.Split(e.StringRepresentation(), "\n")
		case e.Name == lastEntry:
			res.Log = strings.Split(e.StringRepresentation(), "\n")
		}
	}
	res.Location = fmt.Sprintf("%s:%d", spec.Failure.Location.FileName, spec.Failure.Location.LineNumber)
	res.Repeat = fmt.Sprintf("espalier run --only '%s' --seed %d", Alone(spec.FullText()), under.Seed())
}

// since returns what has passed on the wire since a moment.
func since(began time.Time) (passed []wire.Exchange) {
	for _, x := range under.Wire.Exchanges() {
		if !x.Start.Before(began) {
			passed = append(passed, x)
		}
	}
	return passed
}

// classOf returns the class of a failure: a board that crashed, a port that is
// gone or a server that died explain everything else; then what the error said
// of itself; and what is left is a broken requirement.
func classOf(spec types.SpecReport) report.Class {
	for _, e := range spec.ReportEntries {
		if e.Name == classEntry && e.StringRepresentation() == string(report.Crash) {
			return report.Crash
		}
	}
	if err := under.Console.Err(); err != nil {
		return rig.Classify(report.InfraPort, err)
	}
	if under.Server.Alive() != nil {
		return report.ServerFailed
	}
	if spec.State.Is(types.SpecStatePanicked) {
		return report.Harness
	}
	for _, e := range spec.ReportEntries {
		if e.Name == classEntry {
			return report.Class(e.StringRepresentation())
		}
	}
	return report.Nonconformant
}

// citations checks that a spec cites something, and only what there is.
func citations(ids []string) error {
	if len(ids) == 0 {
		return fmt.Errorf("the spec cites no requirement")
	}
	for _, id := range ids {
		if _, known := register[id]; !known {
			return fmt.Errorf("the spec cites %s, which vectors/requirements.json does not know", id)
		}
	}
	return nil
}

// Alone returns the regular expression that selects the spec of this text, and no
// other that begins like it. A quotation mark, which a shell would take for its
// own, is any one character there.
func Alone(text string) string {
	return "^" + strings.ReplaceAll(regexp.QuoteMeta(text), "'", ".") + "$"
}
