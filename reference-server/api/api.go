// Package api is the HTTP face of the server, on two listeners.
//
// The data listener faces the devices:
//
//	POST /data/{id}   {"msg": envelope}   →   {"status":"OK"} or {"status":"NOT OK"}
//	GET  /sqn/{id}    ?nonce=HEX16       →   {"msg": envelope of next and nonce}
//	GET  /healthz
//
// The admin listener faces the operator. All but /healthz is behind a bearer
// token:
//
//	PUT  /devices/{id}            {"passphrase":"…","next":N}   provision
//	GET  /devices/{id}            state
//	GET  /devices/{id}/readings   ?from=SEQN&limit=N
//	GET  /devices/{id}/past       ?from=ROW&limit=N    what was imported
//	GET  /metrics                 Prometheus
//	GET  /healthz
//
// An id is one path segment, percent-encoded. Paths are taken apart as they were
// sent, never cleaned, so that no id, however hostile, earns a redirect or means
// another path.
package api

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/reference-server/store"
)

// Every bound that a client can run into.
const (
	MaxBody   = 64 << 10 // bytes, before 413
	maxHeader = 16 << 10 // bytes, before 431; a 4 KiB id fits

	headerTimeout = 5 * time.Second // for the request's header
	readTimeout   = 10 * time.Second
	writeTimeout  = 15 * time.Second // from the header's end to the reply's
	idleTimeout   = time.Minute      // between requests of one connection
)

// API answers requests out of a store.
type API struct {
	store   *store.Store
	log     *slog.Logger
	replies Replies
	metrics *metrics
}

// New returns the API over s, which logs to log. Neither passphrases nor what
// was sealed is ever logged.
func New(s *store.Store, log *slog.Logger, replies Replies) *API {
	a := &API{store: s, log: log, replies: replies, metrics: newMetrics()}
	s.Watch(a.metrics.commit)
	return a
}

// Data returns the handler of the data listener.
func (a *API) Data() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := segments(r)
		switch {
		case len(path) == 2 && path[0] == "data" && path[1] != "":
			if allow(w, r, http.MethodPost) {
				a.postData(w, r, path[1])
			}
		case len(path) == 2 && path[0] == "sqn" && path[1] != "":
			if allow(w, r, http.MethodGet) {
				a.getNext(w, r, path[1])
			}
		case len(path) == 1 && path[0] == "healthz":
			a.getHealth(w, r)
		default:
			reply(w, http.StatusNotFound, notOK)
		}
	})
}

// Server returns an HTTP server for one of the handlers, with the bounds on time
// and size that keep a slow or endless client from holding it.
func (a *API) Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

func (a *API) getHealth(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	if err := a.store.Ping(r.Context()); err != nil {
		a.log.Error("health", "err", err)
		reply(w, http.StatusServiceUnavailable, notOK)
		return
	}
	reply(w, http.StatusOK, statusOK)
}

// segments returns the parts of the request's path between slashes, each with
// its percent-encoding resolved. A path that cannot be resolved has none.
func segments(r *http.Request) []string {
	// RawPath is the path as it was sent, where that is not the encoding that
	// net/url would choose; EscapedPath chooses again if it finds RawPath odd, and
	// then an escaped slash becomes a real one.
	sent := r.URL.RawPath
	if sent == "" {
		sent = r.URL.EscapedPath()
	}
	path, rooted := strings.CutPrefix(sent, "/")
	if !rooted {
		return nil
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return nil
		}
		parts[i] = plain
	}
	return parts
}

// allow reports whether the request's method is one of methods, and answers it
// if not.
func allow(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	for _, m := range methods {
		if r.Method == m {
			return true
		}
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	reply(w, http.StatusMethodNotAllowed, notOK)
	return false
}
