package live_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/live"
)

// given makes the backend one without hooks that knows one device.
func (b *backend) given(t *testing.T, passphrase string) live.Target {
	t.Helper()
	target := b.start(t)
	if err := target.Hooks.Provision(t.Context(), "unit", passphrase, 5000); err != nil {
		t.Fatal(err)
	}
	target.Hooks, target.Devices = live.Hooks{}, []live.Device{{ID: "unit", Passphrase: passphrase, Next: 5000, Disposable: true}}
	return target
}

func engine(t *testing.T, target live.Target) *live.Engine {
	t.Helper()
	e, err := live.New(suite(t), target, 1)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A backend that does not come back: the test is CRASH, and the rest is not run,
// quickly.
func TestCrash(t *testing.T) {
	b := newBackend()
	b.refused = func(*state) { b.server.Listener.Close(); panic(http.ErrAbortHandler) }
	target := b.given(t, "correct horse")
	target.Revival = 50 * time.Millisecond
	e := engine(t, target)
	if res := e.Run(t.Context(), "sequence/replay"); res.Verdict != live.Crash {
		t.Errorf("%s: %s", res.Verdict, res.Why)
	}
	res := e.Run(t.Context(), "sequence/in-order")
	if res.Verdict != live.NotRun || !strings.Contains(res.Why, "sequence/replay") || len(res.Exchanges) > 0 {
		t.Errorf("%s: %s", res.Verdict, res.Why)
	}
}

// One that something starts again: the run goes on, and if it has forgotten its
// devices that is found, too.
func TestRevival(t *testing.T) {
	for _, forgets := range []bool{false, true} {
		t.Run(fmt.Sprint("forgets ", forgets), func(t *testing.T) {
			b := newBackend()
			var again atomic.Bool
			b.refused = func(*state) {
				if again.Swap(true) {
					return
				}
				addr := b.server.Listener.Addr().String()
				b.server.Listener.Close()
				if forgets {
					b.devices = map[string]*state{}
				}
				time.AfterFunc(100*time.Millisecond, func() { go revive(addr, b) })
				panic(http.ErrAbortHandler)
			}
			e := engine(t, b.given(t, "correct horse"))
			res := e.Run(t.Context(), "sequence/replay")
			if res.Verdict != live.Crash || slices.Contains(res.Broke, "REQ-SEQ-012") != forgets {
				t.Errorf("%s against %q: %s", res.Verdict, res.Broke, res.Why)
			}
			want := live.Pass
			if forgets {
				want = live.NotRun
			}
			if res := e.Run(t.Context(), "sequence/in-order"); res.Verdict != want {
				t.Errorf("afterwards: %s: %s", res.Verdict, res.Why)
			}
		})
	}
}

func revive(addr string, b *backend) {
	(&http.Server{Addr: addr, Handler: b}).ListenAndServe()
}

// One that answers nothing any more: after some tests the rest is not run.
func TestHangs(t *testing.T) {
	b := newBackend()
	target := b.given(t, "correct horse")
	target.Timeout = 50 * time.Millisecond
	deaf := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-deaf }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(deaf) })
	target.URL = server.URL + "/data"
	e := engine(t, target)
	var got []live.Verdict
	for _, id := range []string{"sequence/replay", "sequence/in-order", "http/plain", "sequence/resealed"} {
		got = append(got, e.Run(t.Context(), id).Verdict)
	}
	if want := []live.Verdict{live.Hang, live.Hang, live.Hang, live.NotRun}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

// A backend that does not know its devices after a restart, and therefore tells
// no state of them, is at fault; a hook that fails is not.
func TestForgotten(t *testing.T) {
	for _, forgets := range []bool{true, false} {
		b := newBackend()
		target := b.start(t)
		again := false
		target.Hooks.Restart = func(context.Context) (string, error) {
			again = true
			if forgets {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.devices = map[string]*state{}
			}
			return target.URL, nil
		}
		target.Hooks.State = func(_ context.Context, id string) (live.State, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			if d := b.devices[id]; d != nil && !again {
				return live.State{Next: d.next}, nil
			}
			return live.State{}, fmt.Errorf("404 Not Found")
		}
		res := engine(t, target).Run(t.Context(), "sequence/restart")
		want := live.Error
		if forgets {
			want = live.Fail
		}
		if res.Verdict != want || forgets && !slices.Contains(res.Broke, "REQ-SEQ-005") {
			t.Errorf("%s against %q: %s", res.Verdict, res.Broke, res.Why)
		}
	}
}

// A run that ends blames nobody.
func TestInterrupted(t *testing.T) {
	b := newBackend()
	ctx, cancel := context.WithCancelCause(t.Context())
	b.refused = func(*state) { cancel(fmt.Errorf("enough")); <-ctx.Done() }
	e := engine(t, b.given(t, "correct horse"))
	for _, id := range []string{"sequence/replay", "sequence/in-order"} {
		if res := e.Run(ctx, id); res.Verdict != live.NotRun || !strings.Contains(res.Why, "enough") || len(res.Broke) > 0 {
			t.Errorf("%s: %s against %q: %s", id, res.Verdict, res.Broke, res.Why)
		}
	}
}

// Passphrases that a backend gives away are in no result, however it writes them.
func TestPassphrasesAreHushed(t *testing.T) {
	const passphrase = "staple, battery & ☂"
	for name, write := range map[string]func(string) string{
		"plain": func(s string) string { return s }, "far": func(s string) string { return strings.Repeat("x", 590) + s },
		"hex": func(s string) string { return hex.EncodeToString([]byte(s)) }, "base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	} {
		b := newBackend()
		var made string
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			for _, d := range b.devices {
				made = d.passphrase
			}
			say(w, 200, write(made))
		}
		hooks := b.start(t)
		for _, target := range []live.Target{hooks, given(hooks, passphrase)} {
			b.devices = map[string]*state{}
			if len(target.Devices) > 0 {
				hooks.Hooks.Provision(t.Context(), "unit", passphrase, 5000)
			}
			res := engine(t, target).Run(t.Context(), "sequence/in-order")
			if res.Verdict != live.Fail || len(made) < 8 {
				t.Fatalf("%s: %s: %s", name, res.Verdict, res.Why)
			}
			if text := fmt.Sprint(res); strings.Contains(text, write(made)[min(590, len(write(made))-8):][:8]) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

func given(target live.Target, passphrase string) live.Target {
	target.Hooks, target.Devices = live.Hooks{}, []live.Device{{ID: "unit", Passphrase: passphrase, Next: 5000}}
	return target
}
