// Package timeline puts all that a run has heard on one clock: the serial port in
// both directions, its lines, what passed on the wire, what the server logged, and
// which spec was under way. Of a virtual board it has the supply and the flash, too.
//
//	console ──┐
//	board   ──┤
//	wire    ──┼─▶ Gather ─▶ timeline.jsonl ─▶ Read ─▶ Slice, Tails
//	server  ──┘
//
// A timeline is a file of JSON lines, one [Event] each, in the order of time.
package timeline

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// ErrTimeline reports a file that is no timeline.
var ErrTimeline = errors.New("timeline: not to be read")

// Lane is where an event was heard.
type Lane string

// The lanes, in the order in which they are shown.
const (
	Spec    Lane = "spec"    // a spec begins, or ends
	Host    Lane = "host"    // bytes to the device
	Device  Lane = "device"  // bytes from the device
	Lines   Lane = "lines"   // DTR, RTS, speed
	Power   Lane = "power"   // the supply and resets, of a virtual board
	Flash   Lane = "flash"   // erases and programs, of a virtual board, without what is written
	Request Lane = "request" // HTTP, as the device sent it
	Reply   Lane = "reply"   // HTTP, as it came back
	Server  Lane = "server"  // lines of its log
)

// Lanes is all of them.
var Lanes = []Lane{Spec, Host, Device, Lines, Power, Flash, Request, Reply, Server}

// Event is what was heard at one moment.
type Event struct {
	At       time.Duration `json:"atNs"` // since the run began, by its monotonic clock
	Lane     Lane          `json:"lane"`
	Text     string        `json:"text"`               // for people: one line, printable
	Raw      []byte        `json:"raw,omitempty"`      // the bytes, in base64
	Redacted bool          `json:"redacted,omitempty"` // Text and Raw stand for what is secret
}

// Gather merges what was heard into one order. Events of the same moment keep
// the order in which they were given.
func Gather(heard ...[]Event) []Event {
	all := slices.Concat(heard...)
	slices.SortStableFunc(all, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
	return all
}

// Write writes a timeline.
func Write(w io.Writer, events []Event) error {
	buffered := bufio.NewWriter(w)
	lines := json.NewEncoder(buffered)
	lines.SetEscapeHTML(false)
	for _, e := range events {
		if err := lines.Encode(e); err != nil {
			return fmt.Errorf("timeline: %w", err)
		}
	}
	return buffered.Flush()
}

// maxLine bounds a line of a file, in bytes; a reply is kept up to 1 MiB.
const maxLine = 4 << 20

// Read reads a timeline. Errors wrap ErrTimeline and name the line.
func Read(r io.Reader) (events []Event, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		var e Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTimeline, n, err)
		}
		switch {
		case !slices.Contains(Lanes, e.Lane):
			return nil, fmt.Errorf("%w: line %d: there is no lane %.40q", ErrTimeline, n, e.Lane)
		case len(events) > 0 && e.At < events[len(events)-1].At:
			return nil, fmt.Errorf("%w: line %d: it is before the line before", ErrTimeline, n)
		}
		events = append(events, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: after %d lines: %w", ErrTimeline, len(events), err)
	}
	return events, nil
}

// Slice returns the places of the first event from one moment on, and of the
// first one after another: events[i:j] is what was heard between.
func Slice(events []Event, from, to time.Duration) (i, j int) {
	at := func(e Event, t time.Duration) int { return cmp.Compare(e.At, t) }
	i, _ = slices.BinarySearchFunc(events, from, at)
	j, _ = slices.BinarySearchFunc(events, to+1, at)
	return i, max(i, j)
}

// Tails returns the last n lines of each lane, as people read them, lane after
// lane.
func Tails(events []Event, n int) (lines []string) {
	for _, lane := range Lanes {
		var last []string
		for _, e := range slices.Backward(events) {
			if e.Lane == lane && len(last) < n {
				last = append(last, fmt.Sprintf("%-7s %9.3fs  %s", e.Lane, e.At.Seconds(), e.Text))
			}
		}
		slices.Reverse(last)
		lines = append(lines, last...)
	}
	return lines
}
