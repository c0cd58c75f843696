package rig

import (
	"time"

	"github.com/espalier-hil/espalier/harness/timeline"
)

// Heard returns what was heard on all lanes since a moment, from which its times
// count.
func (r *Rig) Heard(began time.Time) []timeline.Event {
	all := timeline.Gather(
		timeline.OfConsole(began, r.Console.Timeline().Events(began, time.Time{})),
		timeline.OfWire(began, r.Wire.Exchanges()),
		timeline.OfServer(began, r.Server.Log()),
	)
	before, _ := timeline.Slice(all, 0, 0)
	return all[before:]
}
