package hooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/hooks"
	"github.com/espalier-hil/espalier/suites/live"
)

// made returns the hooks of a set whose hook for the state works.
func made(t *testing.T, s hooks.Set) live.Hooks {
	t.Helper()
	h, err := s.Hooks(t.Context(), "12FA")
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A command finds what it is asked in the environment, whatever is in it.
func TestCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "asked")
	s := hooks.Set{Provision: `printf '%s|%s|%s|%s' "$ESPALIER_HOOK" "$ESPALIER_DEVICE" "$ESPALIER_PASSPHRASE" "$ESPALIER_NEXT" >` + file}
	if err := made(t, s).Provision(t.Context(), `a"b; exit 3`, "$(exit 4) correct\nhorse", 1<<53-2); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if want := "provision|a\"b; exit 3|$(exit 4) correct\nhorse|9007199254740990"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// A URL is asked the same in JSON.
func TestURL(t *testing.T) {
	var body string
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, _ := io.ReadAll(r.Body)
		body = r.Method + " " + string(p)
		fmt.Fprint(w, `{"next": 123, "readings": [{"seqn": 122, "data": {"value": 1.50}}, {"seqn": 7, "data": 1}]}`)
	}))
	t.Cleanup(backend.Close)
	s := hooks.Set{State: backend.URL, Provision: backend.URL}
	h := made(t, s)
	list, err := h.Readings(t.Context(), "12FA", 100)
	if err != nil || len(list) != 1 || list[0].SEQN != 122 || string(list[0].Data) != `{"value": 1.50}` {
		t.Errorf("%+v, %v", list, err)
	}
	if want := `POST {"hook":"state","device":"12FA","from":100}`; body != want {
		t.Errorf("asked %s, want %s", body, want)
	}
	if err := h.Provision(t.Context(), "12FA", "correct horse", 0); err != nil {
		t.Error(err)
	}
	if want := `POST {"hook":"provision","device":"12FA","passphrase":"correct horse","next":0}`; body != want {
		t.Errorf("asked %s, want %s", body, want)
	}
}

// The state is told as far as the backend knows it.
func TestState(t *testing.T) {
	for _, tt := range []struct {
		answer, want string
		tells        bool
	}{
		{`{"next": 122}`, "{false 122 -}", false},
		{`{"next": 122, "missing": 3, "color": "red"}`, "{false 122 3}", false},
		{`{"next": 0, "readings": []}`, "{false 0 -}", true},
	} {
		s := hooks.Set{State: "echo '" + tt.answer + "'"}
		h := made(t, s)
		state, err := h.State(t.Context(), "12FA")
		missing := "-"
		if state.Missing != nil {
			missing = fmt.Sprint(*state.Missing)
		}
		if got := fmt.Sprintf("{%t %d %s}", state.Unknown, state.Next, missing); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v, want %s", tt.answer, got, err, tt.want)
		}
		if tells := h.Readings != nil; tells != tt.tells {
			t.Errorf("%s: tells %t", tt.answer, tells)
		}
	}
	s := hooks.Set{State: `if [ "$ESPALIER_DEVICE" = 12FA ]; then echo '{"next": 0}'; else echo '{"unknown": true}'; fi`}
	if state, err := made(t, s).State(t.Context(), "nobody"); err != nil || !state.Unknown {
		t.Errorf("%+v, %v", state, err)
	}
	if _, err := s.Hooks(t.Context(), "nobody"); !errors.Is(err, hooks.ErrHook) || !strings.Contains(err.Error(), "does not know device nobody") {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "made")
	s = hooks.Set{Provision: `echo "$ESPALIER_DEVICE" >` + file, State: `if [ "$ESPALIER_DEVICE" = "$(cat ` + file + `)" ]; then echo '{"next": 0}'; else exit 1; fi`}
	if _, err := s.Hooks(t.Context(), ""); err != nil {
		t.Errorf("where no device is known, and one can be made: %v", err)
	}
}

// What goes wrong is said, without the passphrase.
func TestErrors(t *testing.T) {
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, _ := io.ReadAll(r.Body)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(302)
		w.Write(p)
	}))
	t.Cleanup(away.Close)
	for _, tt := range []struct{ hook, says string }{
		{"exit 3", "exit status 3"},
		{`echo "no: $ESPALIER_PASSPHRASE" >&2; exit 1`, "no: [passphrase]"},
		{"echo yes", "it answers \"yes\\n\", which is no JSON"},
		{"sleep 60 & wait", "did not end in time"},
		{away.URL, "302 Found"},
		{"http://127.0.0.1:1/", "connection refused"},
	} {
		began := time.Now()
		err := made(t, hooks.Set{Provision: tt.hook, Time: 2 * time.Second}).Provision(t.Context(), "12FA", "correct horse", 1)
		if !errors.Is(err, hooks.ErrHook) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "correct horse") {
			t.Errorf("%s: %v", tt.hook, err)
		}
		if time.Since(began) > 30*time.Second {
			t.Errorf("%s: it took %v", tt.hook, time.Since(began))
		}
	}
	for _, answer := range []string{"", "{}", `{"next": -1}`, `{"next": 1.5}`, `{"next": "7"}`, `{"next": 7, "readings": [{"seqn": 6}]}`, `{"next": 7, "readings": [{"data": 6}]}`, `{"next": 7, "readings": [null]}`} {
		if _, err := (hooks.Set{State: "echo '" + answer + "'"}).Hooks(t.Context(), "12FA"); !errors.Is(err, hooks.ErrHook) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

// After a restart the hook is waited for, and then the backend; what the command
// leaves behind goes on.
func TestRestart(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	began := make(chan error, 1)
	time.AfterFunc(300*time.Millisecond, func() {
		l, err := net.Listen("tcp", address)
		if err == nil {
			t.Cleanup(func() { l.Close() })
		}
		began <- err
	})
	s := hooks.Set{Restart: `sleep 2 & echo '{"url": "http://` + address + `/data"}'`, URL: "http://127.0.0.1:1/data"}
	u, err := made(t, s).Restart(t.Context())
	if e := <-began; e != nil {
		t.Fatal(e)
	}
	if err != nil || u != "http://"+address+"/data" {
		t.Errorf("%q, %v", u, err)
	}
	s = hooks.Set{Kill: "true", URL: "http://127.0.0.1:1/data", Time: 100 * time.Millisecond}
	if _, err := made(t, s).Kill(t.Context()); !errors.Is(err, hooks.ErrHook) || !strings.Contains(err.Error(), "nothing takes connections at 127.0.0.1:1") {
		t.Error(err)
	}
	if h := made(t, s); h.Restart != nil || h.State != nil || h.Readings != nil || h.Provision != nil {
		t.Error("there are hooks that nobody has named")
	}
}

// Whatever a hook answers, it is an error or a state.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"next": 122, "missing": 3, "readings": [{"seqn": 121, "data": [1]}]}`))
	f.Add([]byte(`{"unknown": true}`))
	var answer []byte
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(answer) }))
	f.Cleanup(backend.Close)
	s := hooks.Set{State: backend.URL}
	answer = []byte(`{"next": 0, "readings": []}`)
	h, err := s.Hooks(context.Background(), "12FA")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		answer = text
		if state, err := h.State(context.Background(), "12FA"); err != nil && !errors.Is(err, hooks.ErrHook) {
			t.Errorf("%+v, %v", state, err)
		}
		list, err := h.Readings(context.Background(), "12FA", 0)
		for _, r := range list {
			if !json.Valid(r.Data) {
				t.Errorf("%q is no JSON", r.Data)
			}
		}
		if err != nil && !errors.Is(err, hooks.ErrHook) {
			t.Error(err)
		}
	})
}
