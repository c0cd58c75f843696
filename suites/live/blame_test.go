package live_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/live"
)

// two makes the backend one without hooks that knows two devices.
func (b *backend) two(t *testing.T) live.Target {
	t.Helper()
	target := b.given(t, "correct horse")
	b.devices["other"] = &state{passphrase: "battery staple", first: 100, next: 100, msgs: map[string]bool{}}
	target.Devices = append(target.Devices, live.Device{ID: "other", Passphrase: "battery staple", Next: 100, Disposable: true})
	return target
}

// A message that is accepted in the name of every device moves them all. That is
// the fault of that test, and later ones go on from where the devices stand.
func TestEveryDeviceMoved(t *testing.T) {
	b := newBackend()
	find := b.find
	all := false
	b.find = func(b *backend, id string) *state {
		if all = strings.Contains(id, "OR '1'='1"); all {
			return b.devices["unit"]
		}
		return find(b, id)
	}
	b.take = func(s *state, n uint64) {
		s.next = n + 1
		for _, d := range b.devices {
			if all {
				d.next = n + 1
			}
		}
	}
	e := engine(t, b.two(t))
	res := e.Run(t.Context(), "http/device-or-true")
	if want := []string{"REQ-HTTP-005", "REQ-HTTP-001"}; res.Verdict != live.Fail || !slices.Equal(res.Broke, want) {
		t.Errorf("%s against %q, want %q: %s", res.Verdict, res.Broke, want, res.Why)
	}
	if res := e.Run(t.Context(), "sequence/two-devices"); res.Verdict != live.Pass {
		t.Errorf("afterwards: %s: %s", res.Verdict, res.Why)
	}
}

// A device that is moved in another's name, by what is then refused, has been
// reached through that name.
func TestReachedByName(t *testing.T) {
	b := newBackend()
	b.find = func(b *backend, id string) *state {
		if strings.Contains(id, "'") {
			b.devices["unit"].next++
			return nil
		}
		return b.devices[id]
	}
	res := engine(t, b.given(t, "correct horse")).Run(t.Context(), "http/device-quote-raw-comment")
	if res.Verdict != live.Fail || !slices.Contains(res.Broke, "REQ-HTTP-005") {
		t.Errorf("%s against %q: %s", res.Verdict, res.Broke, res.Why)
	}
}

// What a history has that is wrongly accepted is held against what that message
// breaks, and not against what is demanded of refusals.
func TestWronglyAccepted(t *testing.T) {
	b := newBackend()
	next := uint64(5000)
	b.open = func(passphrase, msg string) (envelope.Reading, error) {
		r, err := envelope.Open(passphrase, msg)
		if err != nil {
			return envelope.Reading{SEQN: next}, nil
		}
		return r, nil
	}
	res := engine(t, b.given(t, "correct horse")).Run(t.Context(), "sequence/refused-no-data")
	if want := []string{"REQ-ENV-009", "REQ-ENV-004"}; res.Verdict != live.Fail || !slices.Equal(res.Broke, want) {
		t.Errorf("%s against %q, want %q: %s", res.Verdict, res.Broke, want, res.Why)
	}
}

// Where a device is known to race with itself, what a burst of two leaves behind
// is no sign that devices share a state; where nothing is known, it may be.
func TestRaceOfTwo(t *testing.T) {
	for _, known := range []bool{true, false} {
		b := newBackend()
		b.window = 2 * time.Millisecond
		e := engine(t, b.two(t))
		if known {
			if res := e.Run(t.Context(), "concurrency/rising-4-by-4"); res.Verdict != live.Fail {
				t.Errorf("%s: %s", res.Verdict, res.Why)
			}
		}
		res := e.Run(t.Context(), "concurrency/two-devices-rising")
		if res.Verdict != live.Fail || slices.Contains(res.Broke, "REQ-SEQ-008") == known || !slices.Contains(res.Broke, "REQ-SEQ-004") {
			t.Errorf("known: %t: %s against %q: %s", known, res.Verdict, res.Broke, res.Why)
		}
	}
}

// A process that ends may take connections for a moment after it has hung up.
func TestEndsSlowly(t *testing.T) {
	b := newBackend()
	var ends atomic.Bool
	read := b.read
	b.read = func(r *http.Request) (string, bool) {
		if ends.Load() {
			panic(http.ErrAbortHandler)
		}
		return read(r)
	}
	b.refused = func(*state) {
		ends.Store(true)
		time.AfterFunc(100*time.Millisecond, func() { b.server.Listener.Close() })
		panic(http.ErrAbortHandler)
	}
	target := b.given(t, "correct horse")
	target.Revival = 50 * time.Millisecond
	if res := engine(t, target).Run(t.Context(), "sequence/replay"); res.Verdict != live.Crash {
		t.Errorf("%s: %s", res.Verdict, res.Why)
	}
}
