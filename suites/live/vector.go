package live

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// ordinary is next of those groups of the files whose numbers are an example.
const ordinary = "121"

// ordinaryPassphrase is the passphrase of those groups whose passphrase is an
// example, in hexadecimal; payloads have none. Others are meant as they stand.
const ordinaryPassphrase = "636f727265637420686f727365"

// envelope makes an envelope of the suite again and sends it.
func (r *run) envelope(ctx context.Context, g *vectors.Group, t *vectors.EnvelopeTest) error {
	if r.target.Hooks.Provision == nil && edited(g, t) {
		return skipped("it edits the digits of its number, which are others here, and no device can be provisioned for it; forgery/published does the same")
	}
	return r.vector(ctx, g, &t.Case, t.Construct)
}

// edited reports whether a message that is accepted counts as another number
// than it was made with: one of its digits was changed in the ciphertext.
func edited(g *vectors.Group, t *vectors.EnvelopeTest) bool {
	after := fmt.Sprint(number(cmp.Or(t.Construct.SEQN, g.Next)) + 1)
	for _, o := range t.Permitted {
		if reads(o) && o.Next != after {
			return true
		}
	}
	return false
}

// payload makes a payload of the suite again and sends it.
func (r *run) payload(ctx context.Context, g *vectors.Group, t *vectors.PayloadTest) error {
	return r.vector(ctx, g, &t.Case, t.Construct)
}

// vector sends what a recipe makes to a device that stands where the group's
// next is, holds the outcome against what is permitted, and proves next.
func (r *run) vector(ctx context.Context, g *vectors.Group, c *vectors.Case, recipe vectors.Construct) error {
	if recipe.PlainHex != "" { // the number may stand there, too
		text, err := hex.DecodeString(recipe.PlainHex)
		if err != nil {
			return fmt.Errorf("text of the recipe: %w", err)
		}
		recipe.Plain, recipe.PlainHex = string(text), ""
	}
	if r.target.Hooks.Provision == nil && g.Next == ordinary {
		r.displace(&recipe)
	}
	// Where devices can be made, they stand where the group says. Elsewhere
	// numbers are moved, but for those that are written out, which must be
	// refused of any device that stands high enough, or cannot be told from it.
	written := !strings.Contains(recipe.Plain, "${SEQN}")
	fresh := r.target.Hooks.Provision != nil || absolute(g, c, recipe)
	if fresh && r.target.Hooks.Provision == nil && !r.disposable() {
		return r.none(1, false, true)
	}
	if g.PassphraseHex != "" && g.PassphraseHex != ordinaryPassphrase {
		passphrase, err := hex.DecodeString(g.PassphraseHex)
		if err != nil {
			return fmt.Errorf("passphrase of the group: %w", err)
		}
		if r.target.Hooks.Provision == nil {
			return skipped("its passphrase is meant as it stands, and no device can be provisioned for it")
		}
		r.passphrase = string(passphrase)
	}
	devices, err := r.lease(ctx, map[string]string{"a": g.Next}, nil, fresh)
	if err != nil {
		return err
	}
	d := devices["a"]
	if written && d.shift < 0 {
		return skipped("device %s stands at %d, below the test's %s", d.id, d.next, g.Next)
	}
	seqn := d.next
	if recipe.SEQN != "" {
		if seqn, err = d.own(recipe.SEQN); err != nil {
			return err
		}
	}
	m, err := r.build(d, seqn, recipe)
	if err != nil {
		return err
	}
	a := r.post(ctx, c.Comment, d, m)
	if err := a.trouble(); err != nil {
		return err
	}
	outcome, err := r.judge(c, a)
	if a.accepted && !written {
		n, wrong := r.follow(ctx, d, c, err)
		switch {
		case wrong != nil:
			return wrong
		case n > 0:
			d.next = n
			return r.prove(ctx, d)
		}
	}
	if err != nil {
		return err
	}
	if a.accepted && outcome.Next != "" {
		if d.next, err = d.own(outcome.Next); err != nil {
			return err
		}
	} else if a.accepted {
		d.next = seqn + 1
	}
	return r.prove(ctx, d)
}

// absolute reports whether the numbers of a message mean nothing elsewhere than
// where they stand.
func absolute(g *vectors.Group, c *vectors.Case, recipe vectors.Construct) bool {
	if strings.Contains(recipe.Plain, "${SEQN}") {
		return g.Next != "" && g.Next != ordinary
	}
	return c.Result != vectors.Invalid || g.Next != "" && g.Next != ordinary
}

// seqnKey is the key before a number that is written out.
const seqnKey = `"SEQN":`

// displace puts the parameter in the place of a number that is written out and
// is just next, so that "121", [121] and 121.5 mean on any device what they mean
// on one that stands at 121.
func (r *run) displace(recipe *vectors.Construct) {
	at := strings.LastIndex(recipe.Plain, seqnKey)
	if at < 0 || strings.Contains(recipe.Plain, "${SEQN}") || strings.Count(recipe.Plain[at:], ordinary) != 1 {
		return
	}
	recipe.Plain = recipe.Plain[:at] + strings.Replace(recipe.Plain[at:], ordinary, "${SEQN}", 1)
	if recipe.SEQN == "" {
		recipe.SEQN = ordinary
	}
}

// judge returns the outcome that the answer stands for, or a finding where it
// is not permitted. What core permits and strict profiles do not is found later:
// first the test goes on to what core demands, too.
func (r *run) judge(c *vectors.Case, a answer) (vectors.Outcome, error) {
	permitted := c.Permitted
	switch c.Result {
	case vectors.Invalid:
		permitted = []vectors.Outcome{{}}
	case vectors.Valid:
		permitted = []vectors.Outcome{*c.Expect}
	}
	for i, o := range permitted {
		if reads(o) != a.accepted {
			continue
		}
		r.result.Dialect, r.result.Maybe = dialects(permitted[i:], a.accepted)
		if i > 0 && reads(o) != reads(permitted[0]) {
			r.permit(c, a)
		}
		return o, nil
	}
	f := &finding{verdict: Fail, why: fmt.Sprintf("%s: it was %s: %s", c.Comment, verb(a), a)}
	f.dialect, f.maybe = dialects(slices.Concat(c.Mistakes, c.Permitted), a.accepted)
	return vectors.Outcome{}, f
}

// dialects returns the dialects that do what was seen: the first one, and others
// that this test alone cannot tell from it.
func dialects(outcomes []vectors.Outcome, accepted bool) (first string, others []string) {
	for _, o := range outcomes {
		switch {
		case reads(o) != accepted || o.Dialect == "" || o.Dialect == first || slices.Contains(others, o.Dialect):
		case first == "":
			first = o.Dialect
		default:
			others = append(others, o.Dialect)
		}
	}
	return first, others
}

// follow finds out where a message has taken its device, if there are several
// places where it may stand: the lowest number that is accepted from there on is
// what one dialect says and the other does not. It returns what next is
// now, or 0 where there was nothing to find out, and what is wrong.
func (r *run) follow(ctx context.Context, d *device, c *vectors.Case, wrong error) (next uint64, err error) {
	at := map[uint64][]vectors.Outcome{}
	outcomes := c.Permitted
	if wrong != nil {
		outcomes = slices.Concat(c.Mistakes, c.Permitted)
	}
	for _, o := range outcomes {
		n, err := d.own(whole(o.Next))
		if reads(o) && err == nil && n <= last { // else nothing is accepted from there on, or there is no such number
			at[n] = append(at[n], o)
		}
	}
	if len(at) < 2 {
		return 0, wrong
	}
	for _, n := range slices.Sorted(maps.Keys(at)) {
		a := r.post(ctx, "follow-up: where does it stand now?", d, r.seal(d, n))
		if err := a.trouble(); err != nil {
			return 0, cmp.Or(wrong, err)
		}
		if !a.accepted {
			continue
		}
		d.next = n + 1
		dialect, maybe := dialects(at[n], true)
		var f *finding
		if errors.As(wrong, &f) {
			f.dialect, f.maybe = dialect, maybe
		} else {
			r.result.Dialect, r.result.Maybe = dialect, maybe
		}
		if l, is := r.lenient.(*finding); is {
			l.dialect, l.maybe = dialect, maybe
		}
		return d.next, wrong
	}
	if wrong == nil {
		wrong = r.blame(stuck, "none of the numbers is accepted at which device %s may stand after it", d.id)
	}
	return 0, wrong
}

// whole is a number of a mistake, as the code would print it, rounded up.
func whole(number string) string {
	n, fraction, has := strings.Cut(number, ".")
	var up int64
	if _, err := fmt.Sscan(n, &up); err == nil && has && strings.Trim(fraction, "0") != "" {
		return fmt.Sprint(up + 1)
	}
	return n
}

// permit takes note of an outcome that core permits and strict profiles do not,
// if one of those is asked for.
func (r *run) permit(c *vectors.Case, a answer) {
	broke := r.narrow(c.Reqs)
	if !r.target.Strict || len(broke) == 0 {
		return
	}
	r.lenient = &finding{verdict: Fail, why: fmt.Sprintf("%s: it was %s, which profile core alone permits: %s", c.Comment, verb(a), a), broke: broke, dialect: r.result.Dialect, maybe: r.result.Maybe}
}

// narrow returns those of the requirements that strict profiles demand and core
// does not.
func (r *run) narrow(reqs []string) (list []string) {
	for _, id := range reqs {
		if r.suite.Requirements.Narrow("secure", []string{id}) {
			list = append(list, id)
		}
	}
	return list
}

// verb says what became of a message.
func verb(a answer) string {
	if a.accepted {
		return "accepted"
	}
	return "refused"
}

// reads reports whether an outcome is a reading: what opens and is none is
// refused like anything else.
func reads(o vectors.Outcome) bool { return o.Accept && o.Next != "" }

// sorted returns the letters of the devices in order.
func sorted(devices map[string]*device) []string {
	return slices.Sorted(maps.Keys(devices))
}
