package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

func open(t *testing.T, path string, options store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fresh(t *testing.T) *store.Store {
	return open(t, filepath.Join(t.TempDir(), "readings.db"), store.Options{})
}

func provision(t *testing.T, s *store.Store, id, passphrase string, next uint64) store.Device {
	t.Helper()
	device, _, err := s.Provision(t.Context(), id, passphrase, next)
	if err != nil {
		t.Fatal(err)
	}
	return device
}

func key(t *testing.T, s *store.Store, id string) store.Key {
	t.Helper()
	k, ok := s.Key(id)
	if !ok {
		t.Fatalf("no key of %q", id)
	}
	return k
}

// state writes a device's numbers as "next accepted missing".
func state(t *testing.T, s *store.Store, id string) string {
	t.Helper()
	d, err := s.Device(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(d.Next, d.Accepted, d.Missing)
}

func TestAccept(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "readings.db"), store.Options{MaxGap: 10})
	provision(t, s, "12FA", "k", 100)
	provision(t, s, "other", "k", 0)
	for i, tt := range []struct {
		n       uint64
		want    error
		skipped uint64
		state   string // next, accepted, missing
	}{
		{99, seqn.ErrReplayed, 0, "100 0 0"},
		{105, nil, 0, "106 1 0"}, // the first: nothing is missing
		{105, seqn.ErrReplayed, 0, "106 1 0"},
		{106, nil, 0, "107 2 0"},
		{110, nil, 3, "111 3 3"},
		{108, seqn.ErrReplayed, 0, "111 3 3"},
		{122, seqn.ErrGap, 0, "111 3 3"},
		{seqn.Max + 1, seqn.ErrRange, 0, "111 3 3"},
		{111, nil, 0, "112 4 3"},
	} {
		receipt, err := s.Accept(key(t, s, "12FA"), tt.n, []byte("1"))
		if !errors.Is(err, tt.want) || receipt.Skipped != tt.skipped {
			t.Errorf("step %d: Accept(%d) = %d, %v; want %d, %v", i+1, tt.n, receipt.Skipped, err, tt.skipped, tt.want)
		}
		if got := state(t, s, "12FA"); got != tt.state {
			t.Errorf("step %d: after %d: %s, want %s", i+1, tt.n, got, tt.state)
		}
	}
	if got := state(t, s, "other"); got != "0 0 0" {
		t.Errorf("the other device has changed: %s", got)
	}
}

func TestReadings(t *testing.T) {
	s := fresh(t)
	provision(t, s, "12FA", "k", 0)
	before := time.Now()
	texts := []string{`null`, `""`, `{"v" : 1.50e+1, "s":"\u0041<é>"}`, `"` + strings.Repeat("x", 40_000) + `"`}
	for i, text := range texts {
		if _, err := s.Accept(key(t, s, "12FA"), uint64(10*i), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if d, _ := s.Device(t.Context(), "12FA"); d.LastSeen.Before(before) || d.LastSeen.After(time.Now()) {
		t.Errorf("last seen %s, want after %s", d.LastSeen, before)
	}
	for _, tt := range []struct {
		from  uint64
		limit int
		want  []uint64
		more  bool
	}{
		{0, 10, []uint64{0, 10, 20, 30}, false},
		{0, 4, []uint64{0, 10, 20, 30}, false},
		{0, 3, []uint64{0, 10, 20}, true},
		{0, 0, nil, true},
		{1, 2, []uint64{10, 20}, true},
		{30, 2, []uint64{30}, false},
		{31, 2, nil, false},
	} {
		readings, more, err := s.Readings(t.Context(), "12FA", tt.from, tt.limit)
		var got []uint64
		for _, r := range readings {
			got = append(got, r.SEQN)
			if want := texts[r.SEQN/10]; string(r.Data) != want {
				t.Errorf("data of %d = %s, want %s", r.SEQN, r.Data, want)
			}
			if r.Received.Before(before) || r.Received.After(time.Now()) {
				t.Errorf("%d received %s, want after %s", r.SEQN, r.Received, before)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) || more != tt.more || err != nil {
			t.Errorf("from %d, limit %d: %d, more %t, %v; want %d, %t", tt.from, tt.limit, got, more, err, tt.want, tt.more)
		}
	}
}

func TestUnknownDevice(t *testing.T) {
	s := fresh(t)
	if _, ok := s.Key("12FA"); ok {
		t.Error("there is a key")
	}
	if _, err := s.Device(t.Context(), "12FA"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("Device: %v", err)
	}
	if _, _, err := s.Readings(t.Context(), "12FA", 0, 1); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("Readings: %v", err)
	}
}

func TestClosed(t *testing.T) {
	s := fresh(t)
	provision(t, s, "12FA", "k", 0)
	k := key(t, s, "12FA")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accept(k, 0, []byte("1")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Accept: %v, want %v", err, store.ErrClosed)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("Ping answers")
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}
