package live_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/live"
)

// backend is a small one over the codec, in memory, with at most one fault. A
// fault replaces one of its parts.
type backend struct {
	mu      sync.Mutex
	devices map[string]*state
	order   []string // of the devices
	server  *httptest.Server

	open    func(passphrase, msg string) (envelope.Reading, error)
	find    func(b *backend, id string) *state
	fits    func(s *state, n uint64, msg string) bool
	take    func(s *state, n uint64)
	refused func(s *state)
	window  time.Duration // between check and update, unlocked
	read    func(r *http.Request) (msg string, ok bool)
	reply   func(w http.ResponseWriter, r envelope.Reading, err error, ok bool)
	forget  bool // on restart, and on provisioning again
}

type state struct {
	passphrase  string
	first, next uint64
	number      uint64 // of the last message
	seen        []uint64
	msgs        map[string]bool
	refusals    int
	locked      bool
}

func newBackend() *backend {
	return &backend{
		devices: map[string]*state{},
		open:    envelope.Open,
		find:    func(b *backend, id string) *state { return b.devices[id] },
		fits:    func(s *state, n uint64, _ string) bool { return n >= s.next },
		take:    func(s *state, n uint64) { s.next = n + 1 },
		refused: func(*state) {},
		read:    readBody,
		reply: func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			say(w, 200, map[bool]string{true: "OK", false: "NOT OK"}[ok])
		},
	}
}

func readBody(r *http.Request) (string, bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return "", false
	}
	var doc map[string]json.RawMessage
	var msg string
	if json.Unmarshal(body, &doc) != nil || !strings.HasPrefix(string(doc["msg"]), `"`) {
		return "", false
	}
	err = json.Unmarshal(doc["msg"], &msg)
	return msg, err == nil
}

func say(w http.ResponseWriter, code int, status string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	io.WriteString(w, `{"status":"`+status+`"}`)
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, under := strings.CutPrefix(r.URL.Path, "/data/")
	msg, ok := b.read(r)
	if !under || !ok {
		b.reply(w, envelope.Reading{}, nil, false)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.find(b, id)
	if d == nil {
		b.reply(w, envelope.Reading{}, nil, false)
		return
	}
	reading, err := b.open(d.passphrase, msg)
	ok = err == nil && !d.locked && b.fits(d, reading.SEQN, msg)
	if ok && b.window > 0 {
		b.mu.Unlock()
		time.Sleep(b.window)
		b.mu.Lock()
	}
	if ok {
		b.take(d, reading.SEQN)
		d.number = reading.SEQN
		d.seen = append(d.seen, reading.SEQN)
		d.msgs[msg] = true
	} else {
		b.refused(d)
	}
	b.reply(w, reading, err, ok)
}

// start serves the backend, with the hooks that it has.
func (b *backend) start(t *testing.T) live.Target {
	t.Helper()
	b.server = httptest.NewServer(b)
	t.Cleanup(b.server.Close)
	url := b.server.URL + "/data"
	return live.Target{URL: url, Timeout: 5 * time.Second, Patience: 100 * time.Millisecond, Hooks: live.Hooks{
		Provision: func(_ context.Context, id, passphrase string, next uint64) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.devices[id] == nil || b.forget {
				b.devices[id] = &state{passphrase: passphrase, first: next, next: next, msgs: map[string]bool{}}
				b.order = append(b.order, id)
			}
			return nil
		},
		Restart: func(context.Context) (string, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, d := range b.devices {
				if b.forget {
					d.next = d.first
				}
			}
			return url, nil
		},
	}}
}
