package store

import (
	"errors"
	"fmt"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrInDoubt reports a commit of which nobody can tell whether it will last:
// its flush failed, so it may or may not be on the disk. A second flush that
// succeeds would prove nothing, since the kernel may have dropped what it could
// not write. So the store answers every call with this error from then on, and
// what is on the disk decides once it is opened anew.
//
// Whoever sent the message must not be told that it was refused: it may turn out
// to be stored.
var ErrInDoubt = errors.New("store: in doubt: the disk could not confirm a commit")

// doubt is whether the store knows what it has. A commit holds the lock until
// that is decided; who reads the state holds it for reading.
type doubt struct {
	mu     sync.RWMutex
	err    error // an ErrInDoubt, for good
	failed chan struct{}
}

// read locks the state for reading, and returns the unlocking.
func (d *doubt) read() (unlock func()) {
	d.mu.RLock()
	return d.mu.RUnlock
}

// judge takes in the error of a commit, under the lock, and returns it with its
// class. Where SQLite could not write the commit for want of space, it is not
// there, and all can go on; any other failure of the disk leaves doubt.
func (d *doubt) judge(err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok || failure.Code()&0xff != sqlite3.SQLITE_IOERR {
		return classify(err)
	}
	if d.err == nil {
		d.err = fmt.Errorf("%w: %w", ErrInDoubt, err)
		close(d.failed)
	}
	return d.err
}

// Failed returns a channel that is closed when the store can no longer tell
// what is on the disk. Err then returns why.
func (s *Store) Failed() <-chan struct{} { return s.doubt.failed }

// Err returns nil, or the ErrInDoubt after which the store answers nothing more.
func (s *Store) Err() error {
	defer s.doubt.read()()
	return s.doubt.err
}
