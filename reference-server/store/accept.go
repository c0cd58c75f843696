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
	skipped uint64
	err     error
}

// Accept stores a reading if its sequence number is one that the device may
// still use, and returns how many numbers before it are missing. It returns nil
// only once the reading is on the disk. Errors wrap those of package seqn, or
// ErrRekeyed, if the message was refused, and then nothing has changed;
// anything else is a failure of the store.
func (s *Store) Accept(key Key, n uint64, data []byte) (skipped uint64, err error) {
	sub := submission{key, n, data, make(chan verdict, 1)}
	select {
	case s.queue <- sub:
		v := <-sub.verdict
		return v.skipped, v.err
	case <-s.closing:
		return 0, ErrClosed
	}
}

// write commits submissions batch by batch until the store is closed.
func (s *Store) write() {
	defer close(s.stopped)
	for {
		select {
		case sub := <-s.queue:
			s.commit(s.gather(sub))
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
	verdicts, err := s.transact(batch)
	for i, sub := range batch {
		if err != nil {
			sub.verdict <- verdict{err: fmt.Errorf("store: commit of %d messages: %w", len(batch), classify(err))}
			continue
		}
		sub.verdict <- verdicts[i]
	}
}

func (s *Store) transact(batch []submission) ([]verdict, error) {
	tx, err := s.db.Begin() // IMMEDIATE, by the DSN
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()

	verdicts := make([]verdict, len(batch))
	for i, sub := range batch {
		if verdicts[i], err = s.decide(tx, sub); err != nil {
			return nil, err
		}
	}
	return verdicts, tx.Commit()
}

// decide is the check and the store of one message. Its error is a failure of
// the database; a refusal is a verdict.
func (s *Store) decide(tx *sql.Tx, sub submission) (verdict, error) {
	id := []byte(sub.key.device)
	window := seqn.Window{MaxGap: s.options.MaxGap}
	var series int64
	err := tx.QueryRow("SELECT series, next, accepted, missing FROM device WHERE id = ?", id).
		Scan(&series, &window.Next, &window.Accepted, &window.Missing)
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
	now := time.Now().UnixNano()
	_, err = tx.Exec("UPDATE device SET next = ?, accepted = ?, missing = ?, last_seen = ? WHERE id = ?",
		window.Next, window.Accepted, window.Missing, now, id)
	if err != nil {
		return verdict{}, err
	}
	_, err = tx.Exec("INSERT INTO reading (device, series, seqn, received, data) VALUES (?, ?, ?, ?, ?)",
		id, series, sub.n, now, sub.data)
	return verdict{skipped: window.Missing - missing}, err
}
