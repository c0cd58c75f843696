package peers_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/suites/peers"
)

// What keeps a peer from starting is said in one line, and nothing is left.
func TestStartErrors(t *testing.T) {
	need.Python(t, "sqlite3")
	need.Tool(t, "openssl")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	noModules := t.TempDir()
	device := peers.Device{ID: "a", Passphrase: "b"}
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		kind   peers.Kind
		config peers.Config
		is     error
		says   string
	}{
		{"no such peer", t.Context(), "rails", peers.Config{}, nil, `no peer "rails"; there are [nodered express python]`},
		{"modules that are not there", t.Context(), peers.NodeRED, peers.Config{Modules: noModules}, peers.ErrMissing, "make peers"},
		{"no folder", t.Context(), peers.Python, peers.Config{Dir: filepath.Join(noModules, "none")}, os.ErrNotExist, "program of python"},
		{"a folder with another database", t.Context(), peers.Python, peers.Config{Dir: foreign(t), Devices: []peers.Device{device}},
			peers.ErrStart, "file is not a database"},
		{"cancelled", cancelled, peers.Python, peers.Config{}, context.Canceled, "python"},
	} {
		p, err := peers.Start(tt.ctx, tt.kind, tt.config)
		switch {
		case err == nil:
			p.Close()
			t.Errorf("%s: it starts", tt.name)
		case tt.is != nil && !errors.Is(err, tt.is), !strings.Contains(err.Error(), tt.says), strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: %v, want %v, in one line with %q", tt.name, err, tt.is, tt.says)
		}
	}
}

// foreign is a folder whose readings.db is none.
func foreign(t *testing.T) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readings.db"), []byte(strings.Repeat("no database", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A peer that cannot have its port again says so.
func TestRestartOnATakenPort(t *testing.T) {
	p := peers.Started(t, peers.Python, peers.Device{ID: "a", Passphrase: "b"})
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Restart(t.Context()); !errors.Is(err, peers.ErrStart) || !strings.Contains(err.Error(), "Address already in use") {
		t.Errorf("%v, want %v, with what it said", err, peers.ErrStart)
	}
	l.Close()
	if err := p.Restart(t.Context()); err != nil {
		t.Errorf("once it is free again: %v", err)
	}
}

// Close leaves nothing behind, and a folder that was given as it was.
func TestClose(t *testing.T) {
	need.Python(t, "sqlite3")
	need.Tool(t, "openssl")
	given := t.TempDir()
	for _, dir := range []string{"", given} {
		p, err := peers.Start(t.Context(), peers.Python, peers.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		}
		if conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://")); err == nil {
			conn.Close()
			t.Error("it still answers")
		}
		_, err = os.Stat(filepath.Join(p.Dir(), "readings.db"))
		if kept := err == nil; kept != (dir == given) {
			t.Errorf("folder %q: kept: %v", dir, kept)
		}
	}
}
