package lx106_test

import (
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// TestComparator sets CCOMPARE0 ten cycles ahead: the interrupt comes before
// the eleventh instruction, and a new comparison clears it.
func TestComparator(t *testing.T) {
	for _, count := range []uint32{1000, 0xfffffffb} { // the second overflows on the way
		s := newInterruptible(t)
		s.INTENABLE = 1 << compareIRQ
		s.CCountBias, s.CCOMPARE0 = count, count+10
		s.mustRun(t, 9, lx106.Budget)
		if s.PC != spot+18 {
			t.Fatalf("pc 0x%08x one cycle before", s.PC)
		}
		s.mustRun(t, 1, lx106.Budget)
		if s.PC != user || s.EPC[1] != spot+20 || s.CCOUNT() != count+10 {
			t.Errorf("pc 0x%08x epc1 0x%08x ccount %d", s.PC, s.EPC[1], s.CCOUNT()-count)
		}
	}
}

// TestComparatorMoves writes CCOMPARE0 while the old comparison is near.
func TestComparatorMoves(t *testing.T) {
	for _, old := range []uint32{2, 3, 4, 8} { // the first two in and after the cycle of the write
		s := newInterruptible(t, "f03d", "13f020") // nop.n; wsr.ccompare0 a2
		s.INTENABLE = 1 << compareIRQ
		s.CCOMPARE0, s.A[2] = old, 8
		s.mustRun(t, 7, lx106.Budget)
		if s.INTERRUPT != 0 {
			t.Fatalf("the comparison with %d that was replaced still counts", old)
		}
		s.mustRun(t, 1, lx106.Budget)
		if s.PC != user || s.CCOUNT() != 8 {
			t.Errorf("pc 0x%08x at ccount %d", s.PC, s.CCOUNT())
		}
	}
}

func TestCountMoves(t *testing.T) {
	s := newInterruptible(t, "13ea20", "03ea30") // wsr.ccount a2; rsr.ccount a3
	s.A[2] = 0xffffffff
	s.mustRun(t, 2, lx106.Budget)
	if s.A[3] != 0 || s.CCOUNT() != 0 {
		t.Errorf("a3=%x, ccount %x", s.A[3], s.CCOUNT())
	}
}

// TestComparatorWhileMasked: what met stays pending until the interrupt is
// enabled, or CCOMPARE0 written.
func TestComparatorWhileMasked(t *testing.T) {
	for _, c := range []struct {
		text, hex string
		taken     bool
	}{
		{"wsr.intenable a2", "13e420", true},
		{"wsr.ccompare0 a2; wsr.intenable a2", "13f020 13e420", false},
		{"wsr.intclear a2; wsr.intenable a2", "13e320 13e420", true}, // is not what clears it
	} {
		s := newInterruptible(t, append([]string{"f03d", "f03d", "f03d"}, strings.Fields(c.hex)...)...)
		s.CCOMPARE0, s.A[2] = 2, 1<<compareIRQ
		s.mustRun(t, 2, lx106.Budget)
		if s.INTERRUPT != 1<<compareIRQ || s.PC != spot+4 {
			t.Fatalf("interrupt %x at 0x%08x", s.INTERRUPT, s.PC)
		}
		s.mustRun(t, 1+uint64(len(strings.Fields(c.hex))), lx106.Budget)
		if taken := s.PC == user; taken != c.taken {
			t.Errorf("%s: pc 0x%08x", c.text, s.PC)
		}
	}
}

// TestPeriod has a handler that asks for the next interrupt a hundred cycles
// after the last: its first instruction is always the one in the cycle after
// the comparator met, however the time between is run.
func TestPeriod(t *testing.T) {
	for _, piece := range []uint64{1, 7, 100, 10_000} {
		s := newInterruptible(t, "ffff06") // j .
		copy(s.iram.Data[0x50:], assembled(t,
			"03ea40", // rsr.ccount a4
			"03f030", // rsr.ccompare0 a3
			"c04430", // sub a4, a4, a3
			"554a",   // add.n a5, a5, a4
			"64c332", // addi a3, a3, 100
			"13f030", // wsr.ccompare0 a3
			"661b",   // addi.n a6, a6, 1
			"003000", // rfe
		))
		s.INTENABLE, s.CCOMPARE0, s.A[5], s.A[6] = 1<<compareIRQ, 100, 0, 0
		for s.Retired < 100*100-1 {
			s.mustRun(t, min(piece, 100*100-1-s.Retired), lx106.Budget)
		}
		if s.A[5] != 99 || s.A[6] != 99 || s.CCOMPARE0 != 100*100 {
			t.Errorf("in pieces of %d: %d interrupts, %d cycles late in all, next at %d", piece, s.A[6], s.A[5], s.CCOMPARE0)
		}
	}
}
