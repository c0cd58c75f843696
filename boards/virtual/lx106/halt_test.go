package lx106_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// TestUnknownHalts executes what the core has and this project does not know,
// and accesses to where nothing is.
func TestUnknownHalts(t *testing.T) {
	for _, c := range []struct {
		text, hex, before string
		reason            string
	}{
		{"rer a2, a3", "406320", "", "what this instruction does is not known"},
		{"wer a2, a3", "407320", "", "what this instruction does is not known"},
		{"ritlb0 a2, a3", "503320", "", "what this instruction does is not known"},
		{"pdtlb a2, a3", "50d320", "", "what this instruction does is not known"},
		{"rfdo", "f1e000", "", "what this instruction does is not known"},
		{"slli a1, a2, 32", "011200", "", "what this instruction does is not known"},
		{"wsr.debugcause a2", "13e920", "", "effect of writing special register 233 is not known"},
		{"xsr.debugcause a2", "61e920", "", "effect of writing special register 233 is not known"},
		{"wsr.configid0 a2", "13b020", "", "effect of writing special register 176 is not known"},
		{"wsr.ibreakenable a2", "136020", "a2=1", "hardware breakpoints are not modelled: special register 96 = 0x00000001"},
		{"wsr.vecbase a2", "13e720", "a2=40100010", "VECBASE 0x40100010 is not aligned to the vectors"},
		{"simcall", "005100", "", "simcall: there is no simulator to serve it"},
		{"l32i a1, a2, 0", "002212", "a2=5ffffffc", "load 0x5ffffffc: no memory"},
		{"s8i a1, a2, 0", "004212", "a2=5fffffff", "store 0x5fffffff: no memory"},
	} {
		t.Run(c.text, func(t *testing.T) {
			s := newSim()
			s.Simcall = nil
			copy(s.iram.Data[spot-iramBase:], assembled(t, c.hex))
			s.PC = spot
			s.set(t, c.before)
			err := s.mustHalt(t)
			if err.PC != spot || err.Reason.Error() != c.reason {
				t.Errorf("halt at 0x%08x: %v", err.PC, err.Reason)
			}
			if !strings.Contains(err.Error(), ": instruction 0x"+c.hex+": "+c.reason+"; registers ") {
				t.Error(err)
			}
		})
	}
}

func (s *sim) mustHalt(t *testing.T) *lx106.Halt {
	t.Helper()
	stop, err := s.Run(10)
	var halt *lx106.Halt
	if stop != lx106.Halted || !errors.As(err, &halt) {
		t.Fatalf("run stops with %v: %v", stop, err)
	}
	return halt
}

func TestHaltTellsAll(t *testing.T) {
	s := newSim()
	for i := range s.A {
		s.A[i] = 0x11111111 * uint32(i)
	}
	copy(s.iram.Data, assembled(t, "201220", "0022f2")) // or a1, a2, a2; l32i a15, a2, 0
	s.A[2] = 0x70000000
	err := s.mustHalt(t)
	const want = "lx106: halt at 0x40100003: instruction 0x0022f2: load 0x70000000: no memory; registers " +
		"a0=00000000 a1=70000000 a2=70000000 a3=33333333 a4=44444444 a5=55555555 a6=66666666 a7=77777777 " +
		"a8=88888888 a9=99999999 a10=aaaaaaaa a11=bbbbbbbb a12=cccccccc a13=dddddddd a14=eeeeeeee a15=ffffffff"
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	if !errors.Is(err, errNoMemory) {
		t.Error("the reason is lost")
	}
}

// TestHaltLasts: nothing continues but Reset.
func TestHaltLasts(t *testing.T) {
	s := newSim()
	s.PC = 0x70000000
	err := s.mustHalt(t)
	if again := s.mustHalt(t); again != err || s.Retired > 1 {
		t.Errorf("%v after %v, %d instructions", again, err, s.Retired)
	}
	s.Reset()
	s.PC = iramBase
	s.mustRun(t, 1, lx106.Budget)
}

// TestInstructionOverTheEnd has its last byte where no memory is.
func TestInstructionOverTheEnd(t *testing.T) {
	s := newSim()
	s.PC = iramBase + iramSize - 2
	copy(s.iram.Data[iramSize-2:], []byte{0x30, 0x12}) // add a1, a2, …
	if err := s.mustHalt(t); err.PC != iramBase+iramSize-2 || err.Reason.Error() != "fetch 0x40110000: no memory" {
		t.Error(err)
	}
}

// TestRunOverTheEnd executes the last instruction, and then finds no more.
func TestRunOverTheEnd(t *testing.T) {
	s := newSim()
	s.PC = iramBase + iramSize - 2
	copy(s.iram.Data[iramSize-2:], assembled(t, "f03d"))
	if err := s.mustHalt(t); err.PC != iramBase+iramSize || err.Word != 0 || s.Retired != 2 {
		t.Errorf("%v after %d instructions", err, s.Retired)
	}
}
