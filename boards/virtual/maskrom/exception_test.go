package maskrom_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
)

// A handler that mends the cause comes back to the call as it was made.
func TestFaultInAFunctionKeepsItsArguments(t *testing.T) {
	b := newBench(t)
	b.write(dram, []byte("so far %s\x00"))
	c := b.m.CPU
	c.PC, c.A[0], c.A[2], c.A[3] = printf, back, dram, 4
	b.step()
	if c.EXCCAUSE != lx106.CauseLoadProhibited || c.EXCVADDR != 4 || c.A[2] != dram || c.A[3] != 4 {
		t.Errorf("cause %d at 0x%08x, a2 0x%08x, a3 0x%08x", c.EXCCAUSE, c.EXCVADDR, c.A[2], c.A[3])
	}
	if got := b.out(); got != "so far " {
		t.Errorf("printed %q", got)
	}
}

func TestUnknownFunctionHalts(t *testing.T) {
	b := newBench(t)
	c := b.m.CPU
	c.PC, c.A[0], c.A[5] = 0x40001234, 0x40100042, 0xabcd
	halt := b.halted()
	if !errors.Is(halt, maskrom.ErrUnknown) || halt.PC != 0x40001234 || halt.A[5] != 0xabcd {
		t.Errorf("halt %v", halt)
	}
	for _, want := range []string{"0x40001234", "0x40100042", "a5=0000abcd"} {
		if !strings.Contains(halt.Error(), want) {
			t.Errorf("%q does not name %s", halt.Error(), want)
		}
	}
}
