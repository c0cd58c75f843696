package device

import (
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/harness/wire"
)

// patience is how long a device waits for an answer, connecting included
// (carrier.h of the firmware).
const patience = 5 * time.Second

// tardy returns what to say of a backend that let a device wait for longer than it
// does: what the device made of that is the backend's, or its disk's. Of a backend
// that answered in time it is nothing.
func tardy(passed []wire.Exchange) string {
	for _, x := range passed {
		if took := x.End.Sub(x.Start); x.Fault == wire.None && !x.Replay && took > patience {
			return fmt.Sprintf("the backend took %.1f s to answer request #%d, and a device waits for %.0f; what came of that: ", took.Seconds(), x.N, patience.Seconds())
		}
	}
	return ""
}
