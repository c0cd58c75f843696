package live

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/espalier-hil/espalier/vectors"
)

// Risk is what a test may do to a device that is not made for it.
type Risk int

// The risks, from the least on.
const (
	Harmless Risk = iota // a backend that errs may be brought back by a jump that everybody accepts
	Lockout              // a backend that errs may accept nothing from the device any more
	Ends                 // the device has few numbers left afterwards, or none, even on a backend that is right
)

// Risk returns what the test with that id may do to a device of the target, why,
// and next of the device for which it is made. Where devices can be provisioned
// no test is a risk to those that are given.
func (e *Engine) Risk(id string) (risk Risk, why string, next uint64) {
	f, known := e.suite.Find(id)
	if !known || e.target.Hooks.Provision != nil {
		return Harmless, "", 0
	}
	switch t := f.Test.(type) {
	case *vectors.PayloadTest:
		next = number(f.Group.Next)
		if absolute(f.Group, &t.Case, t.Construct) && next >= time2020 {
			return Ends, fmt.Sprintf("it takes a device to %d, near the last number", next), next
		}
		if odd(&t.Case) {
			return Lockout, mistaken, next
		}
	case *vectors.SequenceTest:
		for _, n := range t.Initial {
			next = max(next, number(n))
		}
		if t.Fresh && next >= time2020 {
			return Ends, fmt.Sprintf("it takes a device to %d, near the last number", next), next
		}
		for _, step := range t.Steps {
			if e.odd(step.Send) {
				return Lockout, mistaken, next
			}
		}
	case *vectors.OracleTest:
		for _, sends := range t.Classes {
			if slices.ContainsFunc(sends, e.odd) {
				return Lockout, mistaken, 0
			}
		}
	}
	return Harmless, "", next
}

// mistaken is why a message is a risk to its device.
const mistaken = "a backend that takes its number for one may accept nothing below it any more"

// odd reports whether a test is about numbers that are none of the protocol.
func odd(t *vectors.Case) bool {
	return slices.Contains(t.Reqs, "REQ-SEQ-006") || slices.Contains(t.Reqs, "REQ-SEQ-013")
}

// odd reports whether what a step sends is such a test, made again.
func (e *Engine) odd(s vectors.Send) bool {
	f, known := e.suite.Find(s.Vector)
	if !known {
		return false
	}
	t, is := f.Test.(*vectors.PayloadTest)
	return is && odd(&t.Case)
}

// time2020 is below any number that a device has which counts milliseconds.
const time2020 = 1577836800000

// number returns a number of the files, which are checked.
func number(decimal string) uint64 {
	n, _ := strconv.ParseUint(decimal, 10, 64) // 0 for what is no number, which the schema keeps out
	return n
}
