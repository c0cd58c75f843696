// Package serve runs the reference server: the store, the two listeners, and
// the life between a command line and a signal. Both the reference-server
// command and "espalier server" are its [Command].
package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// drain is how long requests that are under way at the end may still take. A
// message takes milliseconds; who needs longer is a client that does not go on.
const drain = 3 * time.Second

// Config says what to serve, where.
type Config struct {
	Listen  string // host:port that devices post to
	Admin   string // host:port of the admin listener; not opened without a Token
	Token   string // bearer token of the admin listener
	DB      string // SQLite file
	Devices []Device
	Replies api.Replies
	MaxGap  uint64 // 0 is no bound
	Level   slog.Level
}

// Device is a device that is to exist when the server begins to listen.
type Device struct {
	ID         string
	Passphrase string
	Next       uint64 // the first SEQN to accept, if the server does not know the device yet
}

// Ready is the one line that Run prints to stdout once it listens.
type Ready struct {
	Ready  bool   `json:"ready"`
	Listen string `json:"listen"` // the address that was got, if port 0 was asked for
	Admin  string `json:"admin"`  // "" if there is no admin listener
}

// Run serves until ctx is done, then finishes the requests that are under way,
// as far as their clients let it, and returns nil. It says on stdout, in one
// line of JSON, when it is ready, and logs to stderr. It gives up with
// store.ErrInDoubt when the disk does not confirm a flush.
func Run(ctx context.Context, config Config, stdout, stderr io.Writer) (err error) {
	log := slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: config.Level}))

	db, err := store.Open(config.DB, store.Options{MaxGap: config.MaxGap})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, d := range config.Devices {
		state, created, err := db.Provision(ctx, d.ID, d.Passphrase, d.Next)
		if err != nil {
			return err
		}
		log.Info("provisioned", "device", d.ID, "next", state.Next, "created", created)
	}

	front := api.New(db, log, config.Replies)
	ready := Ready{Ready: true}
	failed := make(chan error, 2)
	start := func(addr string, h http.Handler) (*http.Server, string, error) {
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, "", fmt.Errorf("serve: listen on %s: %w", addr, err)
		}
		server := front.Server(h)
		go func() { failed <- server.Serve(listener) }()
		return server, listener.Addr().String(), nil
	}
	data, addr, err := start(config.Listen, front.Data())
	if err != nil {
		return err
	}
	defer data.Close()
	ready.Listen = addr
	servers := []*http.Server{data}
	if config.Token != "" {
		admin, addr, err := start(config.Admin, front.Admin(config.Token))
		if err != nil {
			return err
		}
		defer admin.Close()
		ready.Admin = addr
		servers = append(servers, admin)
	}

	if err := json.NewEncoder(stdout).Encode(ready); err != nil {
		return fmt.Errorf("serve: say that the server is ready: %w", err)
	}
	log.Info("ready", "listen", ready.Listen, "admin", ready.Admin, "db", config.DB, "replies", config.Replies)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: accept connections: %w", err)
	case <-db.Failed():
		return fmt.Errorf("serve: %s: %w", config.DB, db.Err())
	case <-ctx.Done():
	}
	log.Info("stopping")
	shutdown(log, servers)
	return nil
}

// shutdown ends the servers, which have drain to finish what they are at, and
// then cuts it off: what was answered OK is on the disk already, and who got no
// answer will ask again.
func shutdown(log *slog.Logger, servers []*http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	for _, s := range servers {
		if err := s.Shutdown(ctx); err != nil {
			log.Warn("cut off requests that were still under way", "after", drain.String(), "err", err)
			s.Close()
		}
	}
}
