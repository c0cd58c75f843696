package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// admin returns the handler of the admin API, which is the reference server's.
func (b *backend) admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Passphrase string `json:"passphrase"`
			Next       uint64 `json:"next"`
		}
		if json.NewDecoder(r.Body).Decode(&body) != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		b.provision(r.PathValue("id"), body.Passphrase, body.Next)
		b.with(w, r, func(d *device) { show(w, d) })
	})
	mux.HandleFunc("GET /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		b.with(w, r, func(d *device) { show(w, d) })
	})
	mux.HandleFunc("GET /devices/{id}/readings", func(w http.ResponseWriter, r *http.Request) {
		b.with(w, r, func(d *device) { d.list(w, r) })
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

// list shows a page of readings.
func (d *device) list(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.ParseUint(r.FormValue("from"), 10, 64)
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit <= 0 {
		limit = 1000
	}
	var page []string
	more := false
	for _, got := range d.readings {
		switch {
		case got.SEQN < from:
		case len(page) == limit:
			more = true
		default:
			page = append(page, fmt.Sprintf(`{"seqn":%d,"received":%q,"data":%s}`, got.SEQN, got.Received.Format(time.RFC3339Nano), got.Data))
		}
	}
	fmt.Fprintf(w, `{"readings":[%s],"more":%t}`, strings.Join(page, ","), more)
}
