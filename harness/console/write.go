package console

import (
	"fmt"
	"time"
)

// Write sends p and keeps it in the timeline as it is. What carries a secret
// goes through [Console.WriteAs].
func (c *Console) Write(p []byte) (int, error) {
	if err := c.write(p, p, false, nil); err != nil {
		return 0, err
	}
	return len(p), nil
}

// WriteAs sends p, while timeline and history show shown in its place.
func (c *Console) WriteAs(p, shown []byte) error { return c.write(p, shown, true, nil) }

// write sends p on behalf of loan, or of the console itself if it is nil.
func (c *Console) write(p, shown []byte, redacted bool, loan *Loan) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	err := c.mayUse(loan)
	if err == nil {
		at := c.timeline.add(Transmitted, shown, redacted)
		if loan == nil {
			c.history.add(Item{At: at, Kind: Sent, Text: string(trimEnd(shown))})
		}
	}
	c.mu.Unlock()
	if err != nil {
		return err
	}
	if _, err := c.port.Write(p); err != nil {
		return c.cannotWrite(err)
	}
	return nil
}

// lastWords is how long a port that takes nothing any more may still say why.
const lastWords = time.Second

// cannotWrite makes a failure to write everybody's loss, which the reader may not
// have noticed yet: what it still hears may be the report of a crash.
func (c *Console) cannotWrite(err error) error {
	select {
	case <-c.done:
	case <-time.After(lastWords):
	}
	return c.lost(fmt.Errorf("write: %w", err))
}

// mayUse returns why the port cannot be used by loan, with the lock held.
func (c *Console) mayUse(loan *Loan) error {
	switch {
	case c.err != nil:
		return c.err
	case c.loan != loan && loan == nil:
		return ErrBorrowed
	case c.loan != loan:
		return fmt.Errorf("%w: the loan is over", ErrClosed)
	}
	return nil
}

// SetBaud changes the speed of the line.
func (c *Console) SetBaud(baud int) error { return c.setBaud(baud, nil) }

// SetDTR moves one modem line.
func (c *Console) SetDTR(asserted bool) error { return c.setDTR(asserted, nil) }

// SetRTS moves the other.
func (c *Console) SetRTS(asserted bool) error { return c.setRTS(asserted, nil) }

// SetLines moves both modem lines, in one step if the port can, else DTR first.
func (c *Console) SetLines(dtr, rts bool) error { return c.setLines(dtr, rts, nil) }

func (c *Console) setBaud(baud int, loan *Loan) error {
	return c.move(loan, fmt.Sprintf("baud %d", baud), func() error {
		if err := c.port.SetBaud(baud); err != nil {
			return err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if loan == nil {
			c.baud = baud
		} else {
			loan.baud = baud
		}
		return nil
	})
}

func (c *Console) setDTR(v bool, loan *Loan) error {
	return c.move(loan, fmt.Sprintf("DTR %t", v), func() error { return c.port.SetDTR(v) })
}

func (c *Console) setRTS(v bool, loan *Loan) error {
	return c.move(loan, fmt.Sprintf("RTS %t", v), func() error { return c.port.SetRTS(v) })
}

func (c *Console) setLines(dtr, rts bool, loan *Loan) error {
	both, ok := c.port.(interface{ SetLines(dtr, rts bool) error })
	if !ok {
		if err := c.setDTR(dtr, loan); err != nil {
			return err
		}
		return c.setRTS(rts, loan)
	}
	return c.move(loan, fmt.Sprintf("DTR %t, RTS %t", dtr, rts), func() error { return both.SetLines(dtr, rts) })
}

// move changes something other than data, and puts it in the timeline.
func (c *Console) move(loan *Loan, what string, do func() error) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	err := c.mayUse(loan)
	c.mu.Unlock()
	if err != nil {
		return err
	}
	c.timeline.add(Moved, []byte(what), false)
	if err := do(); err != nil {
		return fmt.Errorf("console: %s: %w", what, err)
	}
	return nil
}
