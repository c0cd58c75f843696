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
	kept := map[string]map[uint64]string{}
	for _, p := range promises {
		if kept[p.Device] == nil {
			readings, more, err := s.Readings(context.Background(), p.Device, 0, 1<<20)
			if err != nil || more {
				return fmt.Errorf("%w: %s: %w", ErrBroken, p, err)
			}
			kept[p.Device] = map[uint64]string{}
			for _, r := range readings {
				kept[p.Device][r.SEQN] = string(r.Data)
			}
		}
		if err := p.check(s, kept[p.Device]); err != nil {
			return err
		}
	}
	return nil
}

// check checks one promise.
func (p Promise) check(s *store.Store, kept map[uint64]string) error {
	device, err := s.Device(context.Background(), p.Device)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrBroken, p, err)
	}
	if device.Next < p.N || p.Kind != Next && device.Next == p.N {
		return fmt.Errorf("%w: %s, but next is %d", ErrBroken, p, device.Next)
	}
	if p.Kind != Stored {
		return nil
	}
	if data, ok := kept[p.N]; !ok || data != p.Data {
		return fmt.Errorf("%w: %s, but there is %.40q", ErrBroken, p, data)
	}
	key, _ := s.Key(p.Device)
	if _, err := s.Accept(key, p.N, []byte(p.Data)); !errors.Is(err, seqn.ErrReplayed) {
		return fmt.Errorf("%w: %s, and again: %w", ErrBroken, p, err)
	}
	return nil
}
