package lx106_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

func TestWaiti(t *testing.T) {
	for _, c := range []struct {
		name   string
		wake   func(*sim)
		stop   lx106.Stop
		vector uint32
	}{
		{"nothing", func(*sim) {}, lx106.Idle, 0},
		{"line", func(s *sim) { s.Raise(5) }, lx106.Budget, user},
		{"edge", func(s *sim) { s.Raise(9) }, lx106.Budget, user},
		{"masked", func(s *sim) { s.Raise(4) }, lx106.Idle, 0},
		{"nmi", func(s *sim) { s.Raise(nmiIRQ) }, lx106.Budget, nmi},
		{"comparator", func(s *sim) { s.Skip(s.NextCompare()) }, lx106.Budget, user},
		{"not yet", func(s *sim) { s.Skip(s.NextCompare() - 1) }, lx106.Idle, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newInterruptible(t, "007000") // waiti 0
			s.PS, s.INTENABLE, s.CCOMPARE0 = 0x2f, 1<<5|1<<9|1<<compareIRQ, 5000
			s.mustRun(t, 100, lx106.Idle)
			if s.PC != spot+3 || s.Retired != 1 || s.PS != 0x20 {
				t.Fatalf("pc 0x%08x ps %x after %d instructions", s.PC, s.PS, s.Retired)
			}
			c.wake(s)
			s.mustRun(t, 1, c.stop)
			if c.vector == 0 {
				if s.PC != spot+3 || s.Retired != 1 {
					t.Errorf("pc 0x%08x after %d instructions", s.PC, s.Retired)
				}
				return
			}
			if s.PC != c.vector+2 || s.Retired != 2 || s.Waiting {
				t.Errorf("pc 0x%08x after %d instructions", s.PC, s.Retired)
			}
			if c.vector == user && s.EPC[1] != spot+3 {
				t.Errorf("epc1 0x%08x", s.EPC[1])
			}
		})
	}
}

// TestWaitiWithPending does not wait.
func TestWaitiWithPending(t *testing.T) {
	s := newInterruptible(t, "007000") // waiti 0
	s.PS, s.INTENABLE = 0x21, 1<<5
	s.Raise(5)
	s.mustRun(t, 2, lx106.Budget)
	if s.PC != user+2 || s.EPC[1] != spot+3 {
		t.Errorf("pc 0x%08x epc1 0x%08x", s.PC, s.EPC[1])
	}
}

// TestWaitiLevel waits with interrupts masked, by the level of waiti or by
// EXCM: only the NMI ends it.
func TestWaitiLevel(t *testing.T) {
	for _, c := range []struct {
		hex string
		ps  uint32 // before, and after waiti
		now uint32
	}{
		{"007100", 0x20, 0x21}, // waiti 1
		{"007f00", 0x20, 0x2f}, // waiti 15
		{"007000", 0x3f, 0x30}, // waiti 0, in an exception
	} {
		s := newInterruptible(t, c.hex)
		s.PS, s.INTENABLE, s.CCOMPARE0 = c.ps, 0x7fff, 500
		s.mustRun(t, 100, lx106.Idle)
		s.Raise(5)
		s.Skip(1000)
		s.mustRun(t, 100, lx106.Idle)
		if s.PC != spot+3 || s.PS != c.now || s.Retired != 1 {
			t.Errorf("%s: pc 0x%08x ps %x after %d instructions", c.hex, s.PC, s.PS, s.Retired)
		}
		s.Raise(nmiIRQ)
		s.mustRun(t, 0, lx106.Budget)
		if s.PC != nmi || s.EPC[3] != spot+3 || s.EPS[3] != c.now || s.Waiting {
			t.Errorf("%s: pc 0x%08x epc3 0x%08x", c.hex, s.PC, s.EPC[3])
		}
	}
}

// TestLockstepWaiti waits three times for the comparator beside QEMU, which
// goes by a clock of its own: there, time passes when nothing executes.
func TestLockstepWaiti(t *testing.T) {
	need.Tool(t, "qemu-system-xtensa")
	code := make([]byte, spot-iramBase)
	copy(code[0x50:], assembled(t,
		"807790", // add a7, a7, a9
		"13f070", // wsr.ccompare0 a7
		"551b",   // addi.n a5, a5, 1
		"003000", // rfe
	))
	code = append(code, assembled(t,
		"01a422", // movi a2, 0x401
		"0122c0", // slli a2, a2, 20
		"13e720", // wsr.vecbase a2
		"40a032", // movi a3, 64
		"13e430", // wsr.intenable a3
		"2fa032", // movi a3, 0x2f
		"13e630", // wsr.ps a3
		"e8a392", // movi a9, 1000
		"097d",   // mov.n a7, a9
		"13ea00", // wsr.ccount a0
		"13f070", // wsr.ccompare0 a7
		"03a062", // movi a6, 3
		"007000", // waiti 0
		"660b",   // addi.n a6, a6, -1
		"ff7656", // bnez a6, . - 5
		"00a032", // movi a3, 0
		"01a022", // movi a2, 1
		"005100", // simcall: exit
	)...)
	p := pair{sim: newSim(), census: census{}}
	p.code(code)
	p.PC = spot
	n, err := p.lockstep(qemuFrom(t, spot, code, "-icount", "shift=0,sleep=off"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d instructions compared, %d of them waiti", n, p.census["waiti"])
	if p.A[5] != 3 || p.Cycles < 3000 {
		t.Errorf("%d interrupts in %d cycles", p.A[5], p.Cycles)
	}
}
