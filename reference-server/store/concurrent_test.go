package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// Of 32 copies of one message sent at once, exactly one gets in, each time.
func TestCopiesAtOnce(t *testing.T) {
	s := fresh(t)
	provision(t, s, "12FA", "k", 0)
	k := key(t, s, "12FA")
	for n := range uint64(20) {
		var accepted, replayed atomic.Int32
		start := make(chan struct{})
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				<-start
				switch _, err := s.Accept(k, n, []byte("1")); {
				case err == nil:
					accepted.Add(1)
				case errors.Is(err, seqn.ErrReplayed):
					replayed.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		close(start)
		all.Wait()
		if accepted.Load() != 1 || replayed.Load() != 31 {
			t.Fatalf("number %d: %d accepted, %d replayed", n, accepted.Load(), replayed.Load())
		}
	}
	if got := state(t, s, "12FA"); got != "20 20 0" {
		t.Errorf("%s, want 20 20 0", got)
	}
}

// Many devices write at once, while others look on; nothing is lost or mixed up.
func TestManyWriters(t *testing.T) {
	const devices, messages = 32, 40
	s := fresh(t)
	var all sync.WaitGroup
	for d := range devices {
		id := fmt.Sprint("device ", d)
		provision(t, s, id, id, 0)
		all.Go(func() {
			k, _ := s.Key(id)
			for n := range uint64(messages) {
				if _, err := s.Accept(k, n, fmt.Appendf(nil, `"%s sent %d"`, id, n)); err != nil {
					t.Errorf("%s, number %d: %v", id, n, err)
				}
				if n%10 == 0 {
					if _, err := s.Device(t.Context(), id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	for d := range devices {
		id := fmt.Sprint("device ", d)
		readings, _, err := s.Readings(t.Context(), id, 0, messages+1)
		if err != nil || len(readings) != messages {
			t.Errorf("%s: %d readings, %v", id, len(readings), err)
		}
		for i, r := range readings {
			if want := fmt.Sprintf(`"%s sent %d"`, id, i); r.SEQN != uint64(i) || string(r.Data) != want {
				t.Errorf("%s: reading %d is %d, %s", id, i, r.SEQN, r.Data)
			}
		}
	}
}

// A store that closes under load answers every call, and what it said yes to is
// there afterwards.
func TestCloseUnderLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "readings.db")
	s := open(t, path, store.Options{})
	provision(t, s, "12FA", "k", 0)
	k := key(t, s, "12FA")
	var next, accepted atomic.Uint64
	underWay := make(chan struct{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				_, err := s.Accept(k, next.Add(1), []byte("1"))
				switch {
				case err == nil:
					if accepted.Add(1) == 50 {
						close(underWay)
					}
				case errors.Is(err, store.ErrClosed):
					return
				case !errors.Is(err, seqn.ErrReplayed): // a late one: another was faster
					t.Error(err)
					return
				}
			}
		})
	}
	<-underWay
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	d, err := open(t, path, store.Options{}).Device(t.Context(), "12FA")
	if err != nil || d.Accepted != accepted.Load() {
		t.Errorf("%d readings kept, %d were accepted, %v", d.Accepted, accepted.Load(), err)
	}
}
