// Package server holds the backend under test: in a container, as a child
// process, or somewhere else under a URL. Wherever it runs, it is the same
// program over one database, which survives [Server.Restart] and [Server.Kill].
//
// The program is told nothing secret on its command line: the admin token goes
// through its environment, passphrases through its admin API. It is ready when
// it says so, in one line of JSON on stdout, and answers at the address at
// which the harness will use it. That address may move with each restart, so
// [Server.URL] is to be asked for each use.
//
//	device data   http://127.0.0.1:32768  →  --listen   POST /data/{id}
//	admin API     http://127.0.0.1:32769  →  --admin    PUT, GET /devices/{id}, readings
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Sentinels of this package.
var (
	// ErrDocker reports that a container was asked for and cannot be had.
	ErrDocker = errors.New("server: no container")

	// ErrBinary reports that there is no program to run.
	ErrBinary = errors.New("server: no program to run")

	// ErrStart reports a server that did not become ready, or that ended on its
	// own. The error holds its last log lines.
	ErrStart = errors.New("server: did not start")

	// ErrEnded reports a server that ended though nobody had asked it to.
	ErrEnded = errors.New("server: ended on its own")

	// ErrUnreachable reports an address at which nothing answers.
	ErrUnreachable = errors.New("server: does not answer")

	// ErrExternal reports something that cannot be done to a server that was
	// started by somebody else.
	ErrExternal = errors.New("server: not ours")
)

const (
	startTime = 60 * time.Second // from the command to the first answer; a cold machine needs some 5 s
	stopTime  = 10 * time.Second // between SIGTERM and SIGKILL
)

// Config says where the server is to run. The zero value is good for most.
type Config struct {
	Mode     Mode
	Binary   Binary   // found, or built from the checkout, if empty
	Args     []string // further arguments for it, such as --replies original
	URL      string   // of an external server, where devices post
	AdminURL string   // of an external server's admin API; optional
	Token    string   // of the admin API; made up if empty, except for an external server
}

// Server is a backend that runs. Its methods may be called from several
// goroutines.
type Server struct {
	mode    Mode
	why     string
	image   string
	token   string
	client  *http.Client
	journal *journal
	seat    seat // nil for an external server

	at atomic.Pointer[address] // where it is reached now

	mu   sync.Mutex // one change at a time
	life *life      // the present one; nil between two, and once stopped
	gone bool       // stopped and removed
}

// seat is a place for the server to run in. It holds the database.
type seat interface {
	start(ctx context.Context, j *journal) (*life, error)
	end(ctx context.Context, l *life, kill bool) error         // returns once it is gone
	reach(ctx context.Context, says address) (*address, error) // the addresses it says, as seen from here
	remove(ctx context.Context) error                          // also of the database
}

// address is where a server is reached, as host:port.
type address struct{ data, admin string }

// Start starts a server and returns once it answers. ctx bounds the start, not
// the server's life: that ends with [Server.Stop], or with this process.
func Start(ctx context.Context, config Config) (*Server, error) {
	s := &Server{
		token:   config.Token,
		client:  &http.Client{Transport: &http.Transport{}, Timeout: adminTime}, // no proxy: whoever sets one does not mean this
		journal: &journal{},
	}
	if config.Mode == External || config.Mode == Auto && config.URL != "" {
		return s.external(ctx, config)
	}
	if s.token == "" {
		s.token = rand.Text()
	}
	config.Token = s.token
	var err error
	if s.mode, s.why, s.seat, err = choose(ctx, config); err != nil {
		return nil, err
	}
	if c, ok := s.seat.(*container); ok {
		s.image = c.image
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.Stop(ctx))
	}
	return s, nil
}

// begin starts the server in its seat and waits until it answers.
func (s *Server) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	life, err := s.seat.start(ctx, s.journal)
	if err != nil {
		return err
	}
	s.life = life
	var says address
	select {
	case says = <-life.ready:
	case <-life.ended:
		return fmt.Errorf("%w: %s: it ended before it was ready: %w%s", ErrStart, s.where(), life.err, s.journal.tail())
	case <-ctx.Done():
		return fmt.Errorf("%w: %s: it did not say that it is ready: %w%s", ErrStart, s.where(), ctx.Err(), s.journal.tail())
	}
	at, err := s.seat.reach(ctx, says)
	if err != nil {
		return err
	}
	s.at.Store(at)
	for _, base := range []string{s.URL(), s.adminURL()} {
		if err := s.healthy(ctx, base); err != nil {
			return fmt.Errorf("%w%s", err, s.journal.tail())
		}
	}
	return nil
}

// Restart stops the server in good order (SIGTERM) and starts it again.
func (s *Server) Restart(ctx context.Context) error { return s.again(ctx, false) }

// Kill kills the server (SIGKILL) and starts it again.
func (s *Server) Kill(ctx context.Context) error { return s.again(ctx, true) }

func (s *Server) again(ctx context.Context, kill bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat == nil {
		return fmt.Errorf("%w: %s cannot be restarted from here; use --server container or process", ErrExternal, s.URL())
	}
	if s.gone {
		return fmt.Errorf("%w: %s: it was stopped", ErrStart, s.where())
	}
	if s.life != nil {
		if err := s.seat.end(ctx, s.life, kill); err != nil {
			return fmt.Errorf("%w: %s: stop it for a restart: %w%s", ErrStart, s.where(), err, s.journal.tail())
		}
		s.life = nil
	}
	s.client.CloseIdleConnections()
	return s.begin(ctx)
}

// Stop ends the server and removes its database. An external server is left
// alone. Where ctx has ended the server is killed. Stop may be called twice.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client.CloseIdleConnections()
	if s.seat == nil || s.gone {
		return nil
	}
	var ended error
	if s.life != nil {
		ended = s.seat.end(ctx, s.life, false)
		s.life = nil
	}
	removed := s.seat.remove(ctx)
	s.gone = removed == nil
	return errors.Join(ended, removed)
}

// Alive returns nil while the server runs, or has been stopped from here, and
// otherwise why it does not.
func (s *Server) Alive() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life == nil {
		return nil
	}
	select {
	case <-s.life.ended:
		return fmt.Errorf("%w: %s: %w%s", ErrEnded, s.where(), s.life.err, s.journal.tail())
	default:
		return nil
	}
}

// Ended returns a channel that is closed when the present life of the server
// ends, for whatever reason; nil if it is not ours.
func (s *Server) Ended() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life == nil {
		return nil
	}
	return s.life.ended
}

// URL returns where devices post now, as http://127.0.0.1:32768. It moves when
// the server is restarted.
func (s *Server) URL() string { return base(s.at.Load().data) }

// adminURL returns the base of the admin API, or the empty string.
func (s *Server) adminURL() string { return base(s.at.Load().admin) }

func base(addr string) string {
	if addr == "" || strings.Contains(addr, "://") {
		return addr
	}
	return "http://" + addr
}

// Mode returns where the server runs; never Auto.
func (s *Server) Mode() Mode { return s.mode }

// Why returns the reason for the mode, in words.
func (s *Server) Why() string { return s.why }

// Image returns the digest of the container's image, as sha256:…, or the empty
// string.
func (s *Server) Image() string { return s.image }

// Log returns the last lines that the server wrote, over all of its restarts.
func (s *Server) Log() []Line { return s.journal.all() }

// where names the server in errors.
func (s *Server) where() string {
	if s.seat == nil {
		return s.URL()
	}
	return fmt.Sprint(s.seat)
}
