package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/espalier-hil/espalier/reference-server/object"
)

// web is how a request becomes a device's id and a message.
type web struct {
	ident    func(r *http.Request, path []string) (id string, found bool)
	method   func(method string) bool
	media    func(contentType string) bool
	body     func(w http.ResponseWriter, r *http.Request) ([]byte, error)
	tooLarge func(w http.ResponseWriter)
	message  func(r *http.Request, body []byte) (msg string, ok bool)
	worker   func(connection uint64) (release func()) // who does the work; nil if there is only one
	patience time.Duration                            // for a whole request
}

const maxBody = 64 << 10

func rightWeb(*backend) web {
	return web{
		ident: func(_ *http.Request, path []string) (string, bool) {
			if len(path) != 2 || path[0] != "data" || path[1] == "" {
				return "", false
			}
			return path[1], true
		},
		method: func(method string) bool { return method == http.MethodPost },
		media: func(contentType string) bool {
			media, _, err := mime.ParseMediaType(contentType)
			return err == nil && media == "application/json"
		},
		body: func(w http.ResponseWriter, r *http.Request) ([]byte, error) {
			return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		},
		tooLarge: func(w http.ResponseWriter) { say(w, http.StatusRequestEntityTooLarge, notOK) },
		message:  message,
		patience: 5 * time.Second,
	}
}

// message takes the envelope out of a body. Other keys are ignored.
func message(_ *http.Request, body []byte) (msg string, ok bool) {
	err := object.Members(body, func(key, value []byte) (err error) {
		if string(key) == "msg" {
			ok = true
			msg, err = object.String(value)
		}
		return err
	})
	return msg, ok && err == nil
}

// segments returns the parts of a path between slashes, each with its
// percent-encoding resolved. A path that cannot be resolved has none.
func segments(r *http.Request) []string {
	sent := r.URL.RawPath // as it was sent, where net/url would have chosen otherwise
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

// ServeHTTP answers devices.
func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := segments(r)
	switch {
	case len(path) == 1 && path[0] == "healthz":
		return
	case len(path) == 2 && path[0] == "sqn":
		b.tellNext(w, r, path[1])
		return
	}
	id, found := b.ident(r, path)
	switch {
	case !found:
		say(w, http.StatusNotFound, notOK)
		return
	case !b.method(r.Method):
		w.Header().Set("Allow", http.MethodPost)
		say(w, http.StatusMethodNotAllowed, notOK)
		return
	case !b.media(r.Header.Get("Content-Type")) || r.Header.Get("Content-Encoding") != "":
		say(w, http.StatusUnsupportedMediaType, notOK)
		return
	}
	body, err := b.body(w, r)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		b.tooLarge(w)
		return
	}
	if err != nil {
		w.Header().Set("Connection", "close")
		say(w, http.StatusBadRequest, notOK)
		return
	}
	msg, ok := b.message(r, body)
	if !ok {
		b.rejected(w, refusal{at: atBody, id: id})
		return
	}
	if b.worker != nil {
		defer b.worker(r.Context().Value(connection{}).(uint64))()
	}
	if why := b.accept(id, msg); why != nil {
		b.rejected(w, *why)
		return
	}
	b.accepted(w)
}

// connection is the key under which a request's context holds the number of its
// connection.
type connection struct{}

// server returns the HTTP server of the data listener.
func (b *backend) server() *http.Server {
	var connections atomic.Uint64
	return &http.Server{
		Handler:           b,
		ReadHeaderTimeout: b.patience,
		ReadTimeout:       b.patience,
		IdleTimeout:       12 * b.patience,
		MaxHeaderBytes:    16 << 10,
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connection{}, connections.Add(1))
		},
	}
}

var httpFaults = []fault{
	{"hangs-on-large-body", func(b *backend) {
		b.tooLarge = func(http.ResponseWriter) { <-b.closing }
	}},
	{"bounded-text", func(b *backend) {
		b.body = func(w http.ResponseWriter, r *http.Request) ([]byte, error) {
			return io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<10))
		}
	}},
	{"waits-for-ever", func(b *backend) { b.patience = 0 }},
	{"crashes-on-empty-object", func(b *backend) {
		b.message = func(r *http.Request, body []byte) (string, bool) {
			if string(bytes.TrimSpace(body)) == "{}" {
				os.Exit(2)
			}
			return message(r, body)
		}
	}},
	{"aborts-on-deep-json", func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			if depth(plain) > 600 {
				panic(http.ErrAbortHandler)
			}
			return members(plain)
		}
		b.message = func(r *http.Request, body []byte) (string, bool) {
			if depth(body) > 600 {
				panic(http.ErrAbortHandler)
			}
			return message(r, body)
		}
	}},
	{"chunks-not-understood", func(b *backend) {
		read := b.body
		b.body = func(w http.ResponseWriter, r *http.Request) ([]byte, error) {
			if r.ContentLength < 0 {
				return nil, nil
			}
			return read(w, r)
		}
	}},
	{"reads-one-packet", func(b *backend) {
		b.body = func(_ http.ResponseWriter, r *http.Request) ([]byte, error) {
			p := make([]byte, maxBody)
			n, err := r.Body.Read(p)
			if err == io.EOF {
				err = nil
			}
			return p[:n], err
		}
	}},
	{"any-content-type", func(b *backend) { b.media = func(string) bool { return true } }},
	{"content-type-exact", func(b *backend) {
		b.media = func(contentType string) bool { return contentType == "application/json" }
	}},
	{"any-method", func(b *backend) { b.method = func(string) bool { return true } }},
	{"get-stores", func(b *backend) {
		b.method = func(method string) bool { return method == http.MethodPost || method == http.MethodGet }
		b.media = func(contentType string) bool { return contentType == "" || rightWeb(b).media(contentType) }
		b.message = func(r *http.Request, body []byte) (string, bool) {
			if r.Method == http.MethodGet && len(body) == 0 {
				return r.URL.Query().Get("msg"), true
			}
			return message(r, body)
		}
	}},
}
