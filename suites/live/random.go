package live

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/explore"
	"github.com/espalier-hil/espalier/vectors"
)

// sequences are the requirements of which histories show whether they hold.
var sequences = []string{"REQ-SEQ-001", "REQ-SEQ-002", "REQ-SEQ-003", "REQ-SEQ-007", "REQ-SEQ-010"}

// random are the tests whose histories are made at random, of the seed alone.
var random = []native{
	wander("random/one-device", "messages in any order, of one device", 12, explore.Mix{Steps: 40, Devices: 1}, sequences),
	wander("random/two-devices", "messages in any order, of two devices in turns", 8, explore.Mix{Steps: 40, Devices: 2}, append(slices.Clip(sequences), "REQ-SEQ-008")),
	wander("random/at-once", "messages in any order, now and then several at once", 8, explore.Mix{Steps: 30, Devices: 1, Bursts: true}, append(slices.Clip(sequences), "REQ-SEQ-004")),
	wander("random/restarts", "messages in any order, and restarts among them", 4, explore.Mix{Steps: 16, Devices: 1, Again: []explore.Kind{explore.Restart}}, append(slices.Clip(sequences), "REQ-SEQ-005", "REQ-SEQ-012"), "hook.restart"),
	wander("random/kills", "messages in any order, and kill -9 among them", 4, explore.Mix{Steps: 16, Devices: 1, Again: []explore.Kind{explore.Kill}}, append(slices.Clip(sequences), "REQ-SEQ-005", "REQ-SEQ-012"), "hook.kill"),
}

// How long the shortest history is looked for.
const (
	shrinkTries = 300
	shrinkTime  = 10 * time.Second
)

func wander(id, comment string, histories int, mix explore.Mix, reqs []string, features ...string) native {
	return native{
		Case: vectors.Case{ID: id, Comment: comment, Reqs: reqs, Importance: "critical", Features: features, Result: vectors.Valid},
		run:  func(r *run, ctx context.Context) error { return r.wander(ctx, histories, mix) },
	}
}

// wander tries histories until one fails, and shows the shortest that fails so.
// What is only a message that should be refused by itself is another test's
// affair: it is left out from then on, and reported if there is nothing else.
func (r *run) wander(ctx context.Context, histories int, mix explore.Mix) error {
	g := &ground{run: r}
	mix.Recipes = r.recipes()
	if r.target.Hooks.Provision == nil {
		mix.Far = 2000 // the device is to be of use tomorrow
	}
	sum := fnv.New64a()
	sum.Write([]byte(r.result.ID))
	rng := rand.New(rand.NewPCG(r.seed, ^sum.Sum64()))
	var alone error
	steps := 0
	for i := range histories {
		h := explore.Generate(rng, mix)
		f, err := explore.Try(ctx, g, h)
		if err != nil {
			return g.words(h, err)
		}
		if steps += len(h); f == nil {
			continue
		}
		var exchanges []Exchange // of the history that is shown
		left := 0
		keep := func() { exchanges, left = slices.Clone(r.result.Exchanges), r.result.Left }
		keep()
		s := explore.Shrink(ctx, g, h, f, mix.Recipes, explore.Limit{Tries: shrinkTries, Time: shrinkTime, Keep: keep})
		r.result.Exchanges, r.result.Left = exchanges, left
		err = g.report(i+1, h, s)
		if len(s.History) > 1 || s.Failure.Kind != explore.Refused {
			return err
		}
		if mix.Recipes = slices.DeleteFunc(mix.Recipes, func(id string) bool { return id == s.Failure.What }); alone == nil {
			alone = err
		}
	}
	r.result.note("%d histories of %d steps in all, made of seed %d", histories, steps, r.seed)
	return alone
}

// recipes are ids of messages that no backend accepts, whatever the number: some
// of each kind, the plainest first.
func (r *run) recipes() (list []string) {
	const most = 24
	add := func(g *vectors.Group, c *vectors.Case, recipe vectors.Construct) {
		own := strings.Contains(recipe.Plain, "${SEQN}") && (g.Next == "" || g.Next == ordinary) && (recipe.SEQN == "" || recipe.SEQN == ordinary)
		ordinarily := g.PassphraseHex == "" || g.PassphraseHex == ordinaryPassphrase
		searches := slices.ContainsFunc(recipe.Ops, func(op vectors.Op) bool { return op.Op == "search" })
		if c.Result == vectors.Invalid && own && ordinarily && !searches && len(recipe.Plain) < 200 {
			list = append(list, c.ID)
		}
	}
	for _, file := range r.suite.Files {
		for _, g := range file.Groups {
			for _, t := range g.Tests {
				switch t := t.(type) {
				case *vectors.EnvelopeTest:
					add(g, &t.Case, t.Construct)
				case *vectors.PayloadTest:
					add(g, &t.Case, t.Construct)
				}
			}
		}
	}
	some := []string{}
	for i := range most {
		if at := i * len(list) / most; at < len(list) && !slices.Contains(some, list[at]) {
			some = append(some, list[at])
		}
	}
	return some
}

// ground is the backend under test, to tread on.
type ground struct {
	*run
	devices []*device
	sent    map[int]message
	used    bool
}

// Begin leases devices, and before each try but the first brings those that
// cannot be made anew to a number that nobody has used.
func (g *ground) Begin(ctx context.Context, devices int) (starts []explore.Start, err error) {
	g.sent = map[int]message{}
	g.result.Exchanges, g.result.Left = nil, 0 // those of the last try are the ones that matter
	made := g.target.Hooks.Provision != nil
	if !g.used || made {
		initial := map[string]string{}
		for i := range devices {
			initial[string(rune('a'+i))] = "121"
		}
		leased, err := g.lease(ctx, initial, nil, false)
		if err != nil {
			return nil, err
		}
		g.devices = nil
		for _, letter := range sorted(leased) {
			g.devices = append(g.devices, leased[letter])
		}
	}
	for _, d := range g.devices[:min(devices, len(g.devices))] {
		if g.used && !made {
			if err := g.ahead(ctx, d); err != nil {
				return nil, err
			}
		}
		starts = append(starts, explore.Start{Next: new(big.Int).SetUint64(d.next), New: made})
	}
	g.used = true
	return starts, nil
}

// ahead brings a device that stands somewhere, behind all numbers that were sent.
func (g *ground) ahead(ctx context.Context, d *device) error {
	for _, n := range []uint64{d.next, max(d.next, d.high+1), d.high + farthest} {
		if n > last {
			break
		}
		a := g.post(ctx, "to a number that was not used", d, g.seal(d, n))
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted {
			d.next = n + 1
			return nil
		}
	}
	return fmt.Errorf("device %s accepts nothing any more", d.id)
}

// Send sends a message, or copies of one at once.
func (g *ground) Send(ctx context.Context, messages []explore.Message) (out []explore.Outcome, err error) {
	first := messages[0]
	m, known := g.sent[first.Of]
	if !first.Again || !known {
		if m, err = g.make(first); err != nil {
			return nil, err
		}
		g.sent[first.Step] = m
	}
	to := g.devices[first.Device]
	if first.Unknown {
		to = m.from
	}
	if len(messages) > 1 {
		return g.salvo(ctx, to, m, len(messages))
	}
	a := g.post(ctx, first.Words, to, m)
	switch err := a.trouble(); {
	case a.accepted:
		to.next = max(to.next, m.seqn+1)
		out = append(out, explore.IsAccepted)
	case a.err == nil:
		out = append(out, explore.IsRefused)
	case a.silent():
		return []explore.Outcome{explore.IsSilent}, nil
	default:
		return nil, err
	}
	if a.leak != "" {
		return nil, a.trouble()
	}
	return out, nil
}

// silent reports whether the connection ended in place of an answer, from a
// backend that goes on.
func (a answer) silent() bool {
	var f *finding
	return a.err != nil && errors.As(a.trouble(), &f) && f.verdict == Fail
}

// make makes the message of a step.
func (g *ground) make(m explore.Message) (message, error) {
	n := m.Number.Uint64()
	switch {
	case m.Unknown:
		return g.seal(&device{id: g.name(), passphrase: g.devices[m.Device].passphrase, unknown: true}, n), nil
	case m.What != "":
		return g.remake(m.What, g.devices[m.Device], n)
	}
	return g.seal(g.devices[m.Device], n), nil
}

// salvo sends copies at once.
func (g *ground) salvo(ctx context.Context, to *device, m message, copies int) (out []explore.Outcome, err error) {
	var shots []*shot
	for range copies {
		shots = append(shots, &shot{to: to, message: m, request: g.raw(to, m)})
	}
	ops, err := g.volley(ctx, shots, true)
	for _, op := range ops {
		switch op.Outcome {
		case Accepted:
			to.next = max(to.next, m.seqn+1)
			out = append(out, explore.IsAccepted)
		case Refused:
			out = append(out, explore.IsRefused)
		default:
			out = append(out, explore.IsSilent)
		}
	}
	return out, err
}

// Again restarts the backend or kills it.
func (g *ground) Again(ctx context.Context, how explore.Kind) error {
	again := g.target.Hooks.Restart
	if how == explore.Kill || again == nil {
		again = g.target.Hooks.Kill
	}
	if again == nil {
		return notRun("the backend cannot be made to %s from here", how)
	}
	g.revived = true
	u, err := again(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", how, err)
	}
	return g.move(u)
}

// State asks the backend, if it tells.
func (g *ground) State(ctx context.Context, at int) (next, missing *big.Int, err error) {
	if g.target.Hooks.State == nil {
		return nil, nil, nil
	}
	d := g.devices[at]
	state, err := g.told(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	if state.Missing != nil {
		missing = new(big.Int).SetUint64(*state.Missing)
	}
	return new(big.Int).SetUint64(state.Next), missing, nil
}

// words notes a history that something else ended than a wrong answer.
func (g *ground) words(h explore.History, err error) error {
	for _, line := range h.Words() {
		g.result.note("%s", line)
	}
	return err
}

// report makes the finding of the shortest history.
func (g *ground) report(number int, h explore.History, s explore.Shortest) error {
	broke := explore.Blame(s.History, s.Failure)
	if !s.Again && len(broke) > 0 && s.Failure.Kind != explore.Stranger && s.Failure.Kind != explore.Burst {
		broke = []string{"REQ-SEQ-001"} // a long history does not tell what it is about
	}
	if f, known := g.suite.Find(s.Failure.What); known && s.Failure.Kind == explore.Refused {
		broke = f.Test.Common().Reqs
	}
	f := &finding{verdict: Fail, why: s.Failure.Why, broke: broke}
	switch {
	case s.Err != nil:
		f.why = fmt.Sprintf("%s; it could not be tried again: %v", f.why, s.Err)
		g.result.note("the history as it was made, the %d. of seed %d:", number, g.seed)
	case !s.Again:
		f.why = fmt.Sprintf("%s; in %d tries that did not come again", f.why, s.Tries)
		if s.Failure.Got != explore.IsAccepted { // what was accepted was, but a refusal may have had its reasons
			f.verdict = Inconclusive
		}
		g.result.note("the history as it was made, the %d. of seed %d, which did not fail again:", number, g.seed)
	case s.Done:
		g.result.note("the shortest history that fails so, found in %d tries from the %d. of seed %d, which has %d steps:", s.Tries, number, g.seed, len(h))
	default:
		g.result.note("a shorter history that fails so, found in %d tries from the %d. of seed %d, which has %d steps; there may be shorter ones:", s.Tries, number, g.seed, len(h))
	}
	g.words(s.History[:min(s.Failure.At+1, len(s.History))], nil)
	if s.Again && len(s.History) > 1 {
		f.why = fmt.Sprintf("%s (after %s)", f.why, explore.History(s.History[:len(s.History)-1]))
	}
	return f
}
