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
// Two things are done against states that only a crash leaves. What a process
// that was killed had written but not flushed is flushed when the file is opened
// again, before anybody is told of it. And where a flush fails, so that nobody
// can tell what is on the disk, the store answers nothing more until it is opened
// anew: see [ErrInDoubt].
//
// The file belongs to one process at a time, which holds SQLite's exclusive
// lock on it: the keys are cached, and a second server would not see them
// change.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Options changes what a store lets in.
type Options struct {
	MaxGap uint64 // how many numbers a device may skip at once; 0 is no bound

	// Now is the clock; nil is [time.Now]. Nothing but the times that are
	// stored depends on it.
	Now func() time.Time
}

// Store is an open database. Its methods may be called from many goroutines.
type Store struct {
	db      *sql.DB
	options Options
	path    string
	found   int // the version of the schema that the file had

	queue   chan submission // unbuffered: a submission is either in a batch or still its sender's
	closing chan struct{}
	stopped chan struct{}
	close   sync.Once
	commits atomic.Pointer[func(Commit)]
	doubt   doubt

	provisioning sync.Mutex // orders changes of keys in the file and in the map alike
	mu           sync.RWMutex
	keys         map[string]Key
}

// Open opens the database in the file at path, and creates it if there is none.
// Errors wrap ErrUnwritable, ErrLocked, ErrCorrupt, ErrForeign, ErrFull or
// ErrDisk where one of them is the reason. A file that is refused keeps what it
// holds.
func Open(path string, options Options) (*Store, error) {
	s := &Store{
		options: options,
		path:    path,
		queue:   make(chan submission),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		keys:    make(map[string]Key),
	}
	s.doubt.failed = make(chan struct{})
	if s.options.Now == nil {
		s.options.Now = time.Now
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

// Path returns the path of the file, as it was given to Open.
func (s *Store) Path() string { return s.path }

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
	defer s.doubt.read()()
	if s.doubt.err != nil {
		return s.doubt.err
	}
	var one int
	if err := s.db.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("store: ping: %w", classify(err))
	}
	return nil
}
