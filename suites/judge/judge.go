// Package judge holds code under test against the vectors: it asks, compares,
// and says in one sentence what was expected and what came.
//
//	summary, err := judge.Run(ctx, suite, code, judge.Options{Profile: "core"})
//
// The code is never told what is expected. Each run judges the poison too,
// whose expectations are wrong: a judge that lets one pass compares nothing.
package judge

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
)

// Profiles are what code can be judged by. core permits each of an acceptable
// test's alternatives; strict and secure demand the first, where a requirement
// that it cites is a MUST for them.
var Profiles = []string{"core", "strict", "secure"}

var (
	// ErrProfile reports a profile that code cannot be judged by.
	ErrProfile = errors.New("judge: no such profile")

	// ErrNothing reports a run that has judged nothing, which is red.
	ErrNothing = errors.New("judge: nothing was tested")
)

// Options says what to run, by which profile, and who hears of it.
type Options struct {
	Profile string         // one of Profiles; "" is core
	Only    *regexp.Regexp // if not nil, tests whose id it matches
	Observe func(Result)   // if not nil, is told each result as it comes, poison not included
}

// Run judges c by the suite's tests and by the poison. The summary holds what
// has come out, even beside an error: ErrProfile, ErrNothing, or that of a
// context which ended.
func Run(ctx context.Context, suite *vectors.Suite, c codec.Codec, o Options) (*Summary, error) {
	j, err := newJudge(suite, c, o.Profile)
	if err != nil {
		return &Summary{Profile: o.Profile}, err
	}
	s := &Summary{Profile: j.profile}
	for _, f := range suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				if o.Only != nil && !o.Only.MatchString(t.Common().ID) {
					continue
				}
				r := j.test(ctx, g, t)
				if ctx.Err() != nil {
					return s, fmt.Errorf("judge: ended at %s: %w", r.ID, ctx.Err())
				}
				s.Results = append(s.Results, r)
				if o.Observe != nil {
					o.Observe(r)
				}
			}
		}
	}
	switch {
	case len(s.Results) == 0 && o.Only != nil:
		return s, fmt.Errorf("%w: no id matches %q", ErrNothing, o.Only)
	case s.Ran() == 0:
		return s, fmt.Errorf("%w: none of %d tests could be run; the first: %s", ErrNothing, len(s.Results), s.Results[0].Reason)
	}
	s.Dialects = sumUp(suite, s.Results)
	s.Poison, err = Poison(ctx, c, o.Profile)
	return s, err
}

// judge asks one codec.
type judge struct {
	codec   codec.Codec
	profile string
	suite   *vectors.Suite // where sequences find the vectors that they send
	faults  faults
	kind    string // type of the test under way
}

// faults are planted in the judge by its own tests, to show that the poison
// would tell.
type faults struct {
	idle func(kind string, a aspect) bool // comparisons that are not made
	same func(a, b []byte) bool           // how values of data are compared, in place of sameValue
}

func newJudge(suite *vectors.Suite, c codec.Codec, profile string) (*judge, error) {
	if profile == "" {
		profile = Profiles[0]
	}
	if !slices.Contains(Profiles, profile) {
		return nil, fmt.Errorf("%w: %q; there are %s", ErrProfile, profile, strings.Join(Profiles, ", "))
	}
	return &judge{codec: c, profile: profile, suite: suite}, nil
}

// lenient reports whether the profile permits more than the first alternative of
// a test that cites these requirements.
func (j *judge) lenient(reqs ...string) bool {
	return !j.suite.Requirements.Narrow(j.profile, reqs)
}

// aspect is one thing that the judge compares.
type aspect string

// differs is where every comparison passes through, so that tests can show that
// none of them is idle.
func (j *judge) differs(a aspect, yes bool) bool {
	return yes && (j.faults.idle == nil || !j.faults.idle(j.kind, a))
}

// One judges one test of the suite, which Find has returned.
func One(ctx context.Context, suite *vectors.Suite, c codec.Codec, profile string, f vectors.Found) (Result, error) {
	j, err := newJudge(suite, c, profile)
	if err != nil {
		return Result{}, err
	}
	return j.test(ctx, f.Group, f.Test), ctx.Err()
}

// Beyond returns why code without a server cannot be asked a test, or "" where
// it can. A type or a feature that is not known here is such a reason: what is
// not understood is not run, and does not pass.
func Beyond(suite *vectors.Suite, t vectors.Test) string {
	for _, feature := range t.Common().Features {
		if feature != "hook.provision" { // the judge keeps the devices, so that each test has new ones
			return fmt.Sprintf("it takes %s, which code without a server does not have", feature)
		}
	}
	switch t := t.(type) {
	case *vectors.KDFTest, *vectors.EnvelopeTest, *vectors.PayloadTest, *vectors.DeviceTest:
		return ""
	case *vectors.SequenceTest:
		return beyondSteps(suite, t)
	}
	return "its type takes a backend with a network"
}

// test judges one test.
func (j *judge) test(ctx context.Context, g *vectors.Group, t vectors.Test) Result {
	j.kind = g.Type
	c := t.Common()
	r := Result{ID: c.ID, Type: g.Type, Reqs: c.Reqs, Flags: c.Flags, Importance: c.Importance}
	if why := Beyond(j.suite, t); why != "" {
		r.end(NotRun, "%s", why)
		r.Beyond = true
		return r
	}
	switch t := t.(type) {
	case *vectors.KDFTest:
		j.kdf(ctx, &r, t)
	case *vectors.EnvelopeTest:
		j.envelope(ctx, &r, g, t)
	case *vectors.PayloadTest:
		j.payload(ctx, &r, g, t)
	case *vectors.SequenceTest:
		j.sequence(ctx, &r, t)
	case *vectors.DeviceTest:
		j.device(ctx, &r, t)
	}
	return r
}

// end sets the verdict and its sentence.
func (r *Result) end(v Verdict, format string, args ...any) {
	r.Verdict, r.Reason = v, fmt.Sprintf(format, args...)
}

// broken says that the test itself cannot be used.
func (r *Result) broken(err error) { r.end(Error, "the test is broken: %v", err) }

// trouble sets the verdict where op gave no answer, and reports whether that
// is so. A refusal is an answer.
func (r *Result) trouble(op string, err error) bool {
	switch {
	case err == nil || errors.As(err, new(codec.Rejected)):
		return false
	case errors.Is(err, codec.ErrUnimplemented):
		r.end(NotRun, "the code does not implement %s", op)
	case errors.Is(err, codec.ErrGone):
		r.end(NotRun, "%s: %v", op, err)
	case errors.Is(err, codec.ErrCrashed):
		r.end(Crash, "%s: %v", op, err)
	case errors.Is(err, codec.ErrHung):
		r.end(Hang, "%s: %v", op, err)
	default:
		r.end(Error, "%s: %v", op, err)
	}
	return true
}
