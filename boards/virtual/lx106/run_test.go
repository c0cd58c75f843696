package lx106_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

func TestBudgetIsExact(t *testing.T) {
	s := newInterruptible(t)
	for _, n := range []uint64{0, 1, 7, 100} {
		before := s.Retired
		s.mustRun(t, n, lx106.Budget)
		if s.Retired-before != n || s.Cycles != s.Retired || s.PC != spot+2*uint32(s.Retired) {
			t.Errorf("run of %d: %d instructions, %d cycles, pc 0x%08x", n, s.Retired-before, s.Cycles, s.PC)
		}
	}
}

// TestTrap jumps into the window: nothing is executed there.
func TestTrap(t *testing.T) {
	s := newInterruptible(t, "0002a0") // jx a2
	s.TrapLo, s.TrapHi = 0x40000000, 0x40010000
	s.A[2] = 0x40004678
	s.mustRun(t, 100, lx106.Trapped)
	s.mustRun(t, 100, lx106.Trapped)
	if s.PC != 0x40004678 || s.Retired != 1 {
		t.Errorf("pc 0x%08x after %d instructions", s.PC, s.Retired)
	}
	s.PC = s.TrapHi - 4 // where nothing is, were it executed
	s.mustRun(t, 1, lx106.Trapped)
	s.PC = spot + 3
	s.mustRun(t, 1, lx106.Budget)
}

func TestBreakEndsRun(t *testing.T) {
	s := newInterruptible(t, "f03d", "005100") // nop.n; simcall, which breaks
	s.mustRun(t, 100, lx106.Budget)
	if s.PC != spot+5 || s.Retired != 2 {
		t.Errorf("pc 0x%08x after %d instructions", s.PC, s.Retired)
	}
	s.mustRun(t, 3, lx106.Budget)
	if s.Retired != 5 {
		t.Errorf("the next run ends after %d instructions", s.Retired-2)
	}
}

func TestSimcallFails(t *testing.T) {
	s := newInterruptible(t, "005100")
	errOwn := errors.New("own")
	s.Simcall = func(*lx106.CPU) error { return errOwn }
	if err := s.mustHalt(t); !errors.Is(err, errOwn) {
		t.Error(err)
	}
}

// TestReset keeps the counters, the lines and nothing else.
func TestReset(t *testing.T) {
	s := newInterruptible(t)
	s.Raise(5)
	s.Raise(8)
	s.mustRun(t, 10, lx106.Budget)
	s.Reset()
	want := lx106.State{
		PC: lx106.ResetPC, PS: 0x1f, VECBASE: 0x40000000,
		Lines: 1 << 5, Cycles: 10, Retired: 10, CCountBias: s.CCountBias,
	}
	if s.State != want || s.CCOUNT() != 0 {
		t.Errorf("%+v, ccount %d", s.State, s.CCOUNT())
	}
}

// TestSelfModifyingCode executes movi a3, 1, stores one word of movi a6, 2 over
// it, and executes it again: the bytes of that word count, whichever of the
// instruction they are.
func TestSelfModifyingCode(t *testing.T) {
	const word = spot + 0x100
	for at := -2; at <= 3; at++ {
		s := newInterruptible(t, "0549") // s32i.n a4, a5, 0
		pc := uint32(word + at)
		old, changed := assembled(t, "01a032"), assembled(t, "02a062")
		copy(s.iram.Data[pc-iramBase:], changed)
		s.A[4], s.A[5] = binary.LittleEndian.Uint32(s.iram.Data[word-iramBase:]), word
		copy(s.iram.Data[pc-iramBase:], old)

		s.PC = pc
		s.mustRun(t, 1, lx106.Budget)
		if s.A[3] != 1 {
			t.Fatalf("at %+d: a3=%x", at, s.A[3])
		}
		s.A[3] = 0
		s.PC = spot
		s.mustRun(t, 1, lx106.Budget)
		s.PC = pc
		s.mustRun(t, 1, lx106.Budget)

		register, want := 3, uint32(1)
		if at >= 0 {
			register = 6
		}
		if at < 2 {
			want = 2
		}
		if s.A[register] != want {
			t.Errorf("at %+d: a3=%x a6=%x, want a%d=%x", at, s.A[3], s.A[6], register, want)
		}
	}
}

// TestInvalidate changes code behind the core's back.
func TestInvalidate(t *testing.T) {
	s := newInterruptible(t, "01a032") // movi a3, 1
	s.mustRun(t, 1, lx106.Budget)
	s.iram.Data[spot+2-iramBase] = 5
	s.PC = spot
	s.mustRun(t, 1, lx106.Budget)
	if s.A[3] != 1 {
		t.Fatalf("a3=%d: was it decoded again?", s.A[3])
	}
	s.iram.Invalidate(spot+2-iramBase, 1)
	s.PC = spot
	s.mustRun(t, 1, lx106.Budget)
	if s.A[3] != 5 {
		t.Errorf("a3=%d", s.A[3])
	}
}

func TestStopNames(t *testing.T) {
	for stop, want := range map[lx106.Stop]string{
		lx106.Budget: "budget", lx106.Idle: "idle", lx106.Trapped: "trapped", lx106.Halted: "halted",
		lx106.SoftReset: "software reset", lx106.WDTReset: "watchdog reset", lx106.WakeReset: "wake-up reset", 99: "stop(99)", -1: "stop(-1)",
	} {
		if got := stop.String(); got != want {
			t.Errorf("%d is %q, want %q", int(stop), got, want)
		}
	}
}
