// Package model is the whole of the sequence rules in a few lines, written
// apart from the reference server, with numbers of any size: what each step of
// a history must come out as. It confirms sequence.json, whose expectations are
// written by hand.
package model

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// ErrDisagree reports a history whose expectations the rules do not give.
var ErrDisagree = errors.New("model: history comes out otherwise")

var (
	one  = big.NewInt(1)
	last = new(big.Int).Sub(new(big.Int).Lsh(one, 53), big.NewInt(2)) // the largest number there is
)

// device is what is known of one.
type device struct {
	next    *big.Int
	missing *big.Int
	heard   bool // something was accepted
}

// take judges a number that was sealed for the device.
func (d *device) take(seqn *big.Int) bool {
	if seqn.Cmp(d.next) < 0 || seqn.Cmp(last) > 0 {
		return false
	}
	if d.heard {
		d.missing.Add(d.missing, new(big.Int).Sub(seqn, d.next))
	}
	d.heard = true
	d.next = new(big.Int).Add(seqn, one)
	return true
}

// message is what a step sends: sealed for a device, and whether anything is
// wrong with it beside its number.
type message struct {
	device string
	seqn   *big.Int
	broken bool
}

// Broken says of an id of an envelope or payload test whether it must be
// refused whatever its number.
type Broken func(id string) (bool, error)

// Confirm walks through the history and returns an error, which wraps
// ErrDisagree, at the first step that comes out otherwise than it says.
func Confirm(t *vectors.SequenceTest, broken Broken) error {
	devices := map[string]*device{}
	for id, next := range t.Initial {
		n, err := number(next)
		if err != nil {
			return err
		}
		devices[id] = &device{next: n, missing: new(big.Int)}
	}
	var sent []message
	for i, step := range t.Steps {
		fail := func(what, got, want any) error {
			return fmt.Errorf("%w: %s, step %d: %s is %v, not %v", ErrDisagree, t.ID, i, what, got, want)
		}
		m, to, err := resolve(step.Send, sent, broken)
		if err != nil {
			return fmt.Errorf("%s, step %d: %w", t.ID, i, err)
		}
		sent = append(sent, m)
		d := devices[to] // nil: nobody knows it
		if status := status(d != nil && !m.broken && opens(t, m.device, to) && d.take(m.seqn)); status != step.Status {
			return fail("status", status, step.Status)
		}
		if step.Next != "" && (d == nil || d.next.String() != step.Next) {
			return fail("next", d, step.Next)
		}
		if step.Missing != "" && (d == nil || d.missing.String() != step.Missing) {
			return fail("missing", d, step.Missing)
		}
		if step.Limit != "" && (i != len(t.Steps)-1 || step.Status != "OK") {
			return fmt.Errorf("%w: %s, step %d: only an OK at the end can be a limit", ErrDisagree, t.ID, i)
		}
	}
	return nil
}

// resolve returns the message of a step and the device to which it goes.
func resolve(s vectors.Send, sent []message, broken Broken) (message, string, error) {
	if s.ReplayOf != nil {
		if *s.ReplayOf >= len(sent) {
			return message{}, "", fmt.Errorf("%w: step %d lies ahead", ErrDisagree, *s.ReplayOf)
		}
		m := sent[*s.ReplayOf]
		if s.Device == "" {
			return m, m.device, nil
		}
		return m, s.Device, nil
	}
	n, err := number(s.SEQN)
	m := message{device: s.Device, seqn: n}
	if err == nil && s.Vector != "" {
		m.broken, err = broken(s.Vector)
	}
	return m, s.Device, err
}

// opens reports whether what was sealed for one device opens at another.
func opens(t *vectors.SequenceTest, from, to string) bool {
	return from == to || slices.Contains(t.Shared, from) && slices.Contains(t.Shared, to)
}

func (d *device) String() string {
	if d == nil {
		return "of a device that nobody knows"
	}
	return fmt.Sprintf("%s (missing %s)", d.next, d.missing)
}

func status(ok bool) string {
	if ok {
		return "OK"
	}
	return "NOT OK"
}

func number(decimal string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		return nil, fmt.Errorf("%w: %q is no number", ErrDisagree, decimal)
	}
	return n, nil
}
