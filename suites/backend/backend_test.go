package backend_test

import (
	"context"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/backend"
	"github.com/espalier-hil/espalier/vectors"
)

// TestBackend runs the specs on the reference server; every spec is a test of
// its own.
func TestBackend(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.Start(t.Context(), server.Config{Mode: server.Process})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	gomega.RegisterFailHandler(ginkgo.Fail)
	profiles := []string{"secure", "durable"}
	backend.Register(suite, backend.Subject{Profiles: profiles, Server: func() *server.Server { return s }, Seed: func() uint64 { return 1 }})
	var specs []types.SpecReport
	ginkgo.ReportAfterEach(func(s types.SpecReport) { specs = append(specs, s) })
	config, reporter := ginkgo.GinkgoConfiguration()
	config.FailOnEmpty = true
	ginkgo.RunSpecs(t, "Backend", config, reporter)
	for _, s := range specs {
		t.Run(s.FullText(), func(t *testing.T) {
			if !s.State.Is(types.SpecStatePassed) {
				t.Errorf("%s: %s", s.State, s.FailureMessage())
			}
		})
	}
	if want := len(backend.Demanded(suite, profiles)); len(specs) != want || want < 25 {
		t.Errorf("%d specs ran, of %d", len(specs), want)
	}
}
