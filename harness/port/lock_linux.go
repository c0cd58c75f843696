package port

import (
	"errors"

	"golang.org/x/sys/unix"
)

// lock holds a port against other programs. The library's TIOCEXCL stops
// neither root nor a program that had the port open before; flock does, and
// the kernel lets go of it when this process dies.
type lock struct{ fd int }

func hold(name string) (*lock, error) {
	fd, err := unix.Open(name, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		unix.Close(fd)
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, ErrBusy
		}
		return nil, err
	}
	return &lock{fd}, nil
}

// setLines moves both modem lines with one system call, so that the board
// never sees the state between.
func (l *lock) setLines(dtr, rts bool) error {
	bits, err := unix.IoctlGetInt(l.fd, unix.TIOCMGET)
	if err != nil {
		return err
	}
	bits &^= unix.TIOCM_DTR | unix.TIOCM_RTS
	if dtr {
		bits |= unix.TIOCM_DTR
	}
	if rts {
		bits |= unix.TIOCM_RTS
	}
	return unix.IoctlSetPointerInt(l.fd, unix.TIOCMSET, bits)
}

func (l *lock) release() { unix.Close(l.fd) }
