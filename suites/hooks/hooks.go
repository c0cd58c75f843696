// Package hooks calls what an implementer has written for the tests that need
// more than the URL: to make a device known, to tell what is kept of one, to
// restart the backend and to kill it.
//
//	provision   a device is made known: its id, passphrase and next
//	state       tells what is kept of a device
//	restart     stops the backend in good order and starts it again
//	kill        kills it (SIGKILL, power, …) and starts it again
//
// A hook is a URL, which is sent a POST, or else a command, which the shell runs.
// A command finds what it is asked in the environment:
//
//	ESPALIER_HOOK, ESPALIER_DEVICE, ESPALIER_PASSPHRASE, ESPALIER_NEXT, ESPALIER_FROM
//
// and a URL in a JSON object with the keys hook, device, passphrase, next and
// from. What it answers, on standard output or as the body, is nothing, or a JSON
// object ([Answer]). Another exit code than 0, and another status than one of 200
// to 299, says that the hook failed.
package hooks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/live"
)

// ErrHook reports a hook that failed, or that answered what makes no sense.
var ErrHook = errors.New("hooks: hook")

// Names are the names of the hooks.
var Names = []string{"provision", "state", "restart", "kill"}

// Set is the hooks that there are.
type Set struct {
	Provision, State, Restart, Kill string // a URL, or a command; empty if there is none

	URL  string        // of the backend, for who waits until it answers again
	Time time.Duration // that a hook may take; 30 s if 0
}

// asked is what a hook is asked.
type asked struct {
	Hook       string  `json:"hook"`
	Device     string  `json:"device,omitempty"`
	Passphrase string  `json:"passphrase,omitempty"`
	Next       *uint64 `json:"next,omitempty"` // for provision
	From       *uint64 `json:"from,omitempty"` // for state: the lowest number whose reading is wanted
}

// Answer is what a hook may answer.
type Answer struct {
	URL      string     `json:"url"`      // restart, kill: where the backend answers now, if it has moved
	Unknown  bool       `json:"unknown"`  // state: the backend does not know the device
	Next     *uint64    `json:"next"`     // state: the lowest number that it still accepts
	Missing  *uint64    `json:"missing"`  // state: how many numbers were skipped, if it counts them
	Readings *[]Reading `json:"readings"` // state: what is stored from ESPALIER_FROM on, if it can tell
}

// Reading is a reading as a hook tells it.
type Reading struct {
	SEQN *uint64         `json:"seqn"`
	Data json.RawMessage `json:"data"`
}

// Hooks returns the hooks for an engine. The one for the state is asked for a
// device that the backend knows, of which there is one where a device is known
// or can be provisioned: whether it tells readings nobody else knows.
func (s Set) Hooks(ctx context.Context, known string) (live.Hooks, error) {
	var h live.Hooks
	if s.Provision != "" {
		h.Provision = func(ctx context.Context, id, passphrase string, next uint64) error {
			_, err := s.call(ctx, s.Provision, asked{Hook: "provision", Device: id, Passphrase: passphrase, Next: &next})
			return err
		}
	}
	again := func(name, hook string) func(context.Context) (string, error) {
		if hook == "" {
			return nil
		}
		return func(ctx context.Context) (string, error) { return s.again(ctx, name, hook) }
	}
	h.Restart, h.Kill = again("restart", s.Restart), again("kill", s.Kill)
	if s.State == "" {
		return h, nil
	}
	h.State = s.state
	if known == "" && s.Provision != "" {
		known = "espalier-" + strings.ToLower(rand.Text()[:12])
		if err := h.Provision(ctx, known, rand.Text(), 0); err != nil {
			return h, err
		}
	}
	a, err := s.ask(ctx, known, 0)
	if err == nil && a.Unknown {
		err = fmt.Errorf("%w state: it says that the backend does not know device %s", ErrHook, known)
	}
	if err == nil && a.Readings != nil {
		h.Readings = s.readings
	}
	return h, err
}

func (s Set) state(ctx context.Context, id string) (live.State, error) {
	a, err := s.ask(ctx, id, 1<<63) // no reading is wanted
	if err != nil || a.Unknown {
		return live.State{Unknown: a.Unknown}, err
	}
	return live.State{Next: *a.Next, Missing: a.Missing}, nil
}

func (s Set) readings(ctx context.Context, id string, from uint64) ([]live.Reading, error) {
	a, err := s.ask(ctx, id, from)
	switch {
	case err != nil:
		return nil, err
	case a.Readings == nil:
		return nil, fmt.Errorf("%w state: it has told readings before, and tells none of device %s", ErrHook, id)
	}
	var list []live.Reading
	for _, r := range *a.Readings {
		if *r.SEQN >= from {
			list = append(list, live.Reading{SEQN: *r.SEQN, Data: r.Data})
		}
	}
	return list, nil
}

// ask asks for what is kept of a device.
func (s Set) ask(ctx context.Context, id string, from uint64) (Answer, error) {
	a, err := s.call(ctx, s.State, asked{Hook: "state", Device: id, From: &from})
	if err != nil || a.Unknown {
		return a, err
	}
	if a.Next == nil {
		return a, fmt.Errorf(`%w state: its answer has no "next", and not "unknown": true either`, ErrHook)
	}
	if a.Readings != nil {
		for i, r := range *a.Readings {
			if r.SEQN == nil || r.Data == nil {
				return a, fmt.Errorf(`%w state: reading %d of its answer lacks "seqn" or "data"`, ErrHook, i)
			}
		}
	}
	return a, nil
}

// again runs a hook that starts the backend again, and waits until something
// takes connections there.
func (s Set) again(ctx context.Context, name, hook string) (string, error) {
	a, err := s.call(ctx, hook, asked{Hook: name})
	if err != nil {
		return "", err
	}
	where := a.URL
	if where == "" {
		where = s.URL
	}
	u, err := url.Parse(where)
	if err != nil || u.Hostname() == "" {
		return "", fmt.Errorf("%w %s: it answers with the URL %q, which is none", ErrHook, name, where)
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), "80")
	}
	ctx, cancel := context.WithTimeout(ctx, s.time())
	defer cancel()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			conn.Close()
			return where, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%w %s: %s after it nothing takes connections at %s: %w", ErrHook, name, s.time(), address, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s Set) time() time.Duration {
	if s.Time == 0 {
		return 30 * time.Second
	}
	return s.Time
}

// call calls a hook.
func (s Set) call(ctx context.Context, hook string, q asked) (a Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.time())
	defer cancel()
	text, err := said(nil), error(nil)
	if remote(hook) {
		text, err = post(ctx, hook, q)
	} else {
		text, err = run(ctx, hook, q)
	}
	if err == nil && len(strings.TrimSpace(string(text))) > 0 {
		if err = json.Unmarshal(text, &a); err != nil {
			err = fmt.Errorf("it answers %s, which is no JSON as it is wanted: %w", text, err)
		}
	}
	if err != nil {
		err = fmt.Errorf("%w %s: %w", ErrHook, q.Hook, q.hide(err))
	}
	return a, err
}

// remote reports whether a hook is a URL.
func remote(hook string) bool {
	return strings.HasPrefix(hook, "http://") || strings.HasPrefix(hook, "https://")
}

// hide takes the passphrase out of an error.
func (q asked) hide(err error) error {
	if q.Passphrase != "" && strings.Contains(err.Error(), q.Passphrase) {
		return errors.New(strings.ReplaceAll(err.Error(), q.Passphrase, "[passphrase]"))
	}
	return err
}

// said is what a hook says, shortened where it is shown.
type said []byte

func (s said) String() string {
	const shown = 300
	if len(s) > shown {
		return fmt.Sprintf("%q … (%d bytes)", []byte(s[:shown]), len(s))
	}
	return strconv.Quote(string(s))
}
