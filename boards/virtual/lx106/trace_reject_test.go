package lx106_test

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// aTrace returns n records as QEMU writes them, of instructions of three bytes.
func aTrace(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "PC=%08x\n\n", 0x40100000+3*i)
		for _, name := range []string{
			"ps", "sar", "litbase", "epc1", "epc2", "epc3", "eps2", "eps3", "excsave1", "excsave2", "excsave3",
			"exccause", "excvaddr", "depc", "vecbase", "intenable", "interrupt", "ccompare0",
			"debugcause", "ddr", "ibreaka0", "dbreaka0", "icount",
		} {
			fmt.Fprintf(&b, " %s=%08x", strings.ToUpper(name), i)
		}
		for a := range 16 {
			fmt.Fprintf(&b, " A%02d=%08x", a, a+i)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTraceIsRead(t *testing.T) {
	n := 0
	more, err := records(strings.NewReader(aTrace(3)), func(s *lx106.State) bool {
		if s.PC != uint32(0x40100000+3*n) || s.A[15] != uint32(15+n) || s.EXCVADDR != uint32(n) {
			t.Errorf("record %d: %+v", n, *s)
		}
		n++
		return true
	})
	if !more || err != nil || n != 3 {
		t.Errorf("%d records, more: %v, %v", n, more, err)
	}
}

// TestTraceIsRefused reads what QEMU would write if it wrote something else.
func TestTraceIsRefused(t *testing.T) {
	whole := aTrace(3)
	for _, c := range []struct {
		name, trace, want string
	}{
		{"nothing", "", "EOF"},
		{"other registers", "PC=00000000\n R0=00000000\nPC=00000001\n R0=00000000\n", "1 registers"},
		{"cut short", whole[:len(whole)-20], io.ErrUnexpectedEOF.Error()},
		{"a line too much", strings.Replace(whole, "PC=40100003\n", "PC=40100003\nwarning\n", 1), errLayout.Error()},
		{"no hex", strings.Replace(whole, "PC=40100003", "PC=4010000x", 1), "invalid byte"},
		{"a column off", strings.Replace(whole, " SAR=00000001 ", "  SAR=00000001", 1), errLayout.Error()},
	} {
		_, err := records(strings.NewReader(c.trace), func(*lx106.State) bool { return true })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestLockstepNeedsAnOracle has one that says nothing, or goes elsewhere, or
// breaks off.
func TestLockstepNeedsAnOracle(t *testing.T) {
	elsewhere := make([]*lx106.State, resetting+1)
	for i := range elsewhere {
		elsewhere[i] = &lx106.State{PC: 0x50000000 + uint32(i)}
	}
	first := lx106.State{PC: iramBase, PS: 0x20}
	for _, c := range []struct {
		states []*lx106.State
		err    error
		want   string
	}{
		{nil, nil, "no instruction"},
		{elsewhere, nil, "it does not come to 0x40100000"},
		{[]*lx106.State{&first}, io.ErrClosedPipe, io.ErrClosedPipe.Error()},
	} {
		p := pair{sim: newSim()}
		p.PC = iramBase
		oracle := iter.Seq2[*lx106.State, error](func(yield func(*lx106.State, error) bool) {
			for _, s := range c.states {
				if !yield(s, nil) {
					return
				}
			}
			if c.err != nil {
				yield(nil, c.err)
			}
		})
		if _, err := p.lockstep(oracle); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
