package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
)

func (b *backend) dataHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" {
			return
		}
		if id, ok := strings.CutPrefix(r.URL.Path, "/sqn/"); ok {
			b.resync(w, id, r.FormValue("nonce"))
			return
		}
		id, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/data/"))
		var body map[string]string
		p, readErr := io.ReadAll(io.LimitReader(r.Body, 64<<10))
		if err != nil || readErr != nil || json.Unmarshal(p, &body) != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		status := "NOT OK"
		if b.accept(id, body["msg"]) {
			status = "OK"
		}
		reply(w, map[string]string{"status": status})
	})
}

func (b *backend) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /devices/{id}", b.provision)
	mux.HandleFunc("GET /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		b.with(w, r, func(d *device) { reply(w, d) })
	})
	mux.HandleFunc("GET /devices/{id}/readings", func(w http.ResponseWriter, r *http.Request) {
		b.with(w, r, func(d *device) { b.list(w, r, d) })
	})
	token := "Bearer " + os.Getenv("ESPALIER_ADMIN_TOKEN")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" && r.Header.Get("Authorization") != token {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// with calls f on the device that the path names, under the lock.
func (b *backend) with(w http.ResponseWriter, r *http.Request, f func(*device)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.devices[r.PathValue("id")]
	if d == nil {
		http.NotFound(w, r)
		return
	}
	f(d)
}

func (b *backend) provision(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Passphrase string `json:"passphrase"`
		Next       uint64 `json:"next"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	e := entry{ID: r.PathValue("id"), Passphrase: &body.Passphrase, Next: body.Next}
	b.apply(e)
	b.write(e)
	b.mu.Unlock()
	b.with(w, r, func(d *device) { reply(w, d) })
}

func (b *backend) list(w http.ResponseWriter, r *http.Request, d *device) {
	from, _ := strconv.ParseUint(r.FormValue("from"), 10, 64)
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit <= 0 {
		limit = 1000
	}
	page := []reading{}
	more := false
	for _, got := range d.readings {
		switch {
		case got.SEQN < from:
		case len(page) == limit:
			more = true
		default:
			page = append(page, got)
		}
	}
	reply(w, map[string]any{"readings": page, "more": more})
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(v)
}
