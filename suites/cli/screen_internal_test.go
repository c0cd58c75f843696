package cli

import (
	"bytes"
	"testing"
	"time"
)

// What goes on for long is seen to do so where nothing is drawn over, too, and no
// oftener than it takes.
func TestScreenOfALog(t *testing.T) {
	for pause, want := range map[time.Duration]string{0: "one\ntwo\n", time.Hour: ""} {
		var log bytes.Buffer
		show := newScreen(&log, 0).now(pause)
		show("one")
		show("two")
		if log.String() != want {
			t.Errorf("each %v: %q", pause, log.String())
		}
	}
}
