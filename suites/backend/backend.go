// Package backend holds the specs of a backend that is asked without a board:
// one for each requirement that its profiles demand. What asks is package
// conform, once, before the first of them.
//
// The specs are ordinary Go, so that they run under `go test` and inside a
// binary alike. There is one tree of specs in a process, and others have theirs
// in it, so nothing is put there before Register is called.
package backend

import (
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// patience is how long the backend may take to give up on a request that does
// not go on.
const patience = 30 * time.Second

// Subject is what the specs are held against.
type Subject struct {
	Profiles []string
	Server   func() *server.Server // that runs when the first spec begins
	Seed     func() uint64
}

// Register puts the specs into the tree.
func Register(suite *vectors.Suite, s Subject) {
	Describe("The backend by itself", Ordered, ContinueOnFailure, func() {
		var record *evidence.Run
		BeforeAll(func(ctx SpecContext) {
			var err error
			target := live.Served(s.Server())
			target.Patience = patience
			record, err = conform.Run(ctx, suite, conform.Options{Target: target, Profiles: s.Profiles, Seed: s.Seed()})
			Expect(err).NotTo(HaveOccurred(), "ask the backend")
		})
		for _, req := range Demanded(suite, s.Profiles) {
			It(fmt.Sprintf("holds %s: %s", req.ID, req.Text), Label(req.ID), func() {
				broken, passed := record.About(req.ID)
				Expect(words(broken)).To(BeEmpty())
				if why := lacking(record, req.ID); passed == 0 && why != "" {
					Skip(why)
				}
				Expect(passed).NotTo(BeZero(), "tests that show it")
			})
		}
	})
}

// Demanded returns the requirements of a backend that one of the profiles
// demands, in the order of the register.
func Demanded(suite *vectors.Suite, profiles []string) (list []vectors.Requirement) {
	for _, req := range suite.Requirements.Sorted() {
		demanded := slices.ContainsFunc(profiles, func(p string) bool { return req.Levels[p] == "MUST" })
		seen := slices.Contains(req.Observe, "blackbox") || slices.Contains(req.Observe, "hook")
		if demanded && seen {
			list = append(list, req)
		}
	}
	return list
}

// words says what broke a requirement, a line for each test.
func words(broken []evidence.Result) (lines []string) {
	for _, res := range broken {
		lines = append(lines, fmt.Sprintf("%s: %s", res.ID, res.Why))
	}
	return lines
}

// lacking says why no test of a requirement was run, or nothing where one was.
func lacking(record *evidence.Run, req string) (why string) {
	for _, res := range record.Results {
		if !slices.Contains(res.Reqs, req) {
			continue
		}
		if res.Verdict != evidence.NotRun && res.Verdict != evidence.Skip {
			return ""
		}
		why = res.Why
	}
	return why
}
