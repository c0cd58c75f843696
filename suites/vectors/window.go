package vectors

import (
	"fmt"
	"strconv"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/vectors"
)

// counts reports whether the windows alone decide every step: each sends a
// number to a device that there is, or sends it again to the same.
func counts(t *vectors.SequenceTest) bool {
	for i, s := range t.Steps {
		if s.Before != "" || s.Send.Vector != "" {
			return false
		}
		if s.Send.ReplayOf != nil && (*s.Send.ReplayOf >= i || s.Send.Device != "" && s.Send.Device != t.Steps[*s.Send.ReplayOf].Send.Device) {
			return false
		}
		if _, known := t.Initial[s.Send.Device]; !known && s.Send.ReplayOf == nil {
			return false
		}
	}
	return true
}

// throughWindow sends the numbers of a history through the reference server's
// windows, one for each device, and returns what is not as the history says.
func throughWindow(t *vectors.SequenceTest) error {
	windows := map[string]*seqn.Window{}
	for device, next := range t.Initial {
		n, err := strconv.ParseUint(next, 10, 64)
		if err != nil {
			return fmt.Errorf("next of device %s: %w", device, err)
		}
		windows[device] = &seqn.Window{Next: n}
	}
	for i, step := range t.Steps {
		send := step.Send
		for send.ReplayOf != nil {
			send = t.Steps[*send.ReplayOf].Send
		}
		n, err := strconv.ParseUint(send.SEQN, 10, 64)
		if err != nil {
			return fmt.Errorf("step %d: SEQN: %w", i, err)
		}
		w, status := windows[send.Device], "OK"
		if err := w.Accept(n); err != nil {
			status = "NOT OK"
		}
		for _, c := range []struct{ what, got, want string }{
			{"status", status, step.Status},
			{"next", strconv.FormatUint(w.Next, 10), step.Next},
			{"missing", strconv.FormatUint(w.Missing, 10), step.Missing},
		} {
			if c.want != "" && c.got != c.want {
				return fmt.Errorf("step %d, SEQN %d to device %s: %s is %s, want %s", i, n, send.Device, c.what, c.got, c.want)
			}
		}
	}
	return nil
}
