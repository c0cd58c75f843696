package port

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"go.bug.st/serial"

	"github.com/espalier-hil/espalier/boards"
)

var _ boards.Port = (*tty)(nil)

// tty is a serial port of the operating system.
type tty struct {
	name string
	line serial.Port
	lock *lock

	mu      sync.Mutex
	timeout time.Duration // of the next Read
	lost    error         // why the port is gone
	closed  bool
}

func openTTY(name string, baud int) (*tty, error) {
	if err := exists(name); err != nil {
		return nil, explain(name, err)
	}
	held, err := hold(name)
	if err != nil {
		return nil, explain(name, err)
	}
	// InitialStatusBits stays nil: a pseudo terminal has none to set.
	line, err := serial.Open(name, &serial.Mode{BaudRate: baud, DataBits: 8})
	if err != nil {
		held.release()
		return nil, explain(name, err)
	}
	return &tty{name: name, line: line, lock: held, timeout: -1}, nil
}

// Read implements [boards.Port]. The library says 0, nil when time is up, which
// is converted here and nowhere else.
func (t *tty) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	t.mu.Lock()
	timeout, err := t.timeout, t.lost
	t.mu.Unlock()
	if err != nil {
		return 0, err
	}
	if timeout < 0 {
		timeout = serial.NoTimeout
	}
	if err := t.line.SetReadTimeout(timeout); err != nil {
		return 0, t.lose("read", err)
	}
	n, err := t.line.Read(p)
	switch {
	case err != nil:
		return n, t.lose("read", err)
	case n == 0:
		return 0, os.ErrDeadlineExceeded
	}
	return n, nil
}

// Write implements [boards.Port]: all of p, or an error.
func (t *tty) Write(p []byte) (int, error) {
	for n := 0; n < len(p); {
		if err := t.gone(); err != nil {
			return n, err
		}
		k, err := t.line.Write(p[n:])
		n += k
		if err != nil {
			return n, t.lose("write", err)
		}
	}
	return len(p), nil
}

// gone returns why the port is gone, or nil.
func (t *tty) gone() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lost
}

// lose keeps the first error of the port, which is returned from then on.
func (t *tty) lose(what string, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.lost != nil:
	case t.closed:
		t.lost = fmt.Errorf("port: %s: %w", t.name, os.ErrClosed)
	default:
		t.lost = lostError{fmt.Errorf("port: %s: %s: %w", t.name, what, err)}
	}
	return t.lost
}

func (t *tty) SetReadTimeout(d time.Duration) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timeout = d
	return nil
}

func (t *tty) SetBaud(baud int) error {
	return t.change(fmt.Sprintf("setting %d baud", baud), func() error {
		if baud <= 0 { // the library would take 0 for its default
			return fmt.Errorf("%w: there is no such speed", ErrNotSerial)
		}
		if err := t.line.SetMode(&serial.Mode{BaudRate: baud, DataBits: 8}); err != nil {
			return fmt.Errorf("%w: %w", ErrNotSerial, err)
		}
		return nil
	})
}

func (t *tty) SetDTR(asserted bool) error {
	return t.change("setting DTR", func() error { return noLines(t.line.SetDTR(asserted)) })
}

func (t *tty) SetRTS(asserted bool) error {
	return t.change("setting RTS", func() error { return noLines(t.line.SetRTS(asserted)) })
}

// SetLines moves DTR and RTS in one step where the system can, else one after
// the other.
func (t *tty) SetLines(dtr, rts bool) error {
	err := t.change("setting DTR and RTS", func() error { return noLines(t.lock.setLines(dtr, rts)) })
	if errors.Is(err, errors.ErrUnsupported) {
		return errors.Join(t.SetDTR(dtr), t.SetRTS(rts))
	}
	return err
}

// noLines names what a terminal without modem lines says when one is set.
func noLines(err error) error {
	if errors.Is(err, syscall.ENOTTY) || errors.Is(err, syscall.EINVAL) {
		return fmt.Errorf("%w: %w", ErrLines, err)
	}
	return err
}

// change does something to an open port, which meanwhile nobody closes: its
// descriptor could be another file's by then.
func (t *tty) change(what string, do func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost != nil {
		return t.lost
	}
	err := do()
	if err != nil {
		err = fmt.Errorf("port: %s: %s: %w", t.name, what, err)
	}
	for _, pulled := range []error{syscall.EIO, syscall.ENXIO, syscall.ENODEV} {
		if errors.Is(err, pulled) {
			return lostError{err}
		}
	}
	return err
}

func (t *tty) Close() error {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return nil
	}
	t.closed = true
	t.mu.Unlock()
	t.lose("close", os.ErrClosed)
	err := t.line.Close() // waits for the reader, who wants mu
	t.lock.release()
	return err
}
