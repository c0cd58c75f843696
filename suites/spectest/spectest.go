// Package spectest runs Ginkgo's specs under go test.
package spectest

import (
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
)

// Run runs the specs that were registered in this process, and returns how many
// ran. Each is a test of its own, and red unless it passed: one that is skipped
// or pending is. No specs are red too. Ginkgo runs its tree once in a process,
// and so does this.
func Run(t *testing.T, name string) int {
	t.Helper()
	gomega.RegisterFailHandler(ginkgo.Fail)
	var specs []types.SpecReport
	ginkgo.ReportAfterEach(func(s types.SpecReport) { specs = append(specs, s) })
	config, reporter := ginkgo.GinkgoConfiguration()
	config.FailOnEmpty = true
	ginkgo.RunSpecs(t, name, config, reporter)
	for _, s := range specs {
		t.Run(s.FullText(), func(t *testing.T) {
			if !s.State.Is(types.SpecStatePassed) {
				t.Errorf("%s: %s", s.State, s.FailureMessage())
			}
		})
	}
	return len(specs)
}
