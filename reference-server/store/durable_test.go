package store

import (
	"path/filepath"
	"testing"
)

// A test that kills a process cannot see whether its writes were flushed or only
// handed to the kernel; these settings are what the flush rests on.
func TestCommitsAreFlushed(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "readings.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{
		"journal_mode": "wal",
		"synchronous":  "2", // FULL
		"locking_mode": "exclusive",
	} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("PRAGMA %s = %q, %v; want %q", pragma, got, err, want)
		}
	}
}
