// Package store keeps devices and their readings in one SQLite file.
//
// A message is checked against its device's sequence window and stored in one
// transaction, and [Store.Accept] returns only after that transaction is on the
// disk: the journal is a WAL with synchronous=FULL, which makes SQLite flush
// the WAL at every commit, so neither kill -9 nor a power cut takes back an OK
// or lets its message in again. (A rollback journal gives the same for two or
// three flushes a commit; a WAL needs one.)
//
// A flush costs the same for one message as for many. So one goroutine writes:
// it takes what has been submitted while the last flush ran, and commits it as
// one transaction.
//
// The file belongs to one process at a time, which holds SQLite's exclusive
// lock on it: the keys are cached, and a second server would not see them
// change.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
)

// Options changes what a store lets in.
type Options struct {
	MaxGap uint64 // how many numbers a device may skip at once; 0 is no bound
}

// Store is an open database. Its methods may be called from many goroutines.
type Store struct {
	db      *sql.DB
	options Options

	queue   chan submission // unbuffered: a submission is either in a batch or still its sender's
	closing chan struct{}
	stopped chan struct{}
	close   sync.Once

	provisioning sync.Mutex // orders changes of keys in the file and in the map alike
	mu           sync.RWMutex
	keys         map[string]Key
}

// Open opens the database in the file at path, and creates it if there is none.
// Errors wrap ErrUnwritable, ErrLocked, ErrCorrupt or ErrForeign where one of
// them is the reason.
func Open(path string, options Options) (*Store, error) {
	s := &Store{
		options: options,
		queue:   make(chan submission),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		keys:    make(map[string]Key),
	}
	if err := s.open(path); err != nil {
		if s.db != nil {
			s.db.Close()
		}
		return nil, fmt.Errorf("store: open %s: %w", path, classify(err))
	}
	go s.write()
	return s, nil
}

func (s *Store) open(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	// SQLite would create the file readable by everybody, and it holds secrets.
	file, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	file.Close()

	dsn := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(abs), RawQuery: url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(2000)", // a server that was just told to stop may still hold the lock
			"locking_mode(EXCLUSIVE)",
			"journal_mode(WAL)",
			"synchronous(FULL)",
			"temp_store(MEMORY)", // a container from scratch has no /tmp
		},
	}.Encode()}
	if s.db, err = sql.Open("sqlite", dsn.String()); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1) // the exclusive lock would keep a second one out
	if err := s.migrate(); err != nil {
		return err
	}
	return s.loadKeys()
}

// Close waits for the batch that is being written, and closes the file. Calls
// of Accept that have not made it into that batch return ErrClosed.
func (s *Store) Close() error {
	s.close.Do(func() { close(s.closing) })
	<-s.stopped
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// Ping reports whether the database still answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.db.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("store: ping: %w", classify(err))
	}
	return nil
}
