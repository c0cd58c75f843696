package lx106

import (
	"fmt"
	"strings"
)

// A Halt is the end of a run that nothing on the chip can continue: the
// program did something whose effect this project does not know.
type Halt struct {
	PC     uint32
	Word   uint32 // the instruction at PC, up to three bytes, zero when it could not be fetched
	A      [16]uint32
	Reason error
}

func (h *Halt) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "lx106: halt at 0x%08x: instruction 0x%06x: %v; registers", h.PC, h.Word, h.Reason)
	for i, v := range h.A {
		fmt.Fprintf(&b, " a%d=%08x", i, v)
	}
	return b.String()
}

// Unwrap returns the reason.
func (h *Halt) Unwrap() error { return h.Reason }
