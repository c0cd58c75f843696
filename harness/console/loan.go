package console

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/espalier-hil/espalier/boards"
)

// loanLimit bounds what a borrower leaves unread, in bytes. The oldest goes.
const loanLimit = 1 << 20

var _ boards.Port = (*Loan)(nil)

// Loan is the port in other hands. What comes in goes to the borrower as it is,
// and in the timeline; it is not cut into lines, and nothing in it is a crash.
// Read ends when the context given to Borrow does.
type Loan struct {
	console *Console
	ctx     context.Context
	buf     []byte // guarded by console.mu, as are the rest
	timeout time.Duration
	baud    int
	hidden  bool
}

// Hide keeps out of the timeline what is written from now on, but for how much
// that is: a flasher's image may hold a secret.
func (l *Loan) Hide() {
	l.console.mu.Lock()
	defer l.console.mu.Unlock()
	l.hidden = true
}

// Borrow hands the port out until [Loan.Close]. It is for those who speak
// another protocol than the firmware: the flasher. A crash that was reported
// before is over, and the next one counts from the next [Console.Reset] on.
func (c *Console) Borrow(ctx context.Context) (*Loan, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.mayUse(nil); err != nil {
		return nil, err
	}
	c.loan = &Loan{console: c, ctx: ctx, timeout: -1, baud: c.baud}
	c.splitter.reset()
	c.crash, c.watch = nil, watch{}
	return c.loan, nil
}

// received takes what was read, with the lock held.
func (l *Loan) received(p []byte) {
	l.buf = append(l.buf, p...)
	l.buf = l.buf[max(0, len(l.buf)-loanLimit):]
}

// Read returns what has come in since the loan began.
func (l *Loan) Read(p []byte) (int, error) {
	l.console.mu.Lock()
	timeout := l.timeout
	l.console.mu.Unlock()
	var late <-chan time.Time
	if timeout >= 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		late = t.C
	}
	for {
		n, changed, err := l.take(p)
		if n > 0 || err != nil {
			return n, err
		}
		select {
		case <-changed:
		case <-late:
			return 0, os.ErrDeadlineExceeded
		case <-l.ctx.Done():
			return 0, fmt.Errorf("console: read of a borrowed port: %w", context.Cause(l.ctx))
		}
	}
}

func (l *Loan) take(p []byte) (int, <-chan struct{}, error) {
	c := l.console
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loan == l && len(l.buf) > 0 {
		n := copy(p, l.buf)
		l.buf = l.buf[n:]
		return n, nil, nil
	}
	return 0, c.changed, c.mayUse(l)
}

// Write sends p.
func (l *Loan) Write(p []byte) (int, error) {
	l.console.mu.Lock()
	shown, hidden := p, l.hidden
	l.console.mu.Unlock()
	if hidden {
		shown = fmt.Appendf(nil, "(%d bytes, redacted)", len(p))
	}
	if err := l.console.write(p, shown, hidden, l); err != nil {
		return 0, err
	}
	return len(p), nil
}

// SetReadTimeout implements [boards.Port].
func (l *Loan) SetReadTimeout(d time.Duration) error {
	l.console.mu.Lock()
	defer l.console.mu.Unlock()
	l.timeout = d
	return nil
}

// SetBaud changes the speed until the loan ends.
func (l *Loan) SetBaud(baud int) error { return l.console.setBaud(baud, l) }

// SetDTR implements [boards.Port].
func (l *Loan) SetDTR(asserted bool) error { return l.console.setDTR(asserted, l) }

// SetRTS implements [boards.Port].
func (l *Loan) SetRTS(asserted bool) error { return l.console.setRTS(asserted, l) }

// SetLines is [Console.SetLines].
func (l *Loan) SetLines(dtr, rts bool) error { return l.console.setLines(dtr, rts, l) }

// Close gives the port back, at the speed that it had. The port stays open.
func (l *Loan) Close() error {
	c := l.console
	c.mu.Lock()
	before, changed := c.baud, l.baud != c.baud
	mine := c.loan == l
	if mine {
		c.loan = nil
		c.notify()
	}
	c.mu.Unlock()
	if mine && changed && before != 0 {
		return c.SetBaud(before)
	}
	return nil
}
