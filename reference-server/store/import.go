package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrConflict reports an import that contradicts what the store has.
var ErrConflict = errors.New("store: conflict")

// Imported is a device that comes from elsewhere, with its history.
type Imported struct {
	ID         string
	Passphrase string
	Next       uint64
	History    []Past
}

// Check returns an ErrProvision for what no device can have.
func (d Imported) Check() error {
	if err := provisionable(d.ID, d.Passphrase, d.Next); err != nil {
		return fmt.Errorf("%w: device %q", err, d.ID)
	}
	return nil
}

// Past is a reading that another backend took in. This store did not see its
// message, so it is kept apart from the readings, and counts as none of them.
type Past struct {
	Row      int64     // names it, in the order in which it was taken in
	SEQN     *uint64   // nil if it is not known
	Received time.Time // zero if it is not known
	Data     []byte    // JSON
}

// Imports counts what an import has changed.
type Imports struct {
	Devices, Raised int // new ones; those known already whose next has gone up
	Past            int // readings of the past that are new
	Known           int // and those that were there already
}

// Import takes in devices, all or none of them. A device that is known keeps its
// passphrase and its readings, and its next number is raised if need be, never
// lowered; so importing twice is as good as once. Another passphrase, or another
// reading under the same row, is an ErrConflict.
func (s *Store) Import(ctx context.Context, devices []Imported) (Imports, error) {
	for _, d := range devices {
		if err := d.Check(); err != nil {
			return Imports{}, err
		}
	}
	s.provisioning.Lock()
	defer s.provisioning.Unlock()
	s.doubt.mu.Lock()
	defer s.doubt.mu.Unlock()
	if s.doubt.err != nil {
		return Imports{}, s.doubt.err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return Imports{}, fmt.Errorf("store: import: %w", classify(err))
	}
	defer tx.Rollback()
	var done Imports
	for _, d := range devices {
		if err := done.device(ctx, tx, d); err != nil {
			return Imports{}, fmt.Errorf("store: import of device %q: %w", d.ID, classify(err))
		}
	}
	if err := tx.Commit(); err != nil {
		return Imports{}, fmt.Errorf("store: import: %w", s.doubt.judge(err))
	}
	for _, d := range devices {
		if _, known := s.Key(d.ID); !known {
			s.setKey(Key{Passphrase: d.Passphrase, device: d.ID})
		}
	}
	return done, nil
}

func (i *Imports) device(ctx context.Context, tx *sql.Tx, d Imported) error {
	id := []byte(d.ID)
	var passphrase []byte
	var next uint64
	err := tx.QueryRowContext(ctx, "SELECT passphrase, next FROM device WHERE id = ?", id).Scan(&passphrase, &next)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		i.Devices++
		_, err = tx.ExecContext(ctx, "INSERT INTO device (id, passphrase, series, next, accepted, missing) VALUES (?, ?, 0, ?, 0, 0)",
			id, []byte(d.Passphrase), d.Next)
	case err == nil && string(passphrase) != d.Passphrase:
		return fmt.Errorf("%w: it is known under another passphrase", ErrConflict)
	case err == nil && next < d.Next:
		i.Raised++
		_, err = tx.ExecContext(ctx, "UPDATE device SET next = ? WHERE id = ?", d.Next, id)
	}
	if err != nil {
		return err
	}
	for _, p := range d.History {
		if err := i.past(ctx, tx, id, p); err != nil {
			return err
		}
	}
	return nil
}

func (i *Imports) past(ctx context.Context, tx *sql.Tx, id []byte, p Past) error {
	var number, received sql.NullInt64
	if p.SEQN != nil {
		number = sql.NullInt64{Int64: int64(*p.SEQN), Valid: true}
	}
	if !p.Received.IsZero() {
		received = sql.NullInt64{Int64: p.Received.UnixNano(), Valid: true}
	}
	var oldNumber, oldReceived sql.NullInt64
	var data []byte
	err := tx.QueryRowContext(ctx, "SELECT seqn, received, data FROM past WHERE device = ? AND row = ?", id, p.Row).
		Scan(&oldNumber, &oldReceived, &data)
	switch {
	case err == nil && oldNumber == number && oldReceived == received && bytes.Equal(data, p.Data):
		i.Known++
		return nil
	case err == nil:
		return fmt.Errorf("%w: row %d of its past holds another reading: this is another database, or it was changed", ErrConflict, p.Row)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	i.Past++
	_, err = tx.ExecContext(ctx, "INSERT INTO past (device, row, seqn, received, data) VALUES (?, ?, ?, ?, ?)", id, p.Row, number, received, p.Data)
	return err
}

// Past returns up to limit readings that were imported for a device, from the
// row from upwards, and whether there are more. The device must exist, else
// ErrUnknown.
func (s *Store) Past(ctx context.Context, id string, from int64, limit int) (past []Past, more bool, err error) {
	if _, ok := s.Key(id); !ok {
		return nil, false, fmt.Errorf("%w: %q", ErrUnknown, id)
	}
	defer s.doubt.read()()
	if s.doubt.err != nil {
		return nil, false, s.doubt.err
	}
	rows, err := s.db.QueryContext(ctx, "SELECT row, seqn, received, data FROM past WHERE device = ? AND row >= ? ORDER BY row LIMIT ?",
		[]byte(id), from, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("store: past of %q: %w", id, classify(err))
	}
	defer rows.Close()
	for rows.Next() {
		if len(past) == limit {
			return past, true, nil
		}
		var p Past
		var number, received sql.NullInt64
		if err := rows.Scan(&p.Row, &number, &received, &p.Data); err != nil {
			return nil, false, fmt.Errorf("store: past of %q: %w", id, classify(err))
		}
		if number.Valid {
			n := uint64(number.Int64)
			p.SEQN = &n
		}
		if received.Valid {
			p.Received = time.Unix(0, received.Int64).UTC()
		}
		past = append(past, p)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("store: past of %q: %w", id, classify(err))
	}
	return past, false, nil
}
