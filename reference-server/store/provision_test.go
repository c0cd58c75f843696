package store_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// Each step provisions, then sends a message if accept is not 0.
func TestProvisionNeverLowersNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "readings.db")
	s := open(t, path, store.Options{})
	for i, tt := range []struct {
		passphrase string
		next       uint64
		created    bool
		state      string // next, accepted, missing
		accept     uint64
	}{
		{"k", 100, true, "100 0 0", 120},
		{"k", 100, false, "121 1 0", 0}, // as a restart does
		{"k", 0, false, "121 1 0", 0},
		{"k", 130, false, "130 1 0", 131},
		{"l", 5, false, "5 0 0", 7}, // another passphrase: old messages do not open any more
		{"l", 0, false, "8 1 0", 0},
		{"k", 120, false, "120 0 0", 120}, // and back: number 120 was used in the first series
		{"", 9, false, "9 0 0", 9},
	} {
		// Each step after a restart, so that the file and the cache agree.
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, path, store.Options{})
		_, created, err := s.Provision(t.Context(), "12FA", tt.passphrase, tt.next)
		if err != nil || created != tt.created {
			t.Errorf("step %d: created %t, %v; want %t", i+1, created, err, tt.created)
		}
		if got := state(t, s, "12FA"); got != tt.state {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.state)
		}
		k := key(t, s, "12FA")
		if k.Passphrase != tt.passphrase {
			t.Errorf("step %d: passphrase %q, want %q", i+1, k.Passphrase, tt.passphrase)
		}
		if tt.accept == 0 {
			continue
		}
		if _, err := s.Accept(k, tt.accept, []byte("1")); err != nil {
			t.Errorf("step %d: %v", i+1, err)
		}
	}
}

func TestNewPassphraseBeginsNewSeries(t *testing.T) {
	s := fresh(t)
	provision(t, s, "12FA", "k", 0)
	old := key(t, s, "12FA")
	if _, err := s.Accept(old, 7, []byte(`"old"`)); err != nil {
		t.Fatal(err)
	}
	provision(t, s, "12FA", "l", 0)

	// A message that was opened just before is too late now.
	if _, err := s.Accept(old, 8, []byte(`"late"`)); !errors.Is(err, store.ErrRekeyed) {
		t.Errorf("under the former passphrase: %v, want %v", err, store.ErrRekeyed)
	}
	if _, err := s.Accept(key(t, s, "12FA"), 7, []byte(`"new"`)); err != nil {
		t.Error(err)
	}
	readings, _, err := s.Readings(t.Context(), "12FA", 0, 10)
	if err != nil || len(readings) != 1 || string(readings[0].Data) != `"new"` {
		t.Errorf("readings %+v, %v", readings, err)
	}
}

func TestProvisionTakesAnyText(t *testing.T) {
	s := fresh(t)
	ids := []string{"12FA", "..", "a/b", `'; DROP TABLE device; --`, "%2e", "\x00", "\x00\x00", " ", "é", strings.Repeat("i", store.MaxID)}
	for i, id := range ids {
		provision(t, s, id, id+"'\x00", uint64(i))
	}
	for i, id := range ids {
		if k := key(t, s, id); k.Passphrase != id+"'\x00" {
			t.Errorf("%q: passphrase %q", id, k.Passphrase)
		}
		if d, err := s.Device(t.Context(), id); err != nil || d.ID != id || d.Next != uint64(i) {
			t.Errorf("%q: %+v, %v", id, d, err)
		}
	}
}

func TestProvisionRefuses(t *testing.T) {
	s := fresh(t)
	for _, tt := range []struct {
		name, id, passphrase string
		next                 uint64
	}{
		{"no id", "", "k", 0},
		{"long id", strings.Repeat("i", store.MaxID+1), "k", 0},
		{"id not UTF-8", "\xff", "k", 0},
		{"long passphrase", "12FA", strings.Repeat("k", store.MaxPassphrase+1), 0},
		{"passphrase not UTF-8", "12FA", "\xff", 0},
		{"next out of range", "12FA", "k", seqn.Max + 1},
	} {
		_, _, err := s.Provision(t.Context(), tt.id, tt.passphrase, tt.next)
		if !errors.Is(err, store.ErrProvision) {
			t.Errorf("%s: %v, want %v", tt.name, err, store.ErrProvision)
		}
		if _, ok := s.Key(tt.id); ok {
			t.Errorf("%s: the device exists", tt.name)
		}
	}
}
