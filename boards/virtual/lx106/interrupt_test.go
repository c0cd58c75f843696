package lx106_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

const (
	user, kernel, nmi = iramBase + 0x50, iramBase + 0x30, iramBase + 0x20 // vectors of newInterruptible
	compareIRQ        = 6
	softwareIRQ       = 7
	nmiIRQ            = 14
)

// newInterruptible returns a machine that executes code at spot, and nops around
// it, its vectors among them.
func newInterruptible(t *testing.T, code ...string) *sim {
	t.Helper()
	s := newSim()
	s.VECBASE = iramBase
	for i := 0; i < 0x800; i += 2 {
		copy(s.iram.Data[i:], assembled(t, "f03d")) // nop.n
	}
	copy(s.iram.Data[spot-iramBase:], assembled(t, code...))
	s.PC = spot
	return s
}

func (s *sim) mustRun(t *testing.T, n uint64, want lx106.Stop) {
	t.Helper()
	if stop, err := s.Run(n); stop != want || err != nil {
		t.Fatalf("run stops with %v, want %v: %v", stop, want, err)
	}
}

func TestInterruptEntersVector(t *testing.T) {
	for irq := range 14 {
		if irq == compareIRQ || irq == softwareIRQ {
			continue // the core's own: Raise leaves them alone, see below
		}
		for _, c := range []struct {
			ps, enable uint32
			vector     uint32 // 0: not taken
		}{
			{0x20, 1 << irq, user},
			{0x00, 1 << irq, kernel},
			{0x20, 0x7fff &^ (1 << irq), 0},
			{0x21, 0x7fff, 0}, // at its own level
			{0x30, 0x7fff, 0}, // in an exception
		} {
			s := newInterruptible(t)
			s.PS, s.INTENABLE = c.ps, c.enable
			s.Raise(irq)
			s.mustRun(t, 0, lx106.Budget)
			switch {
			case c.vector == 0:
				if s.PC != spot || s.PS != c.ps {
					t.Errorf("irq %d, ps %x, intenable %x: pc 0x%08x", irq, c.ps, c.enable, s.PC)
				}
			case s.PC != c.vector || s.EPC[1] != spot || s.EXCCAUSE != 4 || s.PS != c.ps|0x10:
				t.Errorf("irq %d, ps %x: pc 0x%08x epc1 0x%08x cause %d ps %x", irq, c.ps, s.PC, s.EPC[1], s.EXCCAUSE, s.PS)
			}
		}
	}
}

func TestRaiseLeavesTheCoresOwnInterrupts(t *testing.T) {
	s := newInterruptible(t)
	s.Raise(compareIRQ)
	s.Raise(softwareIRQ)
	if s.INTERRUPT|s.Lines != 0 {
		t.Errorf("interrupt %x, lines %x", s.INTERRUPT, s.Lines)
	}
}

// TestLevelAndEdge tells interrupts that last as long as their line from those
// that last until the program clears them.
func TestLevelAndEdge(t *testing.T) {
	s := newInterruptible(t,
		"03e220", // rsr.interrupt a2
		"13e340", // wsr.intclear a4
		"03e230", // rsr.interrupt a3
	)
	s.A[4] = 0xffffffff
	s.Raise(5)
	s.Raise(8)
	s.mustRun(t, 3, lx106.Budget)
	if s.A[2] != 1<<5|1<<8 || s.A[3] != 1<<5 {
		t.Errorf("pending %x, after intclear %x", s.A[2], s.A[3])
	}
	s.Lower(5)
	if s.Lines != 0 {
		t.Errorf("line 5 stays up: %x", s.Lines)
	}
}

// TestNMI is taken whatever PS says, its own level included.
func TestNMI(t *testing.T) {
	for _, ps := range []uint32{0x20, 0x00, 0x32, 0x33, 0x2f} {
		s := newInterruptible(t)
		s.PS = ps
		s.Raise(nmiIRQ)
		s.mustRun(t, 0, lx106.Budget)
		if s.PC != nmi || s.EPC[3] != spot || s.EPS[3] != ps || s.PS != ps&0x20|0x13 || s.INTERRUPT != 0 {
			t.Errorf("ps %x: pc 0x%08x epc3 0x%08x eps3 %x ps %x interrupt %x",
				ps, s.PC, s.EPC[3], s.EPS[3], s.PS, s.INTERRUPT)
		}
	}
}

// TestMaskedSection holds an interrupt off between two rsil; it comes before
// the instruction after the second.
func TestMaskedSection(t *testing.T) {
	s := newInterruptible(t, "006120", "f03d", "f03d", "006020") // rsil a2, 1; nop.n; nop.n; rsil a2, 0
	s.INTENABLE = 1 << 5
	s.mustRun(t, 1, lx106.Budget)
	s.Raise(5)
	s.mustRun(t, 2, lx106.Budget)
	if s.PC != spot+7 {
		t.Fatalf("pc 0x%08x within the section", s.PC)
	}
	s.mustRun(t, 1, lx106.Budget)
	if s.PC != user || s.EPC[1] != spot+10 {
		t.Errorf("pc 0x%08x epc1 0x%08x after it", s.PC, s.EPC[1])
	}
}

func TestSoftwareInterrupt(t *testing.T) {
	s := newInterruptible(t, "13e220") // wsr.intset a2
	s.INTENABLE, s.A[2] = 1<<softwareIRQ, 1<<softwareIRQ
	s.mustRun(t, 1, lx106.Budget)
	if s.PC != user || s.EPC[1] != spot+3 || s.EXCCAUSE != lx106.CauseInterrupt {
		t.Errorf("pc 0x%08x epc1 0x%08x cause %d", s.PC, s.EPC[1], s.EXCCAUSE)
	}
}
