package device

import (
	"slices"
	"testing"

	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/wire"
)

// A device that does not keep its word is noticed, and one that does is believed.
func TestPromises(t *testing.T) {
	attempt := func(faults ...wire.Fault) (passed []wire.Exchange) {
		for _, f := range faults {
			passed = append(passed, wire.Exchange{Fault: f, Status: 200})
		}
		return append(passed, wire.Exchange{Fault: wire.Duplicate, Replay: true})
	}
	const none = wire.None
	for _, tt := range []struct {
		name     string
		outcome  control.Outcome
		attempts int
		passed   []wire.Exchange
		stored   []string
		kept     bool
	}{
		{"accepted, stored", control.Accepted, 1, attempt(none), []string{"1"}, true},
		{"accepted, not stored", control.Accepted, 1, attempt(none), nil, false},
		{"accepted, stored twice", control.Accepted, 1, attempt(none), []string{"1", "1"}, false},
		{"accepted, stored as another", control.Accepted, 1, attempt(none), []string{"2"}, false},
		{"refused, not stored", control.Refused, 1, attempt(none), nil, true},
		{"refused, stored", control.Refused, 1, attempt(none), []string{"1"}, false},
		{"refused, stored, request bent", control.Refused, 1, attempt(wire.CorruptRequest), []string{"1"}, false},
		{"refused, stored, reply bent", control.Refused, 1, attempt(wire.CorruptReply), []string{"1"}, true},
		{"presumed, stored", control.Presumed, 2, attempt(wire.DropReply, none), []string{"1"}, true},
		{"presumed, not stored", control.Presumed, 2, attempt(wire.DropReply, none), nil, false},
		{"presumed, not stored, request bent", control.Presumed, 2, attempt(wire.DropRequest, wire.CorruptRequest), nil, true},
		{"unknown", control.Unknown, 4, attempt(wire.HalfOpen, wire.Slow, wire.Reset, wire.Refuse), nil, true},
		{"unknown, stored", control.Unknown, 4, attempt(wire.HalfOpen, wire.Slow, wire.Reset, wire.Refuse), []string{"1"}, true},
		{"unknown, answered", control.Unknown, 4, attempt(wire.HalfOpen, wire.Slow, wire.Reset, wire.Delay), []string{"1"}, false},
		{"unknown too soon", control.Unknown, 3, attempt(wire.HalfOpen, wire.Slow, wire.Reset), nil, false},
		{"five attempts", control.Accepted, 5, attempt(none, none, none, none, none), []string{"1"}, false},
		{"an attempt kept quiet", control.Accepted, 1, attempt(none, none), []string{"1"}, false},
		{"an attempt made up", control.Accepted, 2, attempt(none), []string{"1"}, false},
	} {
		s := sendOff{control.Sending{SEQN: 7, Outcome: tt.outcome, Attempts: tt.attempts}, slices.Clone(tt.passed), tt.stored, "1"}
		if err := s.kept(); (err == nil) != tt.kept {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
