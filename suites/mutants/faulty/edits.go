package faulty

import "slices"

// Edit is one fault.
type Edit struct {
	Name    string      // what was done to the code, in a few words
	Req     string      // the requirement that it breaks
	Dialect string      // what the judge should call it, if it has a name
	apply   func(*Code) // replaces what must be replaced
}

// Code returns code with that fault and no other.
func (e Edit) Code() *Code {
	c := New()
	e.apply(c)
	return c
}

// Zoo is every edit there is.
var Zoo = slices.Concat(derivations, envelopes, texts, objects, readings, numbers, windows)
