package main

import "github.com/espalier-hil/espalier/vectors"

// sequence returns histories of devices.
func sequence() (*vectors.File, error) {
	g := &vectors.Group{Type: "SequenceTest", Source: core}
	for _, c := range sequenceCases {
		g.Tests = append(g.Tests, &vectors.SequenceTest{
			Case: vectors.Case{ID: "sequence/" + c.name, Since: first, Comment: c.comment, Flags: []string{c.flag}, Reqs: c.reqs,
				Importance: c.importance, Result: vectors.Valid},
			Initial: c.initial, Steps: c.steps,
		})
	}
	return frame("sequence", []string{"Histories: one message after the other, to one backend."}, map[string]vectors.Note{
		"Replay": {BugType: "REPLAY", Description: "The same bytes a second time.", Effect: "Recorded readings can be injected."},
	}, g), nil
}

type sequenceCase struct {
	name, comment, flag, importance string
	reqs                            []string
	initial                         map[string]string
	steps                           []vectors.Step
}

var sequenceCases = []sequenceCase{
	{"replay", "accepted once, and never again", "Replay", "critical", []string{"REQ-SEQ-001", "REQ-SEQ-002"}, map[string]string{"a": "121"}, []vectors.Step{
		{Send: vectors.Send{Device: "a", SEQN: "121"}, Status: "OK", Next: "122"},
		{Send: vectors.Send{ReplayOf: ptr(0)}, Status: "NOT OK", Next: "122"},
		{Send: vectors.Send{Device: "a", SEQN: "122"}, Status: "OK", Next: "123"},
	}},
}
