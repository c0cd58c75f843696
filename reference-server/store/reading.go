package store

import (
	"context"
	"fmt"
	"time"
)

// Reading is an accepted message.
type Reading struct {
	SEQN     uint64
	Received time.Time
	Data     []byte // JSON, byte for byte as it came
}

// Readings returns up to limit readings of a device's present series, from the
// sequence number from upwards, and whether there are more. The device must
// exist, else ErrUnknown.
func (s *Store) Readings(ctx context.Context, id string, from uint64, limit int) (readings []Reading, more bool, err error) {
	key, ok := s.Key(id)
	if !ok {
		return nil, false, fmt.Errorf("%w: %q", ErrUnknown, id)
	}
	defer s.doubt.read()()
	if s.doubt.err != nil {
		return nil, false, s.doubt.err
	}
	rows, err := s.db.QueryContext(ctx,
		"SELECT seqn, received, data FROM reading WHERE device = ? AND series = ? AND seqn >= ? ORDER BY seqn LIMIT ?",
		[]byte(id), key.series, from, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("store: readings of %q: %w", id, classify(err))
	}
	defer rows.Close()
	for rows.Next() {
		if len(readings) == limit {
			return readings, true, nil
		}
		var r Reading
		var received int64
		if err := rows.Scan(&r.SEQN, &received, &r.Data); err != nil {
			return nil, false, fmt.Errorf("store: readings of %q: %w", id, classify(err))
		}
		r.Received = time.Unix(0, received).UTC()
		readings = append(readings, r)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("store: readings of %q: %w", id, classify(err))
	}
	return readings, false, nil
}
