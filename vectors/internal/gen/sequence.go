package main

import (
	"fmt"
	"strconv"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/internal/model"
)

// sequence returns histories of devices. Their statuses are written by hand in
// the lists; the model confirms them.
func sequence() (*vectors.File, error) {
	g := &vectors.Group{Type: "SequenceTest", Source: core}
	isBroken, err := brokenVectors()
	if err != nil {
		return nil, err
	}
	for _, list := range [][]history{inOrder, replays, lateOnes, isolated, durable, refusals(), numbers, counted} {
		for _, h := range list {
			t := h.test()
			if err := model.Confirm(t, isBroken); err != nil {
				return nil, err
			}
			g.Tests = append(g.Tests, t)
		}
	}
	return frame("sequence", []string{
		"Histories: one message after the other, to one backend, and what comes of each.",
		"Numbers are an example that is moved to where a device stands, but for tests that are fresh.",
	}, sequenceNotes, g), nil
}

// history is a test of sequence.json.
type history struct {
	name, comment, flag, importance string
	reqs                            []string
	steps                           []vectors.Step
	setup                           []setup
}

// setup changes what a history begins with: by default, device a whose next is 121.
type setup func(*vectors.SequenceTest)

func devices(initial map[string]uint64) setup {
	return func(t *vectors.SequenceTest) {
		t.Initial = map[string]string{}
		for id, next := range initial {
			t.Initial[id] = decimal(next)
		}
	}
}

// from begins device a anew, at just that number.
func from(next uint64) setup {
	return func(t *vectors.SequenceTest) { t.Initial, t.Fresh = map[string]string{"a": decimal(next)}, true }
}

func fresh(t *vectors.SequenceTest) { t.Fresh = true }

func shared(t *vectors.SequenceTest) { t.Shared = []string{"a", "b"} }

func (h history) test() *vectors.SequenceTest {
	t := &vectors.SequenceTest{
		Case: vectors.Case{ID: "sequence/" + h.name, Since: first, Comment: h.comment, Flags: []string{h.flag}, Reqs: h.reqs,
			Importance: h.importance, Result: vectors.Valid},
		Initial: map[string]string{"a": "121"}, Steps: h.steps,
	}
	for _, change := range h.setup {
		change(t)
	}
	t.Features = features(t)
	next := map[string]string{}
	for id, n := range t.Initial {
		next[id] = n
	}
	for i := range t.Steps {
		s := &t.Steps[i]
		to := target(t.Steps, i)
		if s.Status == "OK" {
			next[to] = after(t.Steps, i)
		}
		s.Next = next[to]
	}
	return t
}

// features returns what a runner needs for the test.
func features(t *vectors.SequenceTest) []string {
	need := map[string]bool{"hook.provision": t.Fresh}
	for _, s := range t.Steps {
		switch s.Before {
		case "restart":
			need["hook.restart"] = true
		case "kill9":
			need["hook.kill"] = true
		case "provision":
			need["hook.provision"] = true
		}
		if s.Missing != "" {
			need["hook.state"] = true
		}
	}
	var list []string
	for _, f := range []string{"hook.restart", "hook.kill", "hook.provision", "hook.state"} {
		if need[f] {
			list = append(list, f)
		}
	}
	return list
}

// target returns the device to which step i goes.
func target(steps []vectors.Step, i int) string {
	s := steps[i].Send
	if s.Device == "" {
		return steps[*s.ReplayOf].Send.Device
	}
	return s.Device
}

// after returns the number after that of step i.
func after(steps []vectors.Step, i int) string {
	s := steps[i].Send
	if s.ReplayOf != nil {
		s = steps[*s.ReplayOf].Send
	}
	n, err := strconv.ParseUint(s.SEQN, 10, 64)
	if err != nil {
		panic(err)
	}
	return decimal(n + 1)
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// The steps: a new message that is accepted, or refused; the bytes of an
// earlier step again, refused; a vector remade, refused.

func ok(device string, seqn uint64) vectors.Step {
	return vectors.Step{Send: vectors.Send{Device: device, SEQN: decimal(seqn)}, Status: "OK"}
}

func no(device string, seqn uint64) vectors.Step {
	return vectors.Step{Send: vectors.Send{Device: device, SEQN: decimal(seqn)}, Status: "NOT OK"}
}

func again(step int) vectors.Step {
	return vectors.Step{Send: vectors.Send{ReplayOf: ptr(step)}, Status: "NOT OK"}
}

func broken(device string, seqn uint64, vector string) vectors.Step {
	return vectors.Step{Send: vectors.Send{Device: device, SEQN: decimal(seqn), Vector: vector}, Status: "NOT OK"}
}

// to sends the bytes of an earlier step to another device.
func to(device string, s vectors.Step) vectors.Step {
	s.Send.Device = device
	return s
}

// once does something to the backend before the step.
func once(before string, s vectors.Step) vectors.Step {
	s.Before = before
	return s
}

// limit marks a step at which no backend can do better.
func limit(why string, s vectors.Step) vectors.Step {
	s.Limit, s.Status = why, "OK"
	return s
}

// missing says how many numbers were skipped after the step.
func missing(n uint64, s vectors.Step) vectors.Step {
	s.Missing = decimal(n)
	return s
}

// join makes one list of steps of several.
func join(lists ...[]vectors.Step) []vectors.Step {
	var all []vectors.Step
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// run is n accepted messages of a, one after the other.
func run(seqn uint64, n int) []vectors.Step {
	var steps []vectors.Step
	for range n {
		steps = append(steps, ok("a", seqn))
		seqn++
	}
	return steps
}

// resultsOfVectors returns the result of each envelope and payload, by id.
func resultsOfVectors() (map[string]vectors.Result, error) {
	results := map[string]vectors.Result{}
	for _, suite := range []func() (*vectors.File, error){envelope, payloads} {
		f, err := suite()
		if err != nil {
			return nil, err
		}
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				results[t.Common().ID] = t.Common().Result
			}
		}
	}
	return results, nil
}

// brokenVectors returns what must be refused of the envelopes and payloads.
func brokenVectors() (model.Broken, error) {
	results, err := resultsOfVectors()
	return func(id string) (bool, error) {
		switch result, known := results[id]; {
		case !known:
			return false, fmt.Errorf("there is no envelope or payload %q", id)
		case result == vectors.Acceptable:
			return false, fmt.Errorf("%s is acceptable: a history cannot say what comes of it", id)
		default:
			return result == vectors.Invalid, nil
		}
	}, err
}
