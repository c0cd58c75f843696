package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// What a device's name and passphrase may be.
const (
	MaxID         = 255  // bytes of UTF-8
	MaxPassphrase = 1024 // bytes of UTF-8; the empty passphrase is one
)

var (
	// ErrUnknown reports a device that has not been provisioned.
	ErrUnknown = errors.New("store: unknown device")

	// ErrProvision reports a name, passphrase or number that no device can have.
	ErrProvision = errors.New("store: cannot provision")
)

// Key is what a device's messages are sealed with. It stays valid until the
// device gets another passphrase.
type Key struct {
	Passphrase string

	device string
	series int64
}

// Device is the state of a device under its present passphrase.
type Device struct {
	ID       string
	Next     uint64 // the lowest SEQN that is still accepted
	Accepted uint64
	Missing  uint64    // skipped between those accepted
	LastSeen time.Time // when the last one was accepted; zero if none was
}

// Key returns the key of a device and whether there is such a device. It does
// not wait for the disk.
func (s *Store) Key(id string) (Key, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	key, ok := s.keys[id]
	return key, ok
}

func (s *Store) setKey(key Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key.device] = key
}

func (s *Store) loadKeys() error {
	rows, err := s.db.Query("SELECT id, passphrase, series FROM device")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key Key
		if err := rows.Scan(&key.device, &key.Passphrase, &key.series); err != nil {
			return err
		}
		s.setKey(key)
	}
	return rows.Err()
}

// provisionable returns an ErrProvision for what no device can have.
func provisionable(id, passphrase string, next uint64) error {
	switch {
	case id == "" || len(id) > MaxID || !utf8.ValidString(id):
		return fmt.Errorf("%w: a device id is 1 to %d bytes of UTF-8", ErrProvision, MaxID)
	case len(passphrase) > MaxPassphrase || !utf8.ValidString(passphrase):
		return fmt.Errorf("%w: a passphrase is at most %d bytes of UTF-8", ErrProvision, MaxPassphrase)
	case next > seqn.Max:
		return fmt.Errorf("%w: next is an integer from 0 to 2^53-2", ErrProvision)
	}
	return nil
}

// Provision makes sure that there is a device of this id and passphrase, and
// that its next sequence number is at least next. With the passphrase that the
// device has already, next can be raised but never lowered, so replays stay out;
// with another one a new series begins at next, and its counters at 0.
// It returns the state, and whether the device is new.
func (s *Store) Provision(ctx context.Context, id, passphrase string, next uint64) (Device, bool, error) {
	if err := provisionable(id, passphrase, next); err != nil {
		return Device{}, false, err
	}
	s.provisioning.Lock()
	defer s.provisioning.Unlock()

	old, known := s.Key(id)
	key := Key{Passphrase: passphrase, device: id, series: old.series}
	statement := "UPDATE device SET next = max(next, ?4) WHERE id = ?1 AND passphrase = ?2 AND series = ?3"
	if known && old.Passphrase != passphrase {
		key.series++
		statement = "UPDATE device SET passphrase = ?2, series = ?3, next = ?4, accepted = 0, missing = 0, last_seen = NULL WHERE id = ?1"
	}
	if !known {
		statement = "INSERT INTO device (id, passphrase, series, next, accepted, missing) VALUES (?1, ?2, ?3, ?4, 0, 0)"
	}
	if err := s.exec(ctx, statement, []byte(id), []byte(passphrase), key.series, next); err != nil {
		return Device{}, false, fmt.Errorf("store: provision %q: %w", id, err)
	}
	s.setKey(key)
	state, err := s.Device(ctx, id)
	return state, !known, err
}

// exec runs one statement to its flush, whether or not the caller waits for it.
func (s *Store) exec(ctx context.Context, statement string, args ...any) error {
	s.doubt.mu.Lock()
	defer s.doubt.mu.Unlock()
	if s.doubt.err != nil {
		return s.doubt.err
	}
	if _, err := s.db.ExecContext(context.WithoutCancel(ctx), statement, args...); err != nil {
		return s.doubt.judge(err)
	}
	return nil
}

// Device returns the state of a device, or ErrUnknown. Like everything that the
// store tells, it is on the disk: it does not get ahead of a flush.
func (s *Store) Device(ctx context.Context, id string) (Device, error) {
	defer s.doubt.read()()
	if s.doubt.err != nil {
		return Device{}, s.doubt.err
	}
	device := Device{ID: id}
	var seen sql.NullInt64
	err := s.db.QueryRowContext(ctx,
		"SELECT next, accepted, missing, last_seen FROM device WHERE id = ?", []byte(id),
	).Scan(&device.Next, &device.Accepted, &device.Missing, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Device{}, fmt.Errorf("%w: %q", ErrUnknown, id)
	}
	if err != nil {
		return Device{}, fmt.Errorf("store: device %q: %w", id, classify(err))
	}
	if seen.Valid {
		device.LastSeen = time.Unix(0, seen.Int64).UTC()
	}
	return device, nil
}
