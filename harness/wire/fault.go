package wire

import (
	"fmt"
	"time"
)

// Fault is something that happens to one exchange.
type Fault int

// The faults of [Recorder.Plan]. Those that need more than their name say which
// members of [Mishap] they go by.
const (
	None           Fault = iota
	DropRequest          // the backend never sees the request; the connection is closed
	DropReply            // the backend has the request; the device hears nothing, the connection is closed
	Forge                // the backend never sees the request; the device hears somebody else (Reply, Invent)
	Refuse               // nobody listens: the device cannot connect; only for one that connects by [Recorder.Dial]
	Delay                // the request goes on after a while (Wait)
	Duplicate            // the backend gets the request twice; the device hears the first reply
	Hold                 // the connection is closed; the request arrives at the backend behind the next one
	CorruptRequest       // one byte of the request's body is another (At, Flip)
	CorruptReply         // one byte of the reply's body is another (At, Flip)
	CutRequest           // the backend gets the beginning of the request (At), the device nothing
	CutReply             // the device gets the beginning of the reply (At)
	HalfOpen             // the backend never sees the request; the device hears nothing for as long as it waits
	Slow                 // the device hears the beginning of the reply (At), and no more for as long as it waits
	Reset                // the backend has the request; the device's connection is reset
	Interrupt            // the backend has the request; then Meanwhile is done; the device hears nothing
)

var faultNames = [...]string{
	None: "none", DropRequest: "request dropped", DropReply: "reply dropped", Forge: "reply forged",
	Refuse: "connection refused", Delay: "request delayed", Duplicate: "request duplicated", Hold: "request reordered",
	CorruptRequest: "request corrupted", CorruptReply: "reply corrupted", CutRequest: "request truncated",
	CutReply: "reply truncated", HalfOpen: "half-open", Slow: "reply stalled", Reset: "connection reset",
	Interrupt: "server restarted",
}

// String returns the fault's name in words.
func (f Fault) String() string {
	if f < 0 || int(f) >= len(faultNames) {
		return fmt.Sprintf("Fault(%d)", int(f))
	}
	return faultNames[f]
}

// Mishap is a fault that waits for a request, and what goes with it.
type Mishap struct {
	Fault     Fault
	Reply     []byte                      // instead of the backend's, raw
	Invent    func(request []byte) []byte // the reply, where it depends on what was asked
	At        uint                        // which byte, counted from the first and round
	Body      bool                        // what is cut is cut in its body
	Flip      byte                        // which of its bits; 0 is the lowest
	Wait      time.Duration               // before the request goes on
	Meanwhile func()                      // what is done between request and reply
	Hasty     bool                        // the pause that a device makes after it counts as silence, see OnSilence
}

// Next gives the next request that arrives, and has none yet, the fault f,
// which is one that needs nothing more. Called twice, it gives faults to two
// requests. Replays have none.
func (r *Recorder) Next(f Fault) { r.Plan(Mishap{Fault: f}) }

// Answer keeps the next request from the backend and gives the device reply in
// its place, as raw bytes, then closes the connection.
func (r *Recorder) Answer(reply []byte) { r.Plan(Mishap{Fault: Forge, Reply: reply}) }

// Plan gives faults to the next requests, one each, first in first out. None is
// one that passes unharmed.
func (r *Recorder) Plan(ms ...Mishap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, ms...)
}

// Forget takes back the faults that no request has had yet, and returns how many
// those were. What is held goes on being held.
func (r *Recorder) Forget() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.faults)
	r.faults = nil
	return n
}

// fault takes the oldest fault that waits for a request. A connection that is
// there cannot be refused any more.
func (r *Recorder) fault() Mishap {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.faults) > 0 {
		m := r.faults[0]
		r.faults = r.faults[1:]
		if m.Fault != Refuse {
			return m
		}
	}
	return Mishap{}
}

// refusal takes a refusal, if that is the oldest fault.
func (r *Recorder) refusal() (Mishap, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.faults) == 0 || r.faults[0].Fault != Refuse {
		return Mishap{}, false
	}
	m := r.faults[0]
	r.faults = r.faults[1:]
	return m, true
}

// flip returns text with one byte changed behind its first head bytes, or in the
// whole of it if there is nothing behind.
func (m Mishap) flip(text []byte, head int) []byte {
	if head >= len(text) {
		head = 0
	}
	altered := append([]byte{}, text...)
	if part := altered[head:]; len(part) > 0 {
		part[m.At%uint(len(part))] ^= max(m.Flip, 1)
	}
	return altered
}

// cut returns the beginning of text, which is never all of it. A text without a
// body may be cut anywhere.
func (m Mishap) cut(text []byte) []byte {
	least := uint(0)
	if head := headOf(text); m.Body && head < len(text) {
		least = uint(head)
	}
	if len(text) == 0 {
		return nil
	}
	return text[:least+m.At%(uint(len(text))-least)]
}
