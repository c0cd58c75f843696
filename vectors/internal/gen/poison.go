package main

import (
	"github.com/espalier-hil/espalier/vectors"
)

// poison returns tests whose expectations are wrong on purpose: for each thing
// that a runner compares, one test in which only that thing is wrong. The wrong
// values are of no known dialect, so that code which is itself wrong does not
// happen to meet them.
func poison() (*vectors.File, error) {
	var groups []*vectors.Group
	for _, make := range []func() ([]*vectors.Group, error){poisonKDF, poisonEnvelope, poisonPayload, poisonSequence, poisonLive, poisonDevice} {
		some, err := make()
		if err != nil {
			return nil, err
		}
		groups = append(groups, some...)
	}
	return frame("poison", []string{
		"Wrong expectations. A run that does not report every one of them red is itself red.",
		"The group says what is wrong; everything else in it is right.",
	}, map[string]vectors.Note{
		"Poison": {BugType: "BASIC", Description: "The expectation is wrong.", Effect: "A runner that passes it compares nothing."},
	}, groups...), nil
}

// bad returns what the poisoned tests of one type have in common with others.
func bad(name, comment, req string, result vectors.Result) vectors.Case {
	return vectors.Case{
		ID: "poison/" + name, Since: first, Comment: comment, Flags: []string{"Poison"}, Reqs: []string{req},
		Importance: "critical", Result: result,
	}
}

// flip returns hex with its last bit flipped.
func flip(hex string) string {
	last := hex[len(hex)-1]
	const digits = "0123456789abcdef"
	for i := range digits {
		if digits[i] == last {
			return hex[:len(hex)-1] + string(digits[i^1])
		}
	}
	return hex
}
