package live

import (
	"context"
	"fmt"

	"github.com/espalier-hil/espalier/vectors"
)

// sequence runs a history, then proves where it has left each device.
func (r *run) sequence(ctx context.Context, t *vectors.SequenceTest) error {
	devices, err := r.lease(ctx, t.Initial, t.Shared, t.Fresh)
	if err != nil {
		return err
	}
	began := map[string]uint64{}
	for letter, d := range devices {
		began[letter] = d.next
	}
	var sent []message
	for i, step := range t.Steps {
		if err := r.before(ctx, step.Before, devices, began); err != nil {
			return err
		}
		m, to, what, err := r.resolve(step.Send, devices, sent)
		if err != nil {
			return err
		}
		sent = append(sent, m)
		what = fmt.Sprintf("step %d: %s", i, what)
		a := r.post(ctx, what, to, m)
		if err := a.trouble(); err != nil {
			return err
		}
		switch wanted := step.Status == "OK"; {
		case a.accepted && step.Limit != "":
			to.next = m.seqn + 1
			return found(Limit, "%s: %s", what, step.Limit)
		case !a.accepted && step.Limit != "":
			return nil // a backend that can tell is free to
		case a.accepted && !wanted:
			return r.wrongly(step.Send, failed("%s was accepted, where next is %d", what, to.next))
		case !a.accepted && wanted:
			return failed("%s was refused, where next is %d: %s", what, to.next, a)
		case a.accepted:
			to.next = m.seqn + 1
		}
		if err := r.compare(ctx, what, to, step); err != nil {
			return err
		}
	}
	for _, letter := range sorted(devices) {
		if err := r.prove(ctx, devices[letter]); err != nil {
			return err
		}
	}
	return nil
}

// wrongly makes a finding about a message that was accepted one against what
// that message breaks. What is demanded of refusals was not seen.
func (r *run) wrongly(s vectors.Send, err error) error {
	f, is := err.(*finding)
	if v, known := r.suite.Find(s.Vector); is && known {
		f.broke = v.Test.Common().Reqs
	}
	return err
}

// before does what a step wants done to the backend.
func (r *run) before(ctx context.Context, what string, devices map[string]*device, began map[string]uint64) error {
	again := map[string]func(context.Context) (string, error){"restart": r.target.Hooks.Restart, "kill9": r.target.Hooks.Kill}[what]
	switch {
	case what == "":
		return nil
	case what == "provision" && r.target.Hooks.Provision != nil:
		for _, letter := range sorted(devices) {
			d := devices[letter]
			if err := r.target.Hooks.Provision(ctx, d.id, d.passphrase, began[letter]); err != nil {
				return fmt.Errorf("provision device %s again: %w", d.id, err)
			}
		}
		return nil
	case again == nil:
		return notRun("the backend cannot be made to %s from here", what)
	}
	r.revived, r.restarted = true, true
	u, err := again(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return r.move(u)
}

// resolve makes the message that a step sends, and says what it is in words.
func (r *run) resolve(s vectors.Send, devices map[string]*device, sent []message) (m message, to *device, what string, err error) {
	if s.Device != "" && devices[s.Device] == nil {
		devices[s.Device] = r.stranger(devices)
	}
	to = devices[s.Device]
	if s.ReplayOf != nil {
		if *s.ReplayOf >= len(sent) {
			return m, nil, "", fmt.Errorf("step %d lies ahead", *s.ReplayOf)
		}
		m = sent[*s.ReplayOf]
		if to == nil {
			to = m.from
		}
		return m, to, fmt.Sprintf("the bytes of step %d (number %d) to device %s", *s.ReplayOf, m.seqn, to.id), nil
	}
	n, err := to.own(s.SEQN)
	if err != nil {
		return m, nil, "", err
	}
	if s.Vector == "" {
		return r.seal(to, n), to, fmt.Sprintf("number %d of device %s", n, to.id), nil
	}
	m, err = r.remake(s.Vector, to, n)
	return m, to, fmt.Sprintf("%s at number %d of device %s", s.Vector, n, to.id), err
}

// compare holds what the backend says of itself against the step, if it says it.
func (r *run) compare(ctx context.Context, what string, d *device, step vectors.Step) error {
	if r.target.Hooks.State == nil || d.unknown {
		return nil
	}
	state, err := r.told(ctx, d)
	if err != nil {
		return err
	}
	if state.Next != d.next {
		return failed("after %s next of device %s is %d, and should be %d", what, d.id, state.Next, d.next)
	}
	if step.Missing == "" || state.Missing == nil || d.missing == nil {
		return nil
	}
	if n := *state.Missing - *d.missing; fmt.Sprint(n) != step.Missing {
		return against("REQ-SEQ-011", "after %s %d numbers of device %s are missing, and it should be %s", what, n, d.id, step.Missing)
	}
	return nil
}
