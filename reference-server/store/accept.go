package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// ErrRekeyed reports a message that was opened with a key which its device has
// lost since.
var ErrRekeyed = errors.New("store: sealed with a former passphrase")

// maxBatch bounds the messages of one transaction, and with them the wait of
// the first.
const maxBatch = 256

// submission is a message on its way to the writer, and the verdict on its way
// back.
type submission struct {
	key     Key
	n       uint64
	data    []byte
	verdict chan verdict
}

type verdict struct {
	receipt Receipt
	err     error
}

// Receipt is what is known of a message that was accepted.
type Receipt struct {
	Skipped  uint64    // how many numbers before it are missing
	Received time.Time // by the clock of this machine, as it stood

	// Behind is how far Received lies before the device's last message: the
	// clock was set back. The order of readings is that of their numbers.
	Behind time.Duration
}

// Commit is a transaction with messages in it, as those see it who [Store.Watch].
type Commit struct {
	Messages int // accepted and refused
	Took     time.Duration
	Err      error
}

// Watch has f called after each commit of messages. f must not block, nor call
// the store.
func (s *Store) Watch(f func(Commit)) { s.commits.Store(&f) }

// Accept stores a reading if its sequence number is one that the device may
// still use. It returns nil only once the reading is on the disk. Errors wrap
// those of package seqn, or ErrRekeyed, if the message was refused, and then
// nothing has changed. Anything else is a failure of the store: the message was
// not stored, unless the error is ErrInDoubt.
func (s *Store) Accept(key Key, n uint64, data []byte) (Receipt, error) {
	sub := submission{key, n, data, make(chan verdict, 1)}
	select {
	case s.queue <- sub:
		v := <-sub.verdict
		return v.receipt, v.err
	case <-s.doubt.failed:
		return Receipt{}, s.Err()
	case <-s.closing:
		return Receipt{}, ErrClosed
	}
}

// write commits submissions batch by batch until the store is closed, or does
// not know any more what it has.
func (s *Store) write() {
	defer close(s.stopped)
	for {
		select {
		case sub := <-s.queue:
			s.commit(s.gather(sub))
		case <-s.doubt.failed:
			return
		case <-s.closing:
			return
		}
	}
}

// gather returns first and all that wait behind it.
func (s *Store) gather(first submission) []submission {
	batch := []submission{first}
	for len(batch) < maxBatch {
		select {
		case sub := <-s.queue:
			batch = append(batch, sub)
		default:
			return batch
		}
	}
	return batch
}

// commit decides on each message of the batch, stores those that are accepted,
// and tells the verdicts once the transaction is on the disk. If it fails, so
// has every message in it: a refusal may rest on an acceptance that did not last.
func (s *Store) commit(batch []submission) {
	begin := time.Now()
	verdicts, err := s.transact(batch)
	if watch := s.commits.Load(); watch != nil {
		(*watch)(Commit{Messages: len(batch), Took: time.Since(begin), Err: err})
	}
	for i, sub := range batch {
		if err != nil {
			sub.verdict <- verdict{err: fmt.Errorf("store: commit of %d messages: %w", len(batch), err)}
			continue
		}
		sub.verdict <- verdicts[i]
	}
}

func (s *Store) transact(batch []submission) ([]verdict, error) {
	s.doubt.mu.Lock()
	defer s.doubt.mu.Unlock()
	if s.doubt.err != nil {
		return nil, s.doubt.err
	}
	tx, err := s.db.Begin() // IMMEDIATE, by the DSN
	if err != nil {
		return nil, classify(err)
	}
	defer tx.Rollback()

	verdicts := make([]verdict, len(batch))
	for i, sub := range batch {
		if verdicts[i], err = s.decide(tx, sub); err != nil {
			return nil, classify(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, s.doubt.judge(err)
	}
	return verdicts, nil
}

// decide is the check and the store of one message. Its error is a failure of
// the database; a refusal is a verdict.
func (s *Store) decide(tx *sql.Tx, sub submission) (verdict, error) {
	id := []byte(sub.key.device)
	window := seqn.Window{MaxGap: s.options.MaxGap}
	var series int64
	var seen sql.NullInt64
	err := tx.QueryRow("SELECT series, next, accepted, missing, last_seen FROM device WHERE id = ?", id).
		Scan(&series, &window.Next, &window.Accepted, &window.Missing, &seen)
	if err != nil {
		return verdict{}, err
	}
	if series != sub.key.series {
		return verdict{err: ErrRekeyed}, nil
	}
	missing := window.Missing
	if err := window.Accept(sub.n); err != nil {
		return verdict{err: err}, nil
	}
	received := s.options.Now()
	now := received.UnixNano()
	_, err = tx.Exec("UPDATE device SET next = ?, accepted = ?, missing = ?, last_seen = ? WHERE id = ?",
		window.Next, window.Accepted, window.Missing, now, id)
	if err != nil {
		return verdict{}, err
	}
	_, err = tx.Exec("INSERT INTO reading (device, series, seqn, received, data) VALUES (?, ?, ?, ?, ?)",
		id, series, sub.n, now, sub.data)
	receipt := Receipt{Skipped: window.Missing - missing, Received: received}
	if seen.Valid {
		receipt.Behind = time.Duration(max(0, seen.Int64-now))
	}
	return verdict{receipt: receipt}, err
}
