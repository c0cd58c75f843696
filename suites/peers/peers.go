// Package peers starts backends that somebody else could have written, for a
// conformance run to be held against: the original's flow in Node-RED, one with
// Express and CryptoJS, one with Python's standard library and openssl. README.md
// beside this file says what each is and where its behaviour comes from.
//
// A peer is started in a folder of its own. It finds devices.json there, an
// array of [Device], keeps its database there, takes the port from the
// environment variable PORT (0 picks one) and prints one line when it answers:
//
//	listening on http://127.0.0.1:43210
//
// It takes readings at /data/{device id} below that address.
package peers

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Errors of this package, for callers to tell apart.
var (
	ErrMissing = errors.New("peers: not installed") // what the peer runs on
	ErrStart   = errors.New("peers: did not start")
	ErrKill    = errors.New("peers: outlived SIGKILL")
)

// patience is for a machine with much else to do: Node-RED takes two seconds
// on one that has not.
const patience = 2 * time.Minute

// Device is one that the peer knows from its first start on. A later start
// leaves what it has of a device as it is.
type Device struct {
	ID         string `json:"id"`
	Passphrase string `json:"passphrase"`
	Next       uint64 `json:"next"` // at most 2^53-1; JavaScript reads it
}

// Config says how to start a peer. Only Devices must be given.
type Config struct {
	Devices []Device

	// Dir is the peer's folder, for its program and its database, which stay.
	// Without it there is a temporary one, which Close removes.
	Dir string

	// Modules is the node_modules folder that `make peers` has filled. Without
	// it the environment variable ESPALIER_NODE_MODULES names it.
	Modules string
}

//go:embed nodered/flow.json nodered/start.js express/server.js python/server.py
var programs embed.FS

// Peer is a backend that runs, or that was killed and can be started again. Its
// methods must not be called at once.
type Peer struct {
	URL string // http://127.0.0.1:PORT, the same after a Restart

	kind    Kind
	dir     string
	scratch bool // dir goes with the peer
	command command
	log     *journal
	run     *run
}

// Start starts a peer and waits, for at most two minutes, until it answers. Errors
// wrap ErrMissing or ErrStart, or come from the file system.
func Start(ctx context.Context, kind Kind, config Config) (*Peer, error) {
	cmd, err := kind.command(config.Modules)
	if err != nil {
		return nil, err
	}
	p := &Peer{kind: kind, dir: config.Dir, command: cmd, log: newJournal()}
	if p.dir == "" {
		p.scratch = true
		if p.dir, err = os.MkdirTemp("", "espalier-peer-*"); err != nil {
			return nil, fmt.Errorf("peers: folder for %s: %w", kind, err)
		}
	}
	if err = p.furnish(config.Devices); err == nil {
		err = p.start(ctx, "0")
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// furnish writes the program and the devices into the peer's folder.
func (p *Peer) furnish(devices []Device) error {
	list, err := json.Marshal(append([]Device{}, devices...)) // an array, even of none
	if err != nil {
		return fmt.Errorf("peers: %w", err)
	}
	files := map[string][]byte{"devices.json": list}
	for _, name := range p.command.files {
		if files[name], err = programs.ReadFile(string(p.kind) + "/" + name); err != nil {
			return fmt.Errorf("peers: %w", err)
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(p.dir, name), text, 0o600); err != nil {
			return fmt.Errorf("peers: program of %s: %w", p.kind, err)
		}
	}
	return nil
}

// start starts the program and waits for the line with its address.
func (p *Peer) start(ctx context.Context, port string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no address within %v", patience))
	defer cancel()
	p.log.expect()
	var err error
	if p.run, err = p.command.start(p.dir, port, p.log); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrStart, p.kind, err)
	}
	select {
	case address := <-p.log.address:
		if u, err := url.Parse(address); err != nil || u.Hostname() != "127.0.0.1" || u.Port() == "" {
			p.run.kill()
			return fmt.Errorf("%w: %s says that its address is %q, want http://127.0.0.1:PORT", ErrStart, p.kind, address)
		}
		p.URL = address
		return nil
	case <-p.run.ended:
		return fmt.Errorf("%w: %s ended, %w; %s", ErrStart, p.kind, p.run.err, p.log.complaint())
	case <-ctx.Done():
		p.run.kill()
		return fmt.Errorf("%w: %s: %w; %s", ErrStart, p.kind, context.Cause(ctx), p.log.complaint())
	}
}

// Kill ends the peer as kill -9 does, and returns when it is gone. One that
// has ended by itself stays as it is.
func (p *Peer) Kill() error {
	if p.run == nil {
		return nil
	}
	if err := p.run.kill(); err != nil {
		return fmt.Errorf("%w: %s", err, p.kind)
	}
	return nil
}

// Restart kills the peer, if it still runs, and starts it again at the same
// address, over what it has stored. Errors are those of Kill and Start; after
// one the peer does not run.
func (p *Peer) Restart(ctx context.Context) error {
	if err := p.Kill(); err != nil {
		return err
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return fmt.Errorf("peers: %w", err)
	}
	return p.start(ctx, u.Port())
}

// Close kills the peer and removes its folder, if it was a temporary one. It
// may be called twice.
func (p *Peer) Close() error {
	err := p.Kill()
	if p.scratch {
		err = errors.Join(err, os.RemoveAll(p.dir))
	}
	return err
}

// Ended is closed when the peer's present life is over, whoever ended it.
func (p *Peer) Ended() <-chan struct{} { return p.run.ended }

// Dir is the folder with the peer's database, readings.db.
func (p *Peer) Dir() string { return p.dir }

// Log is the last of what the peer has printed, in all of its lives.
func (p *Peer) Log() string { return p.log.String() }
