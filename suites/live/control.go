package live

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// control is a small backend of our own, of which it is known whether it is
// right: what an experiment sees of it says what the experiment can see. It
// listens on this machine and knows one device.
type control struct {
	server   *http.Server
	listener net.Listener
	device   *device // as the engine sees it

	mu      sync.Mutex
	next    uint64
	between func()           // goes on between check and store, outside the lock; nil: they are one step
	before  func(msg string) // goes on before an answer; may be nil
}

const controlPassphrase = "of a control"

// newControl starts a control at a number.
func newControl(next uint64) (*control, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a control beside the backend: %w", err)
	}
	c := &control{listener: listener, next: next, device: &device{id: "control", passphrase: controlPassphrase, next: next}}
	c.server = &http.Server{Handler: c, ReadHeaderTimeout: time.Minute}
	go c.server.Serve(listener)
	return c, nil
}

func (c *control) close() { c.server.Close() }

// aim returns a run that has the control in place of the backend, and keeps what
// it sends to itself.
func (c *control) aim(r *run) *run {
	target := Target{URL: "http://" + c.listener.Addr().String() + "/data", Timeout: r.target.Timeout}
	e := &Engine{suite: r.suite, target: target, seed: r.seed, base: &url.URL{Scheme: "http", Host: c.listener.Addr().String(), Path: "/data"}}
	return &run{Engine: e, result: &Result{}, rng: r.rng}
}

// ServeHTTP takes a message as any backend does.
func (c *control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var doc struct{ Msg string }
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	accepted := err == nil && json.Unmarshal(body, &doc) == nil && c.take(doc.Msg)
	if c.before != nil {
		c.before(doc.Msg)
	}
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, map[bool]string{true: `{"status":"OK"}`, false: `{"status":"NOT OK"}`}[accepted])
}

func (c *control) take(msg string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	reading, err := envelope.Open(controlPassphrase, msg)
	if err != nil || reading.SEQN < c.next {
		return false
	}
	if c.between != nil {
		c.mu.Unlock()
		c.between()
		c.mu.Lock()
	}
	c.next = reading.SEQN + 1
	return true
}

// spin lets time pass, and others run: what is this short cannot be slept.
func spin(d time.Duration) {
	for began := time.Now(); time.Since(began) < d; {
		runtime.Gosched()
	}
}
