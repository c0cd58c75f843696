package store_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// The clock says when, and the numbers say in which order: whatever the clock
// does, a reading carries the time that it showed, and what is accepted does not
// depend on it.
func TestClockGoesBack(t *testing.T) {
	noon := time.Date(2026, 11, 25, 12, 0, 0, 1, time.UTC)
	path := filepath.Join(t.TempDir(), "readings.db")
	var now time.Time
	options := store.Options{Now: func() time.Time { return now }}
	s := open(t, path, options)
	provision(t, s, "12FA", "k", 0)
	for i, tt := range []struct {
		clock  time.Time
		n      uint64
		behind time.Duration
		want   error
	}{
		{noon, 0, 0, nil},
		{noon.Add(-time.Hour), 1, time.Hour, nil},
		{noon.Add(-time.Hour), 1, 0, seqn.ErrReplayed},
		{noon.Add(-2 * time.Hour), 2, time.Hour, nil},
		{time.Unix(0, 0), 3, noon.Add(-2 * time.Hour).Sub(time.Unix(0, 0)), nil}, // as after a boot without a battery
		{time.Unix(0, 0), 0, 0, seqn.ErrReplayed},
		{noon, 4, 0, nil},
		{time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC), 5, 0, nil},
		{noon, 5, 0, seqn.ErrReplayed},
		{noon, 6, time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC).Sub(noon), nil},
	} {
		now = tt.clock
		if i%3 == 2 { // a restart changes nothing of it
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, path, options)
		}
		receipt, err := s.Accept(key(t, s, "12FA"), tt.n, []byte("1"))
		if !errors.Is(err, tt.want) {
			t.Errorf("step %d: %v, want %v", i+1, err, tt.want)
		}
		if err != nil {
			continue
		}
		if !receipt.Received.Equal(tt.clock) || receipt.Behind != tt.behind {
			t.Errorf("step %d: received %s, behind %s; want %s, %s", i+1, receipt.Received, receipt.Behind, tt.clock, tt.behind)
		}
		if d, err := s.Device(t.Context(), "12FA"); err != nil || !d.LastSeen.Equal(tt.clock) {
			t.Errorf("step %d: last seen %s, %v; want %s", i+1, d.LastSeen, err, tt.clock)
		}
		readings, _, err := s.Readings(t.Context(), "12FA", tt.n, 1)
		if err != nil || len(readings) != 1 || !readings[0].Received.Equal(tt.clock) {
			t.Errorf("step %d: %+v, %v", i+1, readings, err)
		}
	}
}
