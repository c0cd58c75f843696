package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/store"
)

// sqlite runs SQL on a database that no store has open.
func sqlite(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		prepare func(t *testing.T, path string)
		want    error
	}{
		{"text", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("readings\n", 200)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, store.ErrCorrupt},
		{"a damaged first page", func(t *testing.T, path string) {
			damage(t, path, 100, 16)
		}, store.ErrCorrupt},
		{"cut off after the first page", func(t *testing.T, path string) {
			open(t, path, store.Options{}).Close()
			if err := os.Truncate(path, 4096); err != nil {
				t.Fatal(err)
			}
		}, store.ErrCorrupt},
		{"a foreign database", func(t *testing.T, path string) {
			sqlite(t, path, "CREATE TABLE songs (title TEXT)")
		}, store.ErrForeign},
		{"a later version", func(t *testing.T, path string) {
			open(t, path, store.Options{}).Close()
			sqlite(t, path, "PRAGMA user_version = 3")
		}, store.ErrForeign},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, store.ErrUnwritable},
		{"in use", func(t *testing.T, path string) {
			open(t, path, store.Options{})
		}, store.ErrLocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // the one in use waits for two seconds
			path := filepath.Join(t.TempDir(), "readings.db")
			tt.prepare(t, path)
			s, err := store.Open(path, store.Options{})
			if !errors.Is(err, tt.want) || s != nil {
				t.Fatalf("Open: %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), path) {
				t.Errorf("%v does not name the file", err)
			}
		})
	}
}

// A file of the first version gets what it lacks, and keeps what it has.
func TestOpenMigrates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "readings.db")
	s := open(t, path, store.Options{})
	provision(t, s, "12FA", "k", 7)
	s.Close()
	sqlite(t, path, "DROP TABLE past; PRAGMA user_version = 1")
	for range 2 {
		s = open(t, path, store.Options{})
		if got := state(t, s, "12FA"); got != "7 0 0" {
			t.Error(got)
		}
		if past, more, err := s.Past(t.Context(), "12FA", 0, 1); err != nil || more || len(past) != 0 {
			t.Errorf("%v, %t, %v", past, more, err)
		}
		s.Close()
	}
}

// damage makes a database and overwrites n bytes of it.
func damage(t *testing.T, path string, at int64, n int) {
	t.Helper()
	open(t, path, store.Options{}).Close()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xa5", n)), at); err != nil {
		t.Fatal(err)
	}
}

func TestOpenInMissingFolder(t *testing.T) {
	_, err := store.Open(filepath.Join(t.TempDir(), "no", "readings.db"), store.Options{})
	if !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("Open: %v, want %v", err, store.ErrUnwritable)
	}
}

func TestOpenWithoutRights(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "readings.db")
	open(t, path, store.Options{}).Close()
	for _, tt := range []struct {
		name      string
		file, dir os.FileMode
	}{
		{"read-only file", 0o444, 0o777},
		{"read-only folder", 0o666, 0o555}, // no place for the journal
	} {
		if err := errors.Join(os.Chmod(path, tt.file), os.Chmod(dir, tt.dir)); err != nil {
			t.Fatal(err)
		}
		out, err := child(t, "nobody", path).Output()
		if err != nil || !strings.Contains(string(out), store.ErrUnwritable.Error()) {
			t.Errorf("%s: %s, %v", tt.name, out, err)
		}
	}
}

func TestFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "read?ings #1 %41.db") // and named as it was said
	s := open(t, path, store.Options{})
	provision(t, s, "12FA", "k", 0)
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
