package powercut

import (
	"bytes"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/timeline"
)

// chronicle is what a board has done, heard and said since a snapshot, by its own
// clock.
type chronicle struct {
	happened []virtual.Happening
	passed   []console.Event
}

// zero is when the board's clock began.
var zero time.Time

func (c *chronicle) happens(h virtual.Happening) {
	h.At = zero.Add(h.Now)
	c.happened = append(c.happened, h)
}

func (c *chronicle) passes(now time.Duration, lane console.Lane, data []byte) {
	c.passed = append(c.passed, console.Event{At: zero.Add(now), Lane: lane, Data: bytes.Clone(data)})
}

// shown is how many lines of each lane a violation has.
const shown = 12

// last returns the last lines of each lane.
func (c *chronicle) last() []string {
	return timeline.Tails(timeline.Gather(timeline.OfConsole(zero, c.passed), timeline.OfBoard(zero, c.happened)), shown)
}
