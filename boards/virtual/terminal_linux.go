package virtual

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// openTerminal makes the terminal raw before anything is written to it: with
// the usual settings it would send the boot log back as the host's bytes.
func openTerminal() (*terminal, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	var number uint32
	err = control(master, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return fmt.Errorf("unlock: %w", err)
		}
		number, err = unix.IoctlGetUint32(fd, unix.TIOCGPTN)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, master.Close())
	}
	path := fmt.Sprintf("/dev/pts/%d", number)
	slave, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, errors.Join(err, master.Close())
	}
	t := &terminal{path: path, master: master, slave: slave}
	t.more.L = &t.mu
	if err := control(slave, prepare); err != nil {
		return nil, errors.Join(fmt.Errorf("make %s raw: %w", path, err), t.hangUp())
	}
	return t, nil
}

// prepare makes a terminal raw, and as fast as the ROM until a host sets
// something else.
func prepare(fd int) error {
	if _, err := term.MakeRaw(fd); err != nil {
		return err
	}
	settings, err := unix.IoctlGetTermios(fd, unix.TCGETS2)
	if err != nil {
		return err
	}
	settings.Cflag = settings.Cflag&^unix.CBAUD | unix.BOTHER
	settings.Ispeed, settings.Ospeed = Baud, Baud
	return unix.IoctlSetTermios(fd, unix.TCSETS2, settings)
}

// baud is the speed that the host has set on its end.
func (t *terminal) baud() (baud int, err error) {
	err = control(t.master, func(fd int) error {
		settings, err := unix.IoctlGetTermios(fd, unix.TCGETS2)
		if err == nil {
			baud = int(settings.Ospeed)
		}
		return err
	})
	return baud, err
}

// control gives f the descriptor of file without making it a blocking one,
// which File.Fd would: then nothing could end a read.
func control(file *os.File, f func(fd int) error) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
