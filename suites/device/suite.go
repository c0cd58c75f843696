// Package device holds the specs that a device and its backend are held to,
// end to end: from the flashed image to the stored reading.
//
// The specs are ordinary Go, so that they run under `go test` and inside the
// espalier binary alike. They work on one rig, which is up before the first of
// them begins, and leave it as they found it. Each cites the requirements that
// it shows as labels; an id that is not in the register is red.
package device

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

// needsVirtual labels specs that only a virtual board can go through. On
// others they are not selected.
const needsVirtual = "virtual-only"

// The run under way. Ginkgo has one tree in a process and runs it once, so
// this is where specs find what they work on.
var (
	under    *rig.Rig
	selected Selection
	findings Findings
)

// Findings are what the specs found out.
type Findings struct {
	Results      []report.Result
	Measurements []report.Measurement
}

// Run runs the selected specs on r and returns what they found. It can be
// called once in a process. No spec selected is no result, which is red.
func Run(ctx context.Context, r *rig.Rig, s Selection) (Findings, error) {
	if err := s.Check(); err != nil {
		return Findings{}, err
	}
	under, selected = r, s
	RegisterFailHandler(Fail)
	_, reporter := GinkgoConfiguration()
	suite := s.configuration(r.Virtual() != nil, r.Seed())
	// Results are reported by Observe; Ginkgo's own account of them would say
	// everything twice.
	formatter.ColorableStdOut = io.Discard
	stop := context.AfterFunc(ctx, func() { interrupted.Store(true) })
	defer stop()
	frame()
	RunSpecs(verdict{}, description, suite, reporter)
	outlived(ctx)
	return findings, ctx.Err()
}

// interrupted is set when the caller gave up; the specs left are skipped.
var interrupted atomic.Bool

// verdict satisfies RunSpecs; what failed is in the findings.
type verdict struct{}

// Fail implements [GinkgoTestingT].
func (verdict) Fail() {}

// frame puts around every spec what all have in common. It is called when the
// specs are about to run, and not before: Ginkgo's preview of a tree leaves the
// tree without what hangs at its root.
func frame() {
	BeforeEach(func(ctx SpecContext) {
		if interrupted.Load() {
			Skip("the run was interrupted")
		}
		lacking(CurrentSpecReport())
		died(ctx)
		if spoilt {
			revive(ctx)
		}
	})
	JustAfterEach(survived)
	ReportAfterEach(collect)
}

// spoilt is set when a spec failed and may have left the rig in any state.
var spoilt bool

// revive brings the board back after a spec that failed: one broken promise
// must not break those that follow.
//
// A port or a board that is gone is gone for all that follow. To look for it
// again before each of them would take an hour.
func revive(ctx context.Context) {
	GinkgoHelper()
	if gone == nil {
		err := under.Recover(ctx)
		if class := rig.Classify(report.Harness, err); err != nil && (class == report.InfraPort || class == report.InfraBoard) {
			gone = err
		}
		expectDone(err, "bring the rig back after a failed spec")
	}
	expectDone(gone, "bring the rig back, which was in vain before")
	spoilt = false
}

// gone is why the rig could not be brought back.
var gone error

// collect takes in how a spec ended.
func collect(spec SpecReport) {
	if spec.State == types.SpecStateSkipped && spec.NumAttempts == 0 {
		return // not selected
	}
	res := result(spec)
	spoilt = spoilt || res.Status == report.Fail
	findings.Results = append(findings.Results, res)
	if selected.Observe != nil {
		selected.Observe(spec.ContainerHierarchyTexts[0], res)
	}
}

// note adds n to the measurement called name.
func note(name string, n int) {
	for i := range findings.Measurements {
		if findings.Measurements[i].Name == name {
			findings.Measurements[i].Value += float64(n)
			return
		}
	}
	findings.Measurements = append(findings.Measurements, report.Measurement{Name: name, Value: float64(n)})
}

// expectDone fails the spec where the rig could not do its part, with the
// class that the error names.
func expectDone(err error, format string, args ...any) {
	GinkgoHelper()
	if err != nil {
		blame(context.Background(), report.Nonconformant, err)
		Fail(fmt.Sprintf(format, args...) + ": " + err.Error())
	}
}

const classEntry = "class"

// isRequirement reports whether a label is the id of a requirement.
func isRequirement(label string) bool { return strings.HasPrefix(label, "REQ-") }
