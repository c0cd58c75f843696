package rig

import (
	"slices"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/timeline"
)

// Heard returns what was heard on all lanes since a moment, from which its times
// count.
func (r *Rig) Heard(began time.Time) []timeline.Event {
	all := timeline.Gather(
		timeline.OfConsole(began, r.Console.Timeline().Events(began, time.Time{})),
		timeline.OfBoard(began, r.witness.since(began)),
		timeline.OfWire(began, r.Wire.Exchanges()),
		timeline.OfServer(began, r.Server.Log()),
	)
	before, _ := timeline.Slice(all, 0, 0)
	return all[before:]
}

// witness keeps what a virtual board does that no port shows, the last of it where
// there is too much.
type witness struct {
	mu   sync.Mutex
	seen []virtual.Happening
}

// mostSeen bounds what a witness keeps: twice that, for a moment.
const mostSeen = 1 << 18

func (w *witness) add(h virtual.Happening) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.seen) == 2*mostSeen {
		w.seen = slices.Clone(w.seen[mostSeen:])
	}
	w.seen = append(w.seen, h)
}

// since returns what happened from a moment on.
func (w *witness) since(began time.Time) []virtual.Happening {
	w.mu.Lock()
	defer w.mu.Unlock()
	first, _ := slices.BinarySearchFunc(w.seen, began, func(h virtual.Happening, t time.Time) int { return h.At.Compare(t) })
	return slices.Clone(w.seen[first:])
}
