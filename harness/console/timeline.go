package console

import (
	"slices"
	"sync"
	"time"
)

// Lane says which way an event went.
type Lane string

// The lanes of a serial port.
const (
	Received    Lane = "rx"   // from the device, raw
	Transmitted Lane = "tx"   // to the device, raw unless redacted
	Moved       Lane = "line" // modem lines and speed, as "DTR true", "baud 74880"
)

// Event is what passed at one moment.
type Event struct {
	At       time.Time // carries the monotonic clock
	Lane     Lane
	Data     []byte // not to be modified
	Redacted bool   // Data stands for bytes that are nobody's business
}

// eventCost is what an event takes up beside its data, in bytes.
const eventCost = 64

// Timeline is the record of a port. When it is full the oldest events go.
type Timeline struct {
	limit   int
	observe func(Event)

	mu      sync.Mutex
	events  []Event
	size    int
	dropped int
}

func newTimeline(limit int, observe func(Event)) *Timeline {
	if limit <= 0 {
		limit = 64 << 20
	}
	if observe == nil {
		observe = func(Event) {}
	}
	return &Timeline{limit: limit, observe: observe}
}

// add takes ownership of received data and copies the rest.
func (t *Timeline) add(lane Lane, data []byte, redacted bool) time.Time {
	if lane != Received {
		data = slices.Clone(data)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	e := Event{At: time.Now(), Lane: lane, Data: data, Redacted: redacted}
	t.events = append(t.events, e)
	t.size += len(data) + eventCost
	drop := 0
	for t.size > t.limit && drop < len(t.events)-1 {
		t.size -= len(t.events[drop].Data) + eventCost
		drop++
	}
	clear(t.events[:drop])
	t.events = t.events[drop:]
	t.dropped += drop
	t.observe(e)
	return e.At
}

// Events returns what happened from one moment on, up to but without another; a
// zero time is no bound.
func (t *Timeline) Events(from, to time.Time) []Event {
	t.mu.Lock()
	defer t.mu.Unlock()
	var events []Event
	for _, e := range t.events {
		if !e.At.Before(from) && (to.IsZero() || e.At.Before(to)) {
			events = append(events, e)
		}
	}
	return events
}

// Dropped returns how many events were let go for want of room.
func (t *Timeline) Dropped() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dropped
}
