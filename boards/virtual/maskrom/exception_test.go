package maskrom_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

func TestFatalException(t *testing.T) {
	b := newBench(t)
	b.reset(soc.Ext, soc.StrapFlash)
	b.out()
	b.m.CPU.PC, b.m.CPU.PS = iram+0x10, 0x20
	before := b.m.Now()
	b.m.CPU.Exception(lx106.CauseLoadStoreError, 0x40101234)
	if got := b.step(); got != maskrom.Crashed {
		t.Errorf("outcome %d, want %d", got, maskrom.Crashed)
	}
	want := crlf("Fatal exception (3): \nepc1=0x40100010, epc2=0x00000000, epc3=0x00000000, excvaddr=0x40101234, depc=0x00000000\n")
	if got := b.out(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if b.m.CPU.PC != iram+0x10 || b.m.CPU.PS&0x10 != 0 {
		t.Errorf("back at 0x%08x, PS 0x%x", b.m.CPU.PC, b.m.CPU.PS)
	}
	if took, wire := b.m.Now()-before, time.Duration(len(want))*133*time.Microsecond; took < wire || took > wire*11/10 {
		t.Errorf("took %v, on the wire it is %v", took, wire)
	}
}

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
	c.EXCCAUSE, c.PC = lx106.CauseSyscall, 0x40000050
	if halt := b.halted(); !errors.Is(halt, maskrom.ErrUnknown) {
		t.Errorf("syscall: %v", halt)
	}
}
