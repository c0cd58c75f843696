package cli

import (
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/backend"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/vectors"
)

// subject is the rig whose server the backend's specs are held against, once it
// is up. Specs have one tree in a process, and so one subject.
var subject *rig.Rig

// registered is set when the backend's specs are in the tree.
var registered bool

// checkProfiles makes sure that there are such profiles.
func (f *runFlags) checkProfiles() error {
	for _, p := range f.profiles {
		if !slices.Contains(evidence.Profiles, p) {
			return usage("--profile %q is none of %s", p, strings.Join(evidence.Profiles, ", "))
		}
	}
	return nil
}

// judge puts the backend's specs into the tree, if there is a profile to hold it
// to.
func (f *runFlags) judge() error {
	if err := f.checkProfiles(); err != nil {
		return err
	}
	if len(f.profiles) == 0 || registered {
		return nil
	}
	suite, err := vectors.All()
	if err != nil {
		return fail(report.CodeHarness, err)
	}
	registered = true
	backend.Register(suite, backend.Subject{
		Profiles: f.profiles,
		Server:   func() *server.Server { return subject.Server },
		Seed:     func() uint64 { return subject.Seed() },
	})
	return nil
}
