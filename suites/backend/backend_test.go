package backend_test

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/backend"
	"github.com/espalier-hil/espalier/suites/spectest"
	"github.com/espalier-hil/espalier/vectors"
)

// TestBackend runs the specs on the reference server; every spec is a test of
// its own.
func TestBackend(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	s := servertest.Reference(t)
	profiles := []string{"secure", "durable"}
	backend.Register(suite, backend.Subject{Profiles: profiles, Server: func() *server.Server { return s }, Seed: func() uint64 { return 1 }})
	if ran, want := spectest.Run(t, "Backend"), len(backend.Demanded(suite, profiles)); ran != want || want < 25 {
		t.Errorf("%d specs ran, of %d", ran, want)
	}
}
