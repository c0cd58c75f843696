// Package live runs the vectors against a backend that answers over HTTP,
// whatever it is written in:
//
//	engine, err := live.New(suite, live.Target{URL: "http://127.0.0.1:1880/data", Devices: devices}, seed)
//	result := engine.Run(ctx, "sequence/replay")
//
// Messages are made again for the target's devices, under fresh salts and from
// where each device stands. What a backend has stored is asked of it in the only
// way that everybody can answer: after a test the number below next must be
// refused and next accepted. That is the canary, too: no refusal may lock the
// device out, move next or stop the backend.
package live

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// ErrTarget reports a target that nothing can be sent to.
var ErrTarget = errors.New("live: target")

// Target is the backend under test, and what may be done with it.
type Target struct {
	URL     string   // devices post below it, each to its id: http://127.0.0.1:1880/data
	Devices []Device // that the backend knows, and that are reserved for tests
	Hooks   Hooks
	Strict  bool // where several outcomes are permitted, the first is demanded

	Timeout  time.Duration // for one answer; 10 s if 0
	Patience time.Duration // for the backend's own timeouts; if 0, what waits for them is NOT_RUN
	Revival  time.Duration // for whatever watches the backend to start it again when it has ended; 10 s if 0
}

// Device is one device that the backend knows.
type Device struct {
	ID         string
	Passphrase string
	Next       uint64 // the lowest number that the backend still accepts
	Disposable bool   // it may be locked out
}

// Hooks are what a target can do beside taking messages. Each may be nil; what
// needs it is NOT_RUN then.
type Hooks struct {
	// Provision makes a device known under a passphrase. next counts where it
	// was not known.
	Provision func(ctx context.Context, id, passphrase string, next uint64) error

	// State returns what the backend keeps of a device.
	State func(ctx context.Context, id string) (State, error)

	// Readings returns what the backend has stored of a device under numbers of at
	// least from, in any order.
	Readings func(ctx context.Context, id string, from uint64) ([]Reading, error)

	// Restart stops the backend in good order and starts it again; Kill does so
	// with SIGKILL. Both return the URL at which it answers then.
	Restart, Kill func(ctx context.Context) (url string, err error)
}

// State is what a backend keeps of a device.
type State struct {
	Unknown bool    // it does not know the device, and the rest means nothing
	Next    uint64  // the lowest number that it still accepts
	Missing *uint64 // numbers that were skipped; nil where it does not count them
}

// Reading is a message as a backend has stored it.
type Reading struct {
	SEQN uint64
	Data json.RawMessage
}

// Engine runs tests against one target, one after the other.
type Engine struct {
	suite   *vectors.Suite
	target  Target
	seed    uint64
	base    *url.URL
	devices []*device
	sharp   *sight // what bursts can see from here, once it was measured
	racy    bool   // messages of one device at once were seen to overwrite what the others stored
	cold    bool   // the backend closes each connection after its first answer
	health  health
}

// New returns an engine. The seed decides all that is made at random: with the
// same one, on devices in the same state, the same messages are sent. Only the
// ids of devices that are made for a test are new each time.
func New(suite *vectors.Suite, target Target, seed uint64) (*Engine, error) {
	e := &Engine{suite: suite, target: target, seed: seed}
	if err := e.move(target.URL); err != nil {
		return nil, err
	}
	if e.target.Timeout == 0 {
		e.target.Timeout = 10 * time.Second
	}
	e.target.Revival = cmp.Or(e.target.Revival, 10*time.Second)
	for _, d := range target.Devices {
		e.devices = append(e.devices, &device{id: d.ID, passphrase: d.Passphrase, next: d.Next, disposable: d.Disposable})
	}
	if len(e.devices) == 0 && target.Hooks.Provision == nil {
		return nil, fmt.Errorf("%w: no device is given, and none can be provisioned", ErrTarget)
	}
	return e, nil
}

// move points the engine at another URL.
func (e *Engine) move(text string) error {
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Scheme != "http" || u.Host == "" || u.RawQuery != "" {
		return fmt.Errorf("%w: %q is no URL below which devices post, such as http://127.0.0.1:1880/data", ErrTarget, text)
	}
	e.base = u
	return nil
}

// Run runs the test with that id. What goes wrong is in the result.
func (e *Engine) Run(ctx context.Context, id string) Result {
	r := e.begin(id)
	f, known := e.suite.Find(id)
	i := slices.IndexFunc(natives, func(n native) bool { return n.ID == id })
	var err error
	switch {
	case known:
		r.result.Reqs = f.Test.Common().Reqs
		if err = r.fit(ctx); err == nil {
			err = r.test(ctx, f)
		}
	case i >= 0:
		r.result.Reqs = natives[i].Reqs
		if err = r.fit(ctx); err == nil {
			err = r.native(ctx, natives[i])
		}
	default:
		err = errors.New("there is no such test")
	}
	return r.end(ctx, err)
}

// Together runs tests that wait for the backend's own timeouts, all of them at
// once. Their ids are those of [vectors.HTTPTest]s.
func (e *Engine) Together(ctx context.Context, ids []string) []Result {
	runs, talks, errs := make([]*run, len(ids)), make([]*talk, len(ids)), make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		r := e.begin(id)
		r.aside = true
		runs[i] = r
		f, _ := e.suite.Find(id)
		t, ok := f.Test.(*vectors.HTTPTest)
		if !ok {
			errs[i] = errors.New("there is no such test of HTTP")
			continue
		}
		r.result.Reqs = t.Reqs
		if errs[i] = cmp.Or(r.fit(ctx), r.able(&t.Case)); errs[i] != nil {
			continue
		}
		if talks[i], errs[i] = r.prepare(ctx, t); errs[i] != nil {
			continue
		}
		all.Go(func() { talks[i].answers, errs[i] = r.converse(ctx, t, talks[i].requests) })
	}
	all.Wait()
	results := make([]Result, len(ids))
	for i, r := range runs {
		if errs[i] == nil {
			errs[i] = r.conclude(ctx, talks[i])
		}
		results[i] = r.end(ctx, errs[i])
	}
	return results
}

// begin makes a run of the test with that id.
func (e *Engine) begin(id string) *run {
	sum := fnv.New64a()
	sum.Write([]byte(id))
	r := &run{Engine: e, result: &Result{ID: id, Seed: e.seed}, rng: rand.New(rand.NewPCG(e.seed, sum.Sum64())), began: time.Now()}
	r.risk, _, _ = e.Risk(id)
	for _, d := range e.devices {
		r.secrets = append(r.secrets, d.passphrase)
	}
	return r
}

// end makes the result of how the test ended.
func (r *run) end(ctx context.Context, err error) Result {
	r.result.settle(r.outlived(err), r.lenient)
	if r.diagnose(ctx) {
		r.recover(ctx)
	} else {
		r.skip()
	}
	r.result.Why = r.clean(r.result.Why)
	for i, note := range r.result.Notes {
		r.result.Notes[i] = r.clean(note)
	}
	r.result.Took = time.Since(r.began)
	return *r.result
}

// run is one test under way.
type run struct {
	*Engine
	result    *Result
	rng       *rand.Rand
	leased    []*device // that the test has touched
	accepted  int       // messages, so far
	risk      Risk
	lenient   error // a finding that strict profiles make of what core permits
	began     time.Time
	revived   bool // the backend was started again meanwhile, by whomever
	restarted bool // by the test
	aside     bool // other tests run at the same time
	synced    bool // the backend has told next
	stuck     bool // a device was, though all that it had sent was answered as it should be
	secrets   []string

	passphrase string // of devices that are made for the test; a random one if empty
}

// test dispatches on the type. It returns nil, a finding, or an error of the
// engine's own.
func (r *run) test(ctx context.Context, f vectors.Found) error {
	if err := r.able(f.Test.Common()); err != nil {
		return err
	}
	switch t := f.Test.(type) {
	case *vectors.SequenceTest:
		return r.sequence(ctx, t)
	case *vectors.ConcurrencyTest:
		return r.concurrency(ctx, t)
	case *vectors.OracleTest:
		return r.oracle(ctx, t)
	case *vectors.HTTPTest:
		return r.http(ctx, t)
	case *vectors.EnvelopeTest:
		return r.envelope(ctx, f.Group, t)
	case *vectors.PayloadTest:
		return r.payload(ctx, f.Group, t)
	}
	return notRun("a %T is nothing that a backend is asked", f.Test)
}

// native runs a test that stands in no file.
func (r *run) native(ctx context.Context, n native) error {
	if err := r.able(&n.Case); err != nil {
		return err
	}
	return n.run(r, ctx)
}

// able says what the target lacks for a test.
func (r *run) able(c *vectors.Case) error {
	hooks := r.target.Hooks
	for _, feature := range c.Features {
		has, why := false, ""
		switch feature {
		case "hook.restart":
			has, why = hooks.Restart != nil, "the backend cannot be restarted from here"
		case "hook.kill":
			has, why = hooks.Kill != nil, "the backend cannot be killed from here"
		case "hook.state":
			has, why = hooks.State != nil, "the backend does not tell its state"
		case "hook.readings":
			has, why = hooks.Readings != nil, "the backend does not tell what it has stored"
		case "hook.provision":
			if has = hooks.Provision != nil || r.disposable(); !has {
				return r.none(1, false, true)
			}
		case "patience":
			has, why = r.target.Patience > 0, "nobody has the patience"
		default:
			why = fmt.Sprintf("this runner does not know the feature %q", feature)
		}
		if !has {
			return notRun("%s", why)
		}
	}
	return nil
}
