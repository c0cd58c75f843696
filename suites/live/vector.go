package live

import (
	"context"
	"encoding/hex"
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
	return r.vector(ctx, g, &t.Case, t.Construct)
}

// payload makes a payload of the suite again and sends it.
func (r *run) payload(ctx context.Context, g *vectors.Group, t *vectors.PayloadTest) error {
	return r.vector(ctx, g, &t.Case, t.Construct)
}

// vector sends what a recipe makes to a device that stands where the group's
// next is, holds the outcome against what is permitted, and proves next.
func (r *run) vector(ctx context.Context, g *vectors.Group, c *vectors.Case, recipe vectors.Construct) error {
	// Where devices can be made, they stand where the group says. Elsewhere
	// numbers are moved, but for those that are written out, which must be
	// refused of any device that stands high enough, or cannot be told from it.
	written := !strings.Contains(recipe.Plain, "${SEQN}")
	fresh := r.target.Hooks.Provision != nil || !written && g.Next != ordinary || written && c.Result != vectors.Invalid
	if fresh && r.target.Hooks.Provision == nil && !r.disposable() {
		return notRun("its numbers are meant as they stand, and no device can be provisioned for it")
	}
	if g.PassphraseHex != "" && g.PassphraseHex != ordinaryPassphrase {
		passphrase, err := hex.DecodeString(g.PassphraseHex)
		if err != nil {
			return fmt.Errorf("passphrase of the group: %w", err)
		}
		if r.target.Hooks.Provision == nil {
			return notRun("its passphrase is meant as it stands, and no device can be provisioned for it")
		}
		r.passphrase = string(passphrase)
	}
	devices, err := r.lease(ctx, map[string]string{"a": g.Next}, nil, fresh)
	if err != nil {
		return err
	}
	d := devices["a"]
	if written && d.shift < 0 {
		return notRun("device %s stands at %d, below the test's %s", d.id, d.next, g.Next)
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
	a := r.post(ctx, c.ID, d, m)
	if err := a.trouble(); err != nil {
		return err
	}
	outcome, err := r.judge(c, a)
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

// judge returns the outcome that the answer stands for, or a finding where it
// is not permitted.
func (r *run) judge(c *vectors.Case, a answer) (vectors.Outcome, error) {
	permitted := c.Permitted
	switch {
	case c.Result == vectors.Invalid:
		permitted = []vectors.Outcome{{}}
	case c.Result == vectors.Valid:
		permitted = []vectors.Outcome{*c.Expect}
	case r.target.Strict:
		permitted = c.Permitted[:1]
	}
	for _, o := range permitted {
		if reads(o) == a.accepted {
			r.result.Dialect = o.Dialect
			return o, nil
		}
	}
	verb := "refused"
	if a.accepted {
		verb = "accepted"
	}
	f := &finding{verdict: Fail, why: fmt.Sprintf("%s was %s: %s", c.ID, verb, a)}
	for _, o := range slices.Concat(c.Mistakes, c.Permitted) {
		if reads(o) == a.accepted && o.Dialect != "" {
			f.dialect = o.Dialect
			break
		}
	}
	return vectors.Outcome{}, f
}

// reads reports whether an outcome is a reading: what opens and is none is
// refused like anything else.
func reads(o vectors.Outcome) bool { return o.Accept && o.Next != "" }

// sorted returns the letters of the devices in order.
func sorted(devices map[string]*device) []string {
	return slices.Sorted(maps.Keys(devices))
}
