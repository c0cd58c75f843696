package virtual

import (
	"fmt"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// openTerminal makes the terminal raw before anything is written to it: with
// the usual settings it would send the boot log back as the host's bytes.
func openTerminal() (*terminal, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, err
	}
	t := &terminal{path: slave.Name(), master: master, slave: slave}
	t.more.L = &t.mu
	if _, err := term.MakeRaw(int(slave.Fd())); err != nil {
		_ = t.hangUp()
		return nil, fmt.Errorf("make %s raw: %w", t.path, err)
	}
	return t, nil
}

// baud is the speed that the host has set on its end.
func (t *terminal) baud() (int, error) {
	conn, err := t.master.SyscallConn()
	if err != nil {
		return 0, err
	}
	var settings *unix.Termios
	var failed error
	err = conn.Control(func(fd uintptr) {
		settings, failed = unix.IoctlGetTermios(int(fd), unix.TCGETS2)
	})
	if err != nil || failed != nil {
		return 0, fmt.Errorf("%w, %w", err, failed)
	}
	return int(settings.Ospeed), nil
}
