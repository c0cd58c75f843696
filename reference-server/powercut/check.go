package powercut

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// ErrBroken reports a promise that does not hold after a power cut.
var ErrBroken = errors.New("powercut: a promise is broken")

// Write puts an image into a folder.
func Write(image map[string][]byte, dir string) error {
	for name, content := range image {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Check opens the database called name in the folder dir, and checks that each
// of the promises holds there. Errors wrap ErrBroken.
func Check(dir, name string, promises []Promise) error {
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		if len(promises) == 0 {
			return nil // it did not get as far as a file
		}
		return fmt.Errorf("%w: the database is gone: %s", ErrBroken, promises[0])
	}
	s, err := store.Open(path, store.Options{})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	defer s.Close()
	kept := map[string]*account{}
	for _, p := range promises {
		if kept[p.Device] == nil {
			if kept[p.Device], err = look(s, p.Device); err != nil {
				return fmt.Errorf("%w: %s: %w", ErrBroken, p, err)
			}
		}
		if err := p.check(kept[p.Device]); err != nil {
			return err
		}
	}
	// What was stored is refused from now on; next is above all of it, so one
	// trial for each device shows that it is heeded.
	for id, a := range kept {
		if a.latest == nil {
			continue
		}
		key, _ := s.Key(id)
		if _, err := s.Accept(key, a.latest.N, []byte(a.latest.Data)); !errors.Is(err, seqn.ErrReplayed) {
			return fmt.Errorf("%w: %s, and again: %w", ErrBroken, a.latest, err)
		}
	}
	return nil
}

// account is what the store has of a device.
type account struct {
	next     uint64
	readings map[uint64]string
	latest   *Promise // of those that were stored
}

func look(s *store.Store, id string) (*account, error) {
	device, err := s.Device(context.Background(), id)
	if err != nil {
		return nil, err
	}
	a := &account{next: device.Next, readings: map[uint64]string{}}
	readings, more, err := s.Readings(context.Background(), id, 0, 1<<20)
	if err != nil || more {
		return nil, fmt.Errorf("readings, more: %t: %w", more, err)
	}
	for _, r := range readings {
		a.readings[r.SEQN] = string(r.Data)
	}
	return a, nil
}

// check checks one promise.
func (p Promise) check(a *account) error {
	if a.next < p.N || p.Kind != Next && a.next == p.N {
		return fmt.Errorf("%w: %s, but next is %d", ErrBroken, p, a.next)
	}
	if p.Kind != Stored {
		return nil
	}
	if data, ok := a.readings[p.N]; !ok || data != p.Data {
		return fmt.Errorf("%w: %s, but there is %.40q", ErrBroken, p, data)
	}
	a.latest = &p
	return nil
}
