// Package explore makes random histories of messages, knows what a backend
// should say to each message, and finds the shortest history to which it says
// something else:
//
//	h := explore.Generate(rng, explore.Mix{Steps: 40, Devices: 1, Recipes: recipes})
//	failure, err := explore.Try(ctx, backend, h)
//	if failure != nil {
//		shortest := explore.Shrink(ctx, backend, h, failure, explore.Limit{Tries: 300, Time: 8 * time.Second})
//	}
//
// A step says where its number lies from next, not what it is, so that the same
// history can be tried again on devices that go on from where they stand, and
// still means the same when other steps are left out.
package explore

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what a step does.
type Kind string

// The kinds.
const (
	Next     Kind = "next"     // a message with the number next
	Gap      Kind = "gap"      // one with a number N above next
	Stale    Kind = "stale"    // one with a number N below next, sealed anew
	Replay   Kind = "replay"   // the bytes of the step Of once more
	Refused  Kind = "refused"  // a message with the number next made by the recipe What, which no backend accepts
	Stranger Kind = "stranger" // a well-made message to a device that nobody knows
	Burst    Kind = "burst"    // N copies of a message with the number next, at once
	Restart  Kind = "restart"  // the backend is stopped in good order and started again
	Kill     Kind = "kill"     // it is killed and started again
)

// Step is one step of a history.
type Step struct {
	ID     int // within its history, for ever; what Of refers to
	Kind   Kind
	Device int    // from 0 on
	N      uint64 // of Gap, Stale and Burst
	Of     int    // of Replay: ID of an earlier step that sends a message
	What   string // of Refused
}

// sends reports whether the step sends a message.
func (s Step) sends() bool { return s.Kind != Restart && s.Kind != Kill }

// History is what is done to a backend, step by step.
type History []Step

// devices returns how many devices the history has.
func (h History) devices() int {
	n := 1
	for _, s := range h {
		n = max(n, s.Device+1)
	}
	return n
}

// Has reports whether a step is of one of these kinds.
func (h History) Has(kinds ...Kind) bool {
	return slices.ContainsFunc(h, func(s Step) bool { return slices.Contains(kinds, s.Kind) })
}

// Devices returns the devices to which the history sends something.
func (h History) Devices() (list []int) {
	for _, s := range h {
		if s.sends() && !slices.Contains(list, s.Device) {
			list = append(list, s.Device)
		}
	}
	return list
}

// Words returns the steps in words, counted from 1.
func (h History) Words() (lines []string) {
	several := len(h.Devices()) > 1
	for i, s := range h {
		line := fmt.Sprintf("%d. %s", i+1, h.words(s))
		if several && s.sends() {
			line += fmt.Sprintf(", of device %c", 'a'+s.Device)
		}
		lines = append(lines, line)
	}
	return lines
}

// String returns the history in one line, steps that are alike together.
func (h History) String() string {
	var parts []string
	for from := 0; from < len(h); {
		to := from + 1
		for to < len(h) && h.words(h[to]) == h.words(h[from]) && h[to].Device == h[from].Device {
			to++
		}
		line := h.Words()[from]
		if to > from+1 {
			line = fmt.Sprintf("%d to %d, each: %s", from+1, to, strings.SplitN(line, ". ", 2)[1])
		}
		parts = append(parts, line)
		from = to
	}
	return strings.Join(parts, "; ")
}

func (h History) words(s Step) string {
	switch s.Kind {
	case Next:
		return "the next number"
	case Gap:
		return fmt.Sprintf("a number %d above next", s.N)
	case Stale:
		return fmt.Sprintf("a number %d below next, sealed anew", s.N)
	case Replay:
		at := slices.IndexFunc(h, func(other Step) bool { return other.ID == s.Of })
		return fmt.Sprintf("the bytes of step %d once more", at+1)
	case Refused:
		return "what must be refused: " + s.What
	case Stranger:
		return "a message to a device that nobody knows"
	case Burst:
		return fmt.Sprintf("the next number, %d times at once", s.N)
	case Restart:
		return "the backend is restarted"
	case Kill:
		return "the backend is killed and started again"
	}
	return "?" + string(s.Kind)
}
