package lx106_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// A served fault is what the handler of newServed saw of one access.
type served struct {
	cause, vaddr, epc uint32
}

// newServed returns a machine that executes code at spot, and a handler that
// leaves cause and address in a10 and a11, counts in a12 and steps over three
// bytes.
func newServed(t *testing.T, code ...string) *sim {
	t.Helper()
	s := newInterruptible(t, code...)
	copy(s.iram.Data[0x50:], assembled(t,
		"03e8a0", // rsr.exccause a10
		"03eeb0", // rsr.excvaddr a11
		"cc1b",   // addi.n a12, a12, 1
		"03b1d0", // rsr.epc1 a13
		"03cdd2", // addi a13, a13, 3
		"13b1d0", // wsr.epc1 a13
		"003000", // rfe
	))
	return s
}

const handlerSteps = 7

// TestMemoryFaultsAreServed raises each fault of an access, and goes on after
// it: nothing is loaded, nothing stored. QEMU raises none of those by bytes in
// code memory.
func TestMemoryFaultsAreServed(t *testing.T) {
	const (
		unaligned = lx106.CauseUnaligned
		bytewise  = lx106.CauseLoadStoreError
		noLoad    = lx106.CauseLoadProhibited
		noStore   = lx106.CauseStoreProhibited
		iram      = iramBase + 0x200
		dram      = dramBase + 0x10
	)
	for _, c := range []struct {
		text, hex string
		addr      uint32 // in a2
		cause     uint32
	}{
		{"l8ui a3, a2, 0", "000232", iram, bytewise},
		{"l8ui a3, a2, 0", "000232", iram + 3, bytewise},
		{"l16ui a3, a2, 0", "001232", iram + 2, bytewise},
		{"l16si a3, a2, 0", "009232", iram, bytewise},
		{"s8i a3, a2, 0", "004232", iram + 1, bytewise},
		{"s16i a3, a2, 0", "005232", iram + 2, bytewise},
		{"l16ui a3, a2, 0", "001232", iram + 1, unaligned},
		{"l16si a3, a2, 0", "009232", dram + 1, unaligned},
		{"l32i a3, a2, 0", "002232", iram + 1, unaligned},
		{"l32i a3, a2, 0", "002232", dram + 2, unaligned},
		{"l32i a3, a2, 0", "002232", dram + 3, unaligned},
		{"s16i a3, a2, 0", "005232", dram + 3, unaligned},
		{"s32i a3, a2, 0", "006232", dram + 1, unaligned},
		{"s32i a3, a2, 0", "006232", iram + 2, unaligned},
		{"l8ui a3, a2, 0", "000232", 0, noLoad},
		{"l16ui a3, a2, 0", "001232", 0, noLoad},
		{"l16si a3, a2, 0", "009232", 2, noLoad},
		{"l32i a3, a2, 0", "002232", 0, noLoad},
		{"l32i a3, a2, 0", "002232", 0x1ffffffc, noLoad},
		{"l32i a3, a2, 0", "002232", 2, unaligned}, // which comes first
		{"s8i a3, a2, 0", "004232", 0, noStore},
		{"s16i a3, a2, 0", "005232", 0, noStore},
		{"s32i a3, a2, 0", "006232", 0, noStore},
		{"s32i a3, a2, 0", "006232", 0x1ffffffc, noStore},
	} {
		s := newServed(t, c.hex)
		s.A[2], s.A[3], s.A[12] = c.addr, 0x12345678, 0
		s.mustRun(t, 1+handlerSteps, lx106.Budget)
		got := served{s.A[10], s.A[11], s.A[13] - 3}
		if want := (served{c.cause, c.addr, spot}); got != want || s.A[12] != 1 {
			t.Errorf("%s at 0x%08x: %+v, want %+v; %d times", c.text, c.addr, got, want, s.A[12])
		}
		if s.PC != spot+3 || s.PS != 0x20 || s.A[3] != 0x12345678 {
			t.Errorf("%s at 0x%08x: pc 0x%08x ps %x a3 %x", c.text, c.addr, s.PC, s.PS, s.A[3])
		}
		for _, v := range []byte{s.dram.Data[0x10], s.iram.Data[0x200] ^ 0x3d} {
			if v != 0 {
				t.Errorf("%s at 0x%08x: memory has changed", c.text, c.addr)
			}
		}
	}
}

// TestNullCall calls a null pointer: the exception is that of the target, and
// a0 says who called.
func TestNullCall(t *testing.T) {
	for _, c := range []struct {
		text, hex string
		a0        uint32
	}{
		{"callx0 a2", "0002c0", spot + 3},
		{"jx a2", "0002a0", 0},
		{"ret", "000080", 0},
	} {
		s := newServed(t, c.hex)
		s.A[0], s.A[2] = 0, 0
		s.mustRun(t, 2, lx106.Budget)
		if s.PC != user || s.EXCCAUSE != lx106.CauseFetchProhibited || s.EXCVADDR != 0 || s.EPC[1] != 0 || s.A[0] != c.a0 {
			t.Errorf("%s: pc 0x%08x cause %d excvaddr 0x%08x epc1 0x%08x a0 0x%08x",
				c.text, s.PC, s.EXCCAUSE, s.EXCVADDR, s.EPC[1], s.A[0])
		}
	}
}

// TestBytesFromCodeMemory has a handler that does what programs for the chip
// do to keep constants there: it loads the word, and takes the byte out of it.
func TestBytesFromCodeMemory(t *testing.T) {
	s := newInterruptible(t, "000232", "010232", "020232", "030232") // l8ui a3, a2, 0, and so on
	handler := []string{
		"03eea0", // rsr.excvaddr a10
		"402a00", // ssa8l a10
		"41b2a0", // srli a11, a10, 2
		"11bbe0", // slli a11, a11, 2
		"0bb8",   // l32i.n a11, a11, 0
		"91b0b0", // srl a11, a11
		"7430b0", // extui a3, a11, 0, 8
		"03b1d0", // rsr.epc1 a13
		"03cdd2", // addi a13, a13, 3
		"13b1d0", // wsr.epc1 a13
		"003000", // rfe
	}
	copy(s.iram.Data[0x50:], assembled(t, handler...))
	copy(s.iram.Data[0x300:], "wall")
	s.A[2] = iramBase + 0x300
	for i, want := range []byte("wall") {
		s.mustRun(t, 1+uint64(len(handler)), lx106.Budget)
		if s.A[3] != uint32(want) || s.PC != spot+3*uint32(i+1) || s.EXCCAUSE != lx106.CauseLoadStoreError {
			t.Errorf("byte %d: %c at 0x%08x", i, s.A[3], s.PC)
		}
	}
}
