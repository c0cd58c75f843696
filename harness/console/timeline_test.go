package console_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/console"
)

// all returns the bytes of one lane.
func all(events []console.Event, lane console.Lane) string {
	var b bytes.Buffer
	for _, e := range events {
		if e.Lane == lane {
			b.Write(e.Data)
		}
	}
	return b.String()
}

func TestTimeline(t *testing.T) {
	var mu sync.Mutex
	var observed []console.Event
	c, d := open(t, console.Config{Observe: func(e console.Event) {
		mu.Lock()
		defer mu.Unlock()
		observed = append(observed, e)
	}})
	cur := c.Now()
	raw := "\x00\xff\r\n\x1e{bad\nok\n"
	c.Write([]byte("1 hello -\n"))
	c.SetRTS(true)
	d.Write([]byte(raw))
	if _, err := cur.Expect(soon(t), console.Text("ok")); err != nil {
		t.Fatal(err)
	}
	events := c.Timeline().Events(time.Time{}, time.Time{})
	if got := all(events, console.Received); got != raw {
		t.Errorf("received %q, want every byte of %q", got, raw)
	}
	if got := all(events, console.Transmitted) + all(events, console.Moved); got != "1 hello -\nRTS true" {
		t.Errorf("sent and moved %q", got)
	}
	for i := 1; i < len(events); i++ {
		if events[i].At.Before(events[i-1].At) {
			t.Errorf("event %d is earlier than the one before", i)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(observed) != len(events) {
		t.Errorf("%d events observed, %d kept", len(observed), len(events))
	}
	if got := c.Timeline().Events(events[1].At, events[2].At); len(got) != 1 || got[0].Lane != console.Moved {
		t.Errorf("a slice of the timeline is %v", got)
	}
	if c.Malformed() != 1 {
		t.Errorf("%d malformed records, want 1", c.Malformed())
	}
}

// A passphrase goes out, and nowhere else.
func TestRedaction(t *testing.T) {
	const secret = "636f727265637420686f727365"
	c, d := open(t, console.Config{})
	if err := c.WriteAs([]byte("7 provision 31 "+secret+" 1\n"), []byte("7 provision 31 … 1\n")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64)
	if n, err := d.Read(buf); err != nil || !strings.Contains(string(buf[:n]), secret) {
		t.Errorf("device got %q, %v", buf[:n], err)
	}
	events := c.Timeline().Events(time.Time{}, time.Time{})
	if got := all(events, console.Transmitted); got != "7 provision 31 … 1\n" || !events[0].Redacted {
		t.Errorf("timeline shows %q, redacted %t", got, events[0].Redacted)
	}
	if tail := c.Tail(10); strings.Contains(tail, secret) || !strings.Contains(tail, "7 provision 31 …") {
		t.Errorf("history shows\n%s", tail)
	}
}
