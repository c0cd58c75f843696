package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// killed leaves in a folder what a server that was killed leaves: the file, and
// the WAL with what was accepted lately. Numbers 0 to 59 were.
func killed(t *testing.T) (path string) {
	t.Helper()
	s := fresh(t)
	provision(t, s, "12FA", "k", 0)
	for n := range uint64(60) {
		if n == 30 { // the first half is in the file
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, s.Path(), store.Options{})
		}
		if _, err := s.Accept(key(t, s, "12FA"), n, bytes.Repeat([]byte("7"), 1000)); err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(t.TempDir(), "readings.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(s.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// Damage is found when the file is opened, and is not made worse.
func TestDamage(t *testing.T) {
	flip := func(at int) func([]byte) []byte {
		return func(p []byte) []byte { p[at] ^= 0x10; return p }
	}
	for _, tt := range []struct {
		name, suffix string
		damage       func([]byte) []byte
	}{
		{"half a file", "", func(p []byte) []byte { return p[:len(p)/2] }},
		{"a file cut off within a page", "", func(p []byte) []byte { return p[:len(p)-1000] }},
		{"random bytes", "", func(p []byte) []byte { return bytes.Repeat([]byte{0x9c, 3, 0x61}, len(p)/3) }},
		{"zeros", "", func(p []byte) []byte { return make([]byte, len(p)) }},
		{"a page of another file", "", func(p []byte) []byte { copy(p[4*4096:5*4096], bytes.Repeat([]byte("page"), 1024)); return p }},
		{"a bit in a page's header", "", flip(3 * 4096)},
		{"a bit in the log's header", "-wal", flip(17)},
		{"a bit in the log's first frame", "-wal", flip(32 + 24 + 100)},
		{"a bit in the middle of the log", "-wal", func(p []byte) []byte { return flip(len(p) / 2)(p) }},
		{"a bit in a frame's salt", "-wal", func(p []byte) []byte { return flip(32 + 20*(24+4096) + 9)(p) }},
	} {
		path := killed(t)
		content, err := os.ReadFile(path + tt.suffix)
		if err != nil {
			t.Fatal(err)
		}
		if tt.suffix == "" { // SQLite would mend the page from the log
			if err := os.Remove(path + "-wal"); err != nil {
				t.Fatal(err)
			}
		}
		damaged := tt.damage(content)
		if err := os.WriteFile(path+tt.suffix, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(path, store.Options{})
		if !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("%s: %v, want %v", tt.name, err, store.ErrCorrupt)
			if err == nil {
				s.Close()
			}
		}
		if after, err := os.ReadFile(path + tt.suffix); !bytes.Equal(after, damaged) {
			t.Errorf("%s: the file has changed, %v", tt.name, err)
		}
	}
}

// What a crash leaves of the last transaction is no damage, whatever it is.
func TestTornEndIsNoDamage(t *testing.T) {
	whole, err := os.ReadFile(killed(t) + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	const frame = 24 + 4096
	last := 0 // where the last transaction begins
	for at := 32; at+frame < len(whole); at += frame {
		if binary.BigEndian.Uint32(whole[at+4:]) != 0 {
			last = at + frame
		}
	}
	for _, end := range []int{last, last + 10, last + 24, last + 2000, len(whole) - 1, len(whole)} {
		for _, zero := range []bool{false, true} { // the rest is missing, or was never written
			path := killed(t)
			torn := append([]byte(nil), whole[:end]...)
			if zero {
				torn = append(torn, make([]byte, len(whole)-end)...)
			}
			// The WAL of another, equal database does not fit this one; take its own.
			own, err := os.ReadFile(path + "-wal")
			if err != nil || len(own) != len(whole) {
				t.Fatalf("%d bytes of log, %v; want %d", len(own), err, len(whole))
			}
			copy(torn[:end], own)
			if err := os.WriteFile(path+"-wal", torn, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(path, store.Options{})
			if err != nil {
				t.Errorf("the log ends %d bytes into its last transaction of %d: %v", end-last, len(whole)-last, err)
				continue
			}
			want := error(nil)
			if bytes.Equal(torn, own) {
				want = seqn.ErrReplayed
			}
			if _, err := s.Accept(key(t, s, "12FA"), 59, []byte("1")); !errors.Is(err, want) {
				t.Errorf("%d bytes into the last transaction: its number: %v, want %v", end-last, err, want)
			}
			if _, err := s.Accept(key(t, s, "12FA"), 58, []byte("1")); !errors.Is(err, seqn.ErrReplayed) {
				t.Errorf("%d bytes into the last transaction: the number before: %v", end-last, err)
			}
			s.Close()
		}
	}
}

// Rows that contradict each other are damage, though the file is in order.
func TestContradictionIsDamage(t *testing.T) {
	for _, change := range []string{
		"UPDATE device SET next = 59",
		"UPDATE device SET next = -1",
		"UPDATE device SET next = 1 << 53",
	} {
		path := killed(t)
		open(t, path, store.Options{}).Close()
		sqlite(t, path, change)
		if _, err := store.Open(path, store.Options{}); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("%s: %v, want %v", change, err, store.ErrCorrupt)
		}
	}
}
