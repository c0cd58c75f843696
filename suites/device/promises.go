package device

import (
	"fmt"

	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/wire"
)

// sendOff is all that is known of one message: what the device says became of it,
// what passed over the wire meanwhile, and what the server has under its number.
type sendOff struct {
	said   control.Sending
	passed []wire.Exchange
	stored []string // the data of each reading under its SEQN
	data   string   // as it was sent
}

// kept returns an error if the device's word about a message is not true
// (PROTOCOL.md 3.8). A reply that was altered on the way may make a refusal of
// anything, and a request that was may make one of a resend: nothing that the
// device could look at tells.
func (s sendOff) kept() error {
	requests, altered, garbled, answered := 0, false, false, false
	for _, ex := range s.passed {
		if ex.Replay {
			continue
		}
		requests++
		garbled = garbled || ex.Fault == wire.CorruptReply
		answered = ex.Status == 200 && heard[ex.Fault]
		altered = altered || ex.Fault == wire.CorruptReply || ex.Fault == wire.CorruptRequest
	}
	is := len(s.stored) > 0
	switch {
	case len(s.stored) > 1:
		return fmt.Errorf("SEQN %d is stored %d times", s.said.SEQN, len(s.stored))
	case is && s.stored[0] != s.data:
		return fmt.Errorf("SEQN %d: sent %q, stored %q", s.said.SEQN, s.data, s.stored[0])
	case s.said.Attempts < 1 || s.said.Attempts > attempts || s.said.Attempts != requests:
		return fmt.Errorf("SEQN %d: the device says %d attempts, at most %d are allowed, and the wire has %d", s.said.SEQN, s.said.Attempts, attempts, requests)
	case s.said.Outcome == control.Accepted && !is:
		return fmt.Errorf("SEQN %d was accepted, and is not stored", s.said.SEQN)
	case s.said.Outcome == control.Refused && is && !garbled:
		return fmt.Errorf("SEQN %d was refused, and is stored", s.said.SEQN)
	case s.said.Outcome == control.Presumed && !is && !altered:
		return fmt.Errorf("SEQN %d was presumed, and is not stored", s.said.SEQN)
	case s.said.Outcome == control.Unknown && s.said.Attempts < attempts:
		return fmt.Errorf("SEQN %d is unknown after %d attempts", s.said.SEQN, s.said.Attempts)
	case s.said.Outcome == control.Unknown && answered:
		return fmt.Errorf("SEQN %d is unknown, though its last attempt was answered", s.said.SEQN)
	}
	return nil
}

// heard are the faults under which the device hears the backend's reply whole.
var heard = map[wire.Fault]bool{wire.None: true, wire.Delay: true, wire.Duplicate: true, wire.CorruptRequest: true}
