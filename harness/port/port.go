// Package port opens whatever a board is plugged into, by name:
//
//	/dev/ttyUSB0, COM3, /dev/serial/by-id/…   a serial port, through go.bug.st/serial
//	virtual:                                  a virtual board made for the purpose
//	rfc2217://host:4000                       a serial port that is served there, by RFC 2217
//
// The virtual board sits behind a pseudo terminal that is opened like any other
// serial port, so that the same code runs with and without a board at hand. A
// pseudo terminal has no modem lines; those go to the board directly.
package port

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"go.bug.st/serial"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/rfc2217"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// Sentinels of [Open], and of the ports that it opens.
var (
	// ErrName reports a name that is no port's: an unknown scheme, or nothing.
	ErrName = errors.New("port: no such kind of port")

	// ErrAbsent reports a port that is not there.
	ErrAbsent = errors.New("port: not there")

	// ErrBusy reports a port that another program holds.
	ErrBusy = errors.New("port: in use")

	// ErrPermission reports a port that this user may not open.
	ErrPermission = errors.New("port: permission denied")

	// ErrLines reports a port without DTR and RTS: nobody can be reset
	// through it.
	ErrLines = errors.New("port: no modem lines (a pseudo terminal has none)")

	// ErrNotSerial reports a file that is no serial port, or a speed that the
	// port does not have.
	ErrNotSerial = errors.New("port: cannot be used as a serial port")

	// ErrLost reports a port that was there and is gone, for ever.
	ErrLost = errors.New("port: lost")

	// ErrServer reports a server that does not do what RFC 2217 says.
	ErrServer = errors.New("port: no RFC 2217 server")
)

// VirtualScheme is the name of a virtual board.
const VirtualScheme = "virtual:"

// Config says how a port is opened.
type Config struct {
	Baud    int            // bits per second, 8N1
	Virtual virtual.Config // the board behind [VirtualScheme]
}

// Open opens the port called name. Opening a real one may reset the board
// behind it, because most drivers assert DTR and RTS then. The port is locked
// against other programs until it is closed or this process ends.
func Open(name string, cfg Config) (boards.Port, error) {
	scheme, _, found := strings.Cut(name, ":")
	switch {
	case name == VirtualScheme:
		return openVirtual(cfg)
	case name == "":
		return nil, fmt.Errorf("%w: its name is empty; name a serial port or %s", ErrName, VirtualScheme)
	case strings.EqualFold(scheme+":", rfc2217.Scheme):
		return openRemote(name, cfg.Baud)
	case found && strings.ToLower(scheme) == scheme && !strings.ContainsAny(scheme, `/\`):
		return nil, fmt.Errorf("%w: %q; known are serial ports, as /dev/ttyUSB0 or COM3, %s//host:port and %s", ErrName, name, rfc2217.Scheme, VirtualScheme)
	}
	t, err := openTTY(name, cfg.Baud)
	if err != nil {
		return nil, err // and not a nil *tty, which is a Port that is not nil
	}
	return t, nil
}

// lostError is an [ErrLost] in its own words.
type lostError struct{ error }

func (e lostError) Is(target error) bool { return target == ErrLost }
func (e lostError) Unwrap() error        { return e.error }

// explain turns the serial library's error into one of ours, and says what a
// person can do.
func explain(name string, err error) error {
	var pe *serial.PortError
	errors.As(err, &pe)
	switch {
	case errors.Is(err, fs.ErrNotExist) || pe != nil && pe.Code() == serial.PortNotFound,
		errors.Is(err, syscall.ENXIO), errors.Is(err, syscall.ENODEV): // a name whose device was pulled out
		return fmt.Errorf("%w: %s; %s", ErrAbsent, name, present())
	case errors.Is(err, ErrBusy) || errors.Is(err, syscall.EBUSY) || pe != nil && pe.Code() == serial.PortBusy:
		return fmt.Errorf("%w: %s is held by another program; close it (fuser %s names it) and try again", ErrBusy, name, name)
	case errors.Is(err, fs.ErrPermission) || pe != nil && pe.Code() == serial.PermissionDenied:
		return fmt.Errorf("%w: %s; on Linux the user must be in the group that owns it (dialout, most of the time): sudo usermod -aG dialout $USER, then log in again", ErrPermission, name)
	}
	return fmt.Errorf("%w: %s: %w", ErrNotSerial, name, err)
}

// present lists the ports that there are, leaving out the motherboard's.
func present() string {
	list, err := serial.GetPortsList()
	if err != nil {
		return "the list of ports cannot be had: " + err.Error()
	}
	list = slices.DeleteFunc(list, func(name string) bool { return strings.HasPrefix(name, "/dev/ttyS") })
	if len(list) == 0 {
		return "no serial port is plugged in; " + VirtualScheme + " needs none"
	}
	return "there are " + strings.Join(list, ", ")
}

// exists reports what the file system says of a port before it is opened; where
// ports are no files (COM3) it has no objection.
func exists(name string) error {
	if !strings.HasPrefix(name, "/") {
		return nil
	}
	_, err := os.Stat(name)
	return err
}
