//go:build unix && !aix && !solaris

package nor

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// lock takes f for this chip alone, or fails at once with ErrInUse. The system
// gives it back when f is closed, by Close or by the end of the process.
func lock(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB) })
	switch {
	case err != nil:
		return err
	case errors.Is(failed, unix.EWOULDBLOCK):
		return ErrInUse
	case failed != nil:
		return fmt.Errorf("lock: %w", failed)
	}
	return nil
}
