// Package conform runs everything that can be asked of a backend, in an order
// that wastes no device, and returns the record of it:
//
//	run, err := conform.Run(ctx, suite, conform.Options{
//		Target:   live.Target{URL: "http://127.0.0.1:1880/data", Devices: devices},
//		Profiles: []string{"secure"},
//	})
//
// Tests that no device is the worse for come first, those that wait for the
// backend's own timeouts beside them, and last those after which a device may be
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

// Sentinels of [Run].
var (
	// ErrNothing reports that no test was selected.
	ErrNothing = errors.New("conform: nothing was tested")

	// ErrUnreachable reports a backend that does not answer at all.
	ErrUnreachable = errors.New("conform: the backend does not answer")

	// ErrStranger reports a backend that refuses well-made messages of a device,
	// in any dialect: the id, the passphrase or next is another one there, and
	// nothing can be said of the backend.
	ErrStranger = errors.New("conform: the backend accepts nothing from the device")
)

// Options say what is run, and against what.
type Options struct {
	Target   live.Target
	Profiles []string         // the backend is to conform to; at least one of core, strict, secure and durable
	Only     []*regexp.Regexp // tests whose id matches one of these; all if none
	Not      []*regexp.Regexp // but none of these
	Seed     uint64
	Budget   time.Duration // that the run may take; what is left then is NOT_RUN. No limit if 0

	Observe func(evidence.Result) // is told each result as it comes; may be nil
}

// Run runs what the options select. The record is there, as far as it came, with
// an error too. Errors wrap the sentinels, those of package live, or ctx's.
func Run(ctx context.Context, suite *vectors.Suite, o Options) (*evidence.Run, error) {
	c := &course{suite: suite, options: o}
	return c.run(ctx)
}
