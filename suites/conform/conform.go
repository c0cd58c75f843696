// Package conform runs everything that can be asked of a backend, in an order
// that wastes no device, and returns the record of it:
//
//	run, err := conform.Run(ctx, suite, conform.Options{
//		Target:   live.Target{URL: "http://127.0.0.1:1880/data", Devices: devices},
//		Profiles: []string{"secure"},
//	})
//
// Tests that no device is the worse for come first, then, all at once, those that
// wait for the backend's own timeouts, and last those after which a device may be
// locked out.
package conform

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// ErrNothing reports that no test was selected.
var ErrNothing = errors.New("conform: nothing was tested")

// Options say what is run, and against what.
type Options struct {
	Target   live.Target
	Profiles []string         // the backend is to conform to; at least one of core, strict, secure and durable
	Only     []*regexp.Regexp // tests whose id matches one of these; all if none
	Not      []*regexp.Regexp // but none of these
	Seed     uint64
	Budget   time.Duration // that the run may take; what is left then is NOT_RUN. No limit if 0

	Version string // of espalier, for the record

	Plan    func([]Step)          // is told what is going to be run; may be nil
	Observe func(evidence.Result) // is told each result as it comes; may be nil
}

// Run runs what the options select, after a first exchange with each device. The
// record is there, as far as it came, with an error too. Errors wrap ErrNothing,
// live's sentinels, or ctx's.
func Run(ctx context.Context, suite *vectors.Suite, o Options) (*evidence.Run, error) {
	c := &course{suite: suite, options: o}
	return c.run(ctx)
}
