package lx106_test

import "testing"

// The vectors lie from VECBASE on: kernel at 30, user at 50, double at 70. PS
// has UM in bit 5, EXCM in bit 4.
var exceptions = []example{
	{"ill", "000000", "exccause=3f -> exccause=0 epc1=40100400 ps=30 pc=40000050; " +
		"exccause=3f ps=1 -> exccause=0 epc1=40100400 ps=11 pc=40000030; " +
		"exccause=3f ps=30 epc1=1 -> exccause=0 depc=40100400 pc=40000070; " +
		"exccause=3f vecbase=40100800 -> exccause=0 epc1=40100400 ps=30 pc=40100850"},
	{"ill.n", "f06d", "exccause=3f -> exccause=0 epc1=40100400 ps=30 pc=40000050"},
	{"syscall", "005000", "excvaddr=5 -> exccause=1 epc1=40100400 ps=30 pc=40000050"},

	{"l32i a1, a2, 0", "002212", "a2=3ffe8002 -> exccause=9 excvaddr=3ffe8002 epc1=40100400 ps=30 pc=40000050; " +
		"a2=40100202 -> exccause=9 excvaddr=40100202 epc1=40100400 ps=30 pc=40000050; " +
		"a2=0 -> exccause=1c excvaddr=0 epc1=40100400 ps=30 pc=40000050"},
	{"l16ui a1, a2, 0", "001212", "a2=3ffe8001 -> exccause=9 excvaddr=3ffe8001 epc1=40100400 ps=30 pc=40000050; " +
		"a2=40100200 -> exccause=3 excvaddr=40100200 epc1=40100400 ps=30 pc=40000050; " +
		"a2=40100201 -> exccause=9 excvaddr=40100201 epc1=40100400 ps=30 pc=40000050"},
	{"l16si a1, a2, 2", "019212", "a2=40100200 -> exccause=3 excvaddr=40100202 epc1=40100400 ps=30 pc=40000050"},
	{"l8ui a1, a2, 1", "010212", "a2=40100200 -> exccause=3 excvaddr=40100201 epc1=40100400 ps=30 pc=40000050; " +
		"a2=1fffffe0 -> exccause=1c excvaddr=1fffffe1 epc1=40100400 ps=30 pc=40000050"},
	{"s8i a1, a2, 1", "014212", "a2=40100200 -> exccause=3 excvaddr=40100201 epc1=40100400 ps=30 pc=40000050"},
	{"s16i a1, a2, 0", "005212", "a2=40100200 -> exccause=3 excvaddr=40100200 epc1=40100400 ps=30 pc=40000050; " +
		"a2=3ffe8001 -> exccause=9 excvaddr=3ffe8001 epc1=40100400 ps=30 pc=40000050"},
	{"s32i a1, a2, 0", "006212", "a2=3ffe8001 -> exccause=9 excvaddr=3ffe8001 epc1=40100400 ps=30 pc=40000050; " +
		"a2=40100202 -> exccause=9 excvaddr=40100202 epc1=40100400 ps=30 pc=40000050; " +
		"a2=100 -> exccause=1d excvaddr=100 epc1=40100400 ps=30 pc=40000050"},
	{"s32i.n a1, a2, 4", "1219", "a2=0 ps=30 -> exccause=1d excvaddr=4 depc=40100400 pc=40000070"},

	{"rfe", "003000", "epc1=40100123 ps=3f -> pc=40100123 ps=2f"},
	{"rfde", "003200", "depc=40100123 ps=3f -> pc=40100123"},
	{"rfi 2", "003210", "epc2=40100123 eps2=21 ps=3f -> pc=40100123 ps=21"},
	{"rfi 3", "003310", "epc3=40100123 eps3=20 ps=3f -> pc=40100123 ps=20"},
	{"rfi 1", "003110", "exccause=3f -> exccause=0 epc1=40100400 ps=30 pc=40000050"},
	{"break 1, 2", "004120", "-> debugcause=8 epc2=40100400 eps2=20 ps=32 pc=40000010; ps=2 ->"},
	{"break.n 1", "f12d", "-> debugcause=10 epc2=40100400 eps2=20 ps=32 pc=40000010; ps=2 ->"},
}

// What the core lacks is illegal, not unknown.
var absent = []example{
	{"entry a1, 16", "002136", illegal},
	{"retw", "000090", illegal},
	{"call8 . + 4", "000025", illegal},
	{"loop a2, . + 8", "048276", illegal},
	{"quos a1, a2, a3", "d21230", illegal},
	{"muluh a1, a2, a3", "a21230", illegal},
	{"min a1, a2, a3", "431230", illegal},
	{"sext a1, a2, 7", "231200", illegal},
	{"lsi f0, a2, 0", "000203", illegal},
	{"ldinc m0, a2", "900204", illegal},
	{"l32ai a1, a2, 0", "00b212", illegal},
	{"s32c1i a1, a2, 0", "00e212", illegal},
	{"rsr.lbeg a2", "030020", illegal},
	{"wsr.prid a2", "13eb20", illegal},
	{"xsr.interrupt a2", "61e220", illegal},
}

const illegal = "exccause=3f -> exccause=0 epc1=40100400 ps=30 pc=40000050"

func TestExceptions(t *testing.T) { check(t, exceptions) }

func TestAbsentInstructions(t *testing.T) { check(t, absent) }

// TestFetchFaults jumps to where no code is.
func TestFetchFaults(t *testing.T) {
	for _, c := range []struct {
		target, cause uint32
	}{
		{0, 20},
		{0x1ffffffc, 20},
		{dramBase, 2},
	} {
		s := newSim()
		s.VECBASE = iramBase
		s.PC = c.target
		if stop, err := s.Run(1); err != nil {
			t.Fatalf("0x%08x: %v %v", c.target, stop, err)
		}
		if s.EXCCAUSE != c.cause || s.EXCVADDR != c.target || s.EPC[1] != c.target || s.PC != iramBase+0x50 {
			t.Errorf("0x%08x: cause %d at 0x%08x, epc1 0x%08x, pc 0x%08x", c.target, s.EXCCAUSE, s.EXCVADDR, s.EPC[1], s.PC)
		}
	}
}

// TestHandlerReturns serves a system call: the handler steps over it.
func TestHandlerReturns(t *testing.T) {
	s := newSim()
	s.VECBASE = iramBase
	copy(s.iram.Data[0x50:], assembled(t,
		"03b120", // rsr.epc1 a2
		"223b",   // addi.n a2, a2, 3
		"13b120", // wsr.epc1 a2
		"003000", // rfe
	))
	copy(s.iram.Data[0x400:], assembled(t, "005000", "331b")) // syscall; addi.n a3, a3, 1
	s.PC, s.A[3] = spot, 41
	if stop, err := s.Run(6); err != nil {
		t.Fatal(stop, err)
	}
	if s.A[3] != 42 || s.PC != spot+5 || s.PS != 0x20 {
		t.Errorf("a3=%d pc=0x%08x ps=0x%x after the handler", s.A[3], s.PC, s.PS)
	}
}
