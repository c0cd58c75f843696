package construct

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/vectors"
)

// arguments reads the fields of an op. The first that is missing or broken
// stays in err, and what was asked for is zero.
type arguments struct {
	op  vectors.Op
	err error
}

var (
	errMissing = errors.New("an argument is missing")
	errStyle   = errors.New("there is no such style")
	errBeyond  = errors.New("beyond the message")
)

func (a *arguments) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

func (a *arguments) number(name string, p *int) int {
	if p == nil {
		a.fail(fmt.Errorf("%w: %s", errMissing, name))
		return 0
	}
	return *p
}

func (a *arguments) at() int    { return a.number("at", a.op.At) }
func (a *arguments) n() int     { return a.number("n", a.op.N) }
func (a *arguments) block() int { return a.number("block", a.op.Block) }
func (a *arguments) to() int    { return a.number("to", a.op.To) }

func (a *arguments) text() string {
	if a.op.Text == "" {
		a.fail(fmt.Errorf("%w: text", errMissing))
	}
	return a.op.Text
}

func (a *arguments) hex() []byte {
	if a.op.Hex == "" {
		a.fail(fmt.Errorf("%w: hex", errMissing))
	}
	p, err := hex.DecodeString(a.op.Hex)
	if err != nil {
		a.fail(err)
	}
	return p
}

// style is the error of an op that does not know its style.
func (a *arguments) style() error { return fmt.Errorf("%w: %q", errStyle, a.op.Style) }

// within returns where size bytes at at begin in total; below 0 at counts from
// the end.
func (a *arguments) within(at, total, size int) int {
	if at < 0 {
		at += total
	}
	if at < 0 || at > total || size > total-at {
		a.fail(fmt.Errorf("%w: %d bytes at %d of %d", errBeyond, size, at, total))
		return 0
	}
	return at
}
