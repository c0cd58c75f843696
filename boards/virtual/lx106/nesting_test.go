package lx106_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// A step is what the core shows after one more instruction.
type step struct {
	pc, ps uint32
	what   string
}

func (s *sim) mustStep(t *testing.T, steps []step) {
	t.Helper()
	for i, want := range steps {
		s.mustRun(t, 1, lx106.Budget)
		if s.PC != want.pc || s.PS != want.ps {
			t.Fatalf("step %d, %s: pc 0x%08x ps %02x, want pc 0x%08x ps %02x", i+1, want.what, s.PC, s.PS, want.pc, want.ps)
		}
	}
}

// TestSoftwareInterruptIsServed raises it by INTSET, and has the handler clear
// it by INTCLEAR: it comes once.
func TestSoftwareInterruptIsServed(t *testing.T) {
	s := newInterruptible(t, "13e220", "331b") // wsr.intset a2; addi.n a3, a3, 1
	copy(s.iram.Data[0x50:], assembled(t,
		"13e320", // wsr.intclear a2
		"441b",   // addi.n a4, a4, 1
		"003000", // rfe
	))
	s.INTENABLE, s.A[2] = 1<<softwareIRQ, 1<<softwareIRQ
	s.mustStep(t, []step{
		{user, 0x30, "wsr.intset"},
		{user + 3, 0x30, "wsr.intclear"},
		{user + 5, 0x30, "addi.n"},
		{spot + 3, 0x20, "rfe"},
		{spot + 5, 0x20, "addi.n"},
	})
	if s.A[3] != 1 || s.A[4] != 1 || s.INTERRUPT != 0 {
		t.Errorf("a3=%d a4=%d interrupt %x", s.A[3], s.A[4], s.INTERRUPT)
	}
}

// TestInterruptNotCleared comes again after rfe, before the next instruction.
func TestInterruptNotCleared(t *testing.T) {
	s := newInterruptible(t)
	copy(s.iram.Data[0x50:], assembled(t, "003000")) // rfe
	s.INTENABLE = 1 << 5
	s.Raise(5)
	s.mustRun(t, 0, lx106.Budget)
	s.mustStep(t, []step{{user, 0x30, "rfe"}, {user, 0x30, "rfe"}})
	s.Lower(5)
	s.mustStep(t, []step{{spot, 0x20, "rfe"}, {spot + 2, 0x20, "nop.n"}})
}

// TestNMINests raises the NMI while an interrupt is served, and a second one
// in its own handler: that one loses where the first came from.
func TestNMINests(t *testing.T) {
	s := newInterruptible(t)
	copy(s.iram.Data[0x20:], assembled(t, "f03d", "003310")) // nop.n; rfi 3
	copy(s.iram.Data[0x50:], assembled(t, "f03d", "003000")) // nop.n; rfe
	s.INTENABLE = 1 << 9
	s.Raise(9)
	s.mustRun(t, 0, lx106.Budget)
	s.INTERRUPT = 0 // as the handler's INTCLEAR does
	s.Raise(nmiIRQ)
	s.mustRun(t, 0, lx106.Budget)
	if s.EPC[3] != user || s.EPS[3] != 0x30 || s.EPC[1] != spot || s.EXCCAUSE != lx106.CauseInterrupt {
		t.Fatalf("epc3 0x%08x eps3 %x epc1 0x%08x cause %d", s.EPC[3], s.EPS[3], s.EPC[1], s.EXCCAUSE)
	}
	s.mustStep(t, []step{
		{nmi + 2, 0x33, "nop.n"},
		{user, 0x30, "rfi 3"},
		{user + 2, 0x30, "nop.n"},
		{spot, 0x20, "rfe"},
	})

	s.Raise(nmiIRQ)
	s.mustStep(t, []step{{nmi + 2, 0x33, "nop.n"}})
	s.Raise(nmiIRQ)
	s.mustRun(t, 0, lx106.Budget)
	if s.PC != nmi || s.EPC[3] != nmi+2 || s.EPS[3] != 0x33 {
		t.Errorf("in its own handler: pc 0x%08x epc3 0x%08x eps3 %x", s.PC, s.EPC[3], s.EPS[3])
	}
}

// TestNMIFirst has both pending: the NMI is taken, and the other after rfi.
func TestNMIFirst(t *testing.T) {
	s := newInterruptible(t)
	copy(s.iram.Data[0x20:], assembled(t, "003310")) // rfi 3
	s.INTENABLE = 1 << 5
	s.Raise(5)
	s.Raise(nmiIRQ)
	s.mustRun(t, 0, lx106.Budget)
	if s.PC != nmi || s.EPC[3] != spot || s.EPS[3] != 0x20 {
		t.Fatalf("pc 0x%08x epc3 0x%08x eps3 %x", s.PC, s.EPC[3], s.EPS[3])
	}
	s.mustStep(t, []step{{user, 0x30, "rfi 3"}})
	if s.EPC[1] != spot {
		t.Errorf("epc1 0x%08x", s.EPC[1])
	}
}

// TestInterruptAfterBranch comes before the target, not behind the branch.
func TestInterruptAfterBranch(t *testing.T) {
	s := newInterruptible(t, "004206") // j . + 268
	s.INTENABLE, s.CCOMPARE0 = 1<<compareIRQ, 1
	s.mustRun(t, 1, lx106.Budget)
	if s.PC != user || s.EPC[1] != spot+268 {
		t.Errorf("pc 0x%08x epc1 0x%08x", s.PC, s.EPC[1])
	}
}

// TestInterruptWaitsForHandler is raised while an exception is served, and
// taken after rfe.
func TestInterruptWaitsForHandler(t *testing.T) {
	s := newInterruptible(t, "005000") // syscall
	copy(s.iram.Data[0x50:], assembled(t,
		"03b120", // rsr.epc1 a2
		"223b",   // addi.n a2, a2, 3
		"13b120", // wsr.epc1 a2
		"003000", // rfe
	))
	s.INTENABLE = 1 << 5
	s.mustStep(t, []step{{user, 0x30, "syscall"}})
	s.Raise(5)
	s.mustStep(t, []step{
		{user + 3, 0x30, "rsr.epc1"},
		{user + 5, 0x30, "addi.n"},
		{user + 8, 0x30, "wsr.epc1"},
		{user, 0x30, "rfe"},
	})
	if s.EPC[1] != spot+3 || s.EXCCAUSE != lx106.CauseInterrupt {
		t.Errorf("epc1 0x%08x cause %d", s.EPC[1], s.EXCCAUSE)
	}
}

// TestInterruptInException raises an exception in the handler of an interrupt:
// that is a double exception, from which rfde goes back into the handler.
func TestInterruptInException(t *testing.T) {
	s := newInterruptible(t)
	copy(s.iram.Data[0x50:], assembled(t, "000000", "003000")) // ill; rfe
	copy(s.iram.Data[0x70:], assembled(t,
		"03c020", // rsr.depc a2
		"223b",   // addi.n a2, a2, 3
		"13c020", // wsr.depc a2
		"003200", // rfde
	))
	s.INTENABLE = 1 << 9
	s.Raise(9)
	s.mustRun(t, 0, lx106.Budget)
	s.INTERRUPT = 0
	const double = iramBase + 0x70
	s.mustStep(t, []step{
		{double, 0x30, "ill"},
		{double + 3, 0x30, "rsr.depc"},
		{double + 5, 0x30, "addi.n"},
		{double + 8, 0x30, "wsr.depc"},
		{user + 3, 0x30, "rfde"},
		{spot, 0x20, "rfe"},
	})
	if s.DEPC != user+3 || s.EPC[1] != spot || s.EXCCAUSE != lx106.CauseIllegal {
		t.Errorf("depc 0x%08x epc1 0x%08x cause %d", s.DEPC, s.EPC[1], s.EXCCAUSE)
	}
}
