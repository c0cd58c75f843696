package port

import (
	"errors"
	"fmt"
	"os"
	"sync"
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
		t.lost = fmt.Errorf("port: %s: %s: %w", t.name, what, err)
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
	if err := t.line.SetMode(&serial.Mode{BaudRate: baud, DataBits: 8}); err != nil {
		return fmt.Errorf("%w: %s at %d baud: %w", ErrNotSerial, t.name, baud, err)
	}
	return nil
}

func (t *tty) SetDTR(asserted bool) error { return t.moved("DTR", t.line.SetDTR(asserted)) }
func (t *tty) SetRTS(asserted bool) error { return t.moved("RTS", t.line.SetRTS(asserted)) }

// SetLines moves DTR and RTS in one step where the system can, else one after
// the other.
func (t *tty) SetLines(dtr, rts bool) error {
	if err := t.lock.setLines(dtr, rts); !errors.Is(err, errors.ErrUnsupported) {
		return t.moved("DTR and RTS", err)
	}
	return errors.Join(t.SetDTR(dtr), t.SetRTS(rts))
}

func (t *tty) moved(line string, err error) error {
	if err != nil {
		return fmt.Errorf("port: %s: setting %s: %w", t.name, line, err)
	}
	return nil
}

func (t *tty) Close() error {
	t.mu.Lock()
	closed := t.closed
	t.closed = true
	t.mu.Unlock()
	if closed {
		return nil
	}
	err := t.line.Close()
	t.lose("close", os.ErrClosed)
	t.lock.release()
	return err
}
