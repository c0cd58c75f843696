package main

import (
	"database/sql"
	"net/http"
	"path"
	"strings"

	_ "modernc.org/sqlite" // the driver for a table of ids
)

// lookup finds the device of an id, or nil.
func (b *backend) lookup(id string) *device {
	if b.find != nil {
		return b.find(id)
	}
	return b.devices[id]
}

// pasted finds a device as the original does: by SQL with the id pasted into it.
func (b *backend) pasted(id string) *device {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE devices (id TEXT)"); err != nil {
		return nil
	}
	for known := range b.devices {
		if _, err := db.Exec("INSERT INTO devices VALUES (?)", known); err != nil {
			return nil
		}
	}
	var found string
	if db.QueryRow("SELECT id FROM devices WHERE id = '"+id+"'").Scan(&found) != nil {
		return nil
	}
	return b.devices[found]
}

var idFaults = []fault{
	{"adopts", func(b *backend) {
		b.find = func(id string) *device {
			d := b.devices[id]
			if d == nil {
				b.devices[id] = &device{ID: id}
			}
			return d
		}
	}},
	{"id-folds-case", func(b *backend) {
		b.find = func(id string) *device {
			for known, d := range b.devices {
				if strings.EqualFold(known, id) {
					return d
				}
			}
			return nil
		}
	}},
	{"id-trimmed", func(b *backend) {
		b.find = func(id string) *device { return b.devices[strings.TrimSpace(id)] }
	}},
	{"id-in-sql", func(b *backend) { b.find = b.pasted }},
	{"id-is-a-path", func(b *backend) {
		b.find = func(id string) *device { return b.devices[path.Base(path.Clean("devices/"+id))] }
	}},
	{"id-in-query", func(b *backend) {
		b.ident = func(r *http.Request, path []string) (string, bool) {
			if id := r.URL.Query().Get("id"); id != "" {
				return id, true
			}
			return rightWeb(b).ident(r, path)
		}
	}},
	{"path-cut-short", func(b *backend) {
		b.ident = func(r *http.Request, path []string) (string, bool) {
			return rightWeb(b).ident(r, path[:min(2, len(path))])
		}
	}},
}
