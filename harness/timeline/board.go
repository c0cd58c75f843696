package timeline

import (
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// OfBoard returns what a virtual board did that no port shows. Programs that go on
// where the one before ended, a moment later, are one event. What is written is
// not told: the passphrase is in it.
func OfBoard(began time.Time, happened []virtual.Happening) (events []Event) {
	var open nor.Change // what the last event says, if more can be added to it
	for _, h := range happened {
		at := h.At.Sub(began)
		if h.Power != "" {
			events, open = append(events, Event{At: at, Lane: Power, Text: printed([]byte(h.Power))}), nor.Change{}
			continue
		}
		last := len(events) - 1
		if c := h.Flash; adjoins(open, c) && at-events[last].At < moment {
			open.N, open.Torn = open.N+c.N, c.Torn
			events[last].Text = change(open)
			continue
		}
		open = h.Flash
		events = append(events, Event{At: at, Lane: Flash, Text: change(open)})
	}
	return events
}

// adjoins reports whether a change goes on where another ended.
func adjoins(before, c nor.Change) bool {
	return before.N > 0 && !before.Torn && before.Erased == c.Erased && before.Addr+uint32(before.N) == c.Addr
}

// change is how people read one.
func change(c nor.Change) string {
	what := "program"
	if c.Erased {
		what = "erase"
	}
	bytes := "bytes"
	if c.N == 1 {
		bytes = "byte"
	}
	torn := ""
	if c.Torn {
		torn = ", the supply failing in it"
	}
	return fmt.Sprintf("%s %d %s at 0x%06x%s", what, c.N, bytes, c.Addr, torn)
}
