package wire

import "fmt"

// Fault is something that happens to one exchange.
type Fault int

// The faults of [Recorder.Next] and [Recorder.Answer].
const (
	None        Fault = iota
	DropRequest       // the backend never sees the request; the connection is closed
	DropReply         // the backend has the request; the device hears nothing, the connection is closed
	Forge             // the backend never sees the request; the device hears somebody else
)

// String returns the fault's name in words.
func (f Fault) String() string {
	switch f {
	case None:
		return "none"
	case DropRequest:
		return "request dropped"
	case DropReply:
		return "reply dropped"
	case Forge:
		return "reply forged"
	}
	return fmt.Sprintf("Fault(%d)", int(f))
}

// mishap is a fault that waits for a request, and what goes with it.
type mishap struct {
	fault Fault
	reply []byte // of Forge
}

// Next gives the next request that arrives, and has none yet, the fault f,
// which is one of the drops. Called twice, it gives faults to two requests.
// Replays have none.
func (r *Recorder) Next(f Fault) { r.plan(mishap{fault: f}) }

// Answer keeps the next request from the backend and gives the device reply in
// its place, as raw bytes, then closes the connection.
func (r *Recorder) Answer(reply []byte) { r.plan(mishap{Forge, reply}) }

func (r *Recorder) plan(m mishap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, m)
}

// fault takes the oldest fault that waits for a request.
func (r *Recorder) fault() mishap {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.faults) == 0 {
		return mishap{}
	}
	m := r.faults[0]
	r.faults = r.faults[1:]
	return m
}
