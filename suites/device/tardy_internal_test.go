package device

import (
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/wire"
)

// A backend is tardy where nobody but itself let the device wait.
func TestTardy(t *testing.T) {
	began := time.Now()
	took := func(d time.Duration) wire.Exchange { return wire.Exchange{N: 3, Start: began, End: began.Add(d)} }
	dropped, replayed := took(9*time.Second), took(9*time.Second)
	dropped.Fault, replayed.Replay = wire.DropReply, true
	if got := tardy([]wire.Exchange{took(4 * time.Second), dropped, replayed}); got != "" {
		t.Error(got)
	}
	if got := tardy([]wire.Exchange{took(time.Second), took(9630 * time.Millisecond)}); !strings.Contains(got, "took 9.6 s to answer request #3") {
		t.Error(got)
	}
}
