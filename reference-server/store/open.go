package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// open opens the file, makes sure that it is ours and whole, and settles what a
// crash left open. A file that is not ours, or not whole, keeps what it holds,
// though what lies in its log may be moved into it as it is closed.
func (s *Store) open(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	// SQLite would create the file readable by everybody, and it holds secrets.
	file, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
	case err != nil:
		return err
	default:
		file.Close()
	}
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		return fmt.Errorf("%w: it is a folder", ErrUnwritable)
	}
	if err := checkLog(abs + "-wal"); err != nil {
		// Another process that writes the log while it is read makes it look bad.
		if busy := s.probe(abs); busy != nil {
			return busy
		}
		return err
	}

	if s.db, err = sql.Open("sqlite", dsn(abs, url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(2000)", // a server that was just told to stop may still hold the lock
			"locking_mode(EXCLUSIVE)",
			"synchronous(FULL)",
			"temp_store(MEMORY)", // a container from scratch has no /tmp
		},
	})); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1) // the exclusive lock would keep a second one out
	for _, step := range []func() error{s.identify, s.journal, s.examine, s.migrate, s.settle, s.loadKeys} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// dsn names a file, whatever characters are in its name, to SQLite.
func dsn(abs string, query url.Values) string {
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(abs), RawQuery: query.Encode()}
	return u.String()
}

// probe returns ErrLocked if another process has the database open. It changes
// nothing in the file.
func (s *Store) probe(abs string) error {
	db, err := sql.Open("sqlite", dsn(abs, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(2000)"}}))
	if err != nil {
		return nil
	}
	defer db.Close()
	var n int
	if err := classify(db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&n)); errors.Is(err, ErrLocked) {
		return err
	}
	return nil
}

// examine looks for damage: in the structure of the file, and in what its two
// tables say of each other.
func (s *Store) examine() error {
	if s.found == 0 {
		return nil // it is empty
	}
	findings, err := s.db.Query("PRAGMA quick_check(1)")
	if err != nil {
		return err
	}
	defer findings.Close()
	for findings.Next() { // to its end, else it keeps its transaction
		var finding string
		if err := findings.Scan(&finding); err != nil {
			return err
		}
		if finding != "ok" {
			return fmt.Errorf("%w: %.200s", ErrCorrupt, finding)
		}
	}
	if err := findings.Err(); err != nil {
		return err
	}
	var id []byte
	if err := s.measure(); err != nil {
		return err
	}
	err = s.db.QueryRow(`SELECT id FROM device AS d WHERE next NOT BETWEEN 0 AND ?1 OR next <=
		(SELECT max(seqn) FROM reading WHERE device = d.id AND series = d.series)`, lastNext).Scan(&id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err == nil:
		return fmt.Errorf("%w: the next number of device %q is below one that was accepted, or none", ErrCorrupt, id)
	}
	return err
}

// measure looks whether the file is as long as it says. Where it is not, SQLite
// takes what is missing of its last page for zeros. While there is a log, it may
// hold what the file lacks.
func (s *Store) measure() error {
	if log, err := os.Stat(s.path + "-wal"); err == nil && log.Size() > logHeader {
		return nil
	}
	var pages, size int64
	if err := s.db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		return err
	}
	if err := s.db.QueryRow("PRAGMA page_size").Scan(&size); err != nil {
		return err
	}
	if file, err := os.Stat(s.path); err != nil || file.Size() != pages*size {
		return errors.Join(fmt.Errorf("%w: it is not %d bytes long, as it says", ErrCorrupt, pages*size), err)
	}
	return nil
}

// journal turns the WAL on, which is a change only where the file is new.
func (s *Store) journal() error {
	var mode string
	if err := s.db.QueryRow("PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("%w: SQLite keeps its journal as %s instead of a WAL", ErrUnwritable, mode)
	}
	return nil
}

// settle empties the WAL into the file, and flushes both. Without that, a message
// whose commit a killed process had written, but not flushed, would count as
// stored, until the power goes.
func (s *Store) settle() error {
	var busy, pages, moved int
	if err := s.db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return fmt.Errorf("%w: the WAL could not be emptied", ErrLocked)
	}
	return nil
}
