package lx106_test

import "github.com/espalier-hil/espalier/boards/virtual/lx106"

// take is where one goes that is taken.
func (w operands) take(b *lx106.State) uint32 { return b.PC + 4 + uint32(int32(int8(w.imm8()))) }

// branch goes where the condition says.
func (w operands) branch(s *sim, b *lx106.State, taken bool) {
	if s.PC = skip(b); taken {
		s.PC = w.take(b)
	}
}

// serving reports whether the instruction entered the handler for cause.
func serving(s *sim, cause uint32) bool {
	return s.EXCCAUSE == cause && (s.PC == s.VECBASE+0x30 || s.PC == s.VECBASE+0x50)
}

// wrongWays are faults of jumps, special registers, exceptions and interrupts.
var wrongWays = []fault{
	{"beqi", "0 for -1", func(s *sim, b *lx106.State, w operands) {
		if w.r() == 0 {
			w.branch(s, b, b.A[w.s()] == 0)
		}
	}},
	{"bltui", "with sign", func(s *sim, b *lx106.State, w operands) {
		if int32(b.A[w.s()]) < 0 {
			s.PC = w.take(b)
		}
	}},
	{"bgeui", "0 for 32768", func(s *sim, b *lx106.State, w operands) {
		if w.r() == 0 {
			s.PC = w.take(b)
		}
	}},
	{"blt", "without sign", func(s *sim, b *lx106.State, w operands) { w.branch(s, b, b.A[w.s()] < b.A[w.t()]) }},
	{"bge", "not where equal", func(s *sim, b *lx106.State, w operands) {
		w.branch(s, b, int32(b.A[w.s()]) > int32(b.A[w.t()]))
	}},
	{"bltu", "with sign", func(s *sim, b *lx106.State, w operands) {
		w.branch(s, b, int32(b.A[w.s()]) < int32(b.A[w.t()]))
	}},
	{"ball", "as bany", func(s *sim, b *lx106.State, w operands) { w.branch(s, b, b.A[w.s()]&b.A[w.t()] != 0) }},
	{"bbc", "not of bits above 31", func(s *sim, b *lx106.State, w operands) {
		w.branch(s, b, b.A[w.s()]>>(b.A[w.t()]&63)&1 == 0)
	}},
	{"bbsi", "without bit 4", func(s *sim, b *lx106.State, w operands) { w.branch(s, b, b.A[w.s()]>>w.t()&1 != 0) }},
	{"beqz", "offset one off", func(s *sim, b *lx106.State, _ operands) {
		if s.PC != skip(b) {
			s.PC++
		}
	}},
	{"call0", "returns to a whole word", func(s *sim, b *lx106.State, _ operands) { s.A[0] = (b.PC + 6) &^ 3 }},
	{"call0", "from PC itself", func(s *sim, b *lx106.State, _ operands) { s.PC += b.PC & 3 }},

	{"rsil", "returns the new PS", func(s *sim, _ *lx106.State, w operands) { s.A[w.t()] = s.PS }},
	{"xsr", "does not write SAR", func(s *sim, b *lx106.State, _ operands) { s.SAR = b.SAR }},
	{"xsr", "does not write DEPC", func(s *sim, b *lx106.State, _ operands) { s.DEPC = b.DEPC }},
	{"rsr", "loses EXCVADDR", func(s *sim, _ *lx106.State, w operands) {
		if w>>8&255 == 238 {
			s.A[w.t()] = 0
		}
	}},
	{"wsr", "to INTCLEAR clears nothing", func(s *sim, b *lx106.State, w operands) {
		if w>>8&255 == 227 {
			s.INTERRUPT = b.INTERRUPT
		}
	}},
	{"wsr", "to INTSET sets all", func(s *sim, b *lx106.State, w operands) {
		if w>>8&255 == 226 {
			s.INTERRUPT |= b.A[w.t()] | 1
		}
	}},
	{"rfe", "leaves EXCM", func(s *sim, _ *lx106.State, _ operands) { s.PS |= 0x10 }},
	{"rfde", "clears EXCM", func(s *sim, _ *lx106.State, _ operands) { s.PS &^= 0x10 }},
	{"rfi", "leaves PS", func(s *sim, b *lx106.State, _ operands) { s.PS = b.PS }},
	{"syscall", "points behind itself", func(s *sim, b *lx106.State, _ operands) {
		if b.PS&0x10 == 0 {
			s.EPC[1] += 3
		}
	}},
	{"syscall", "knows no second exception", func(s *sim, b *lx106.State, _ operands) {
		if b.PS&0x10 != 0 {
			s.EPC[1], s.DEPC, s.PC = b.PC, b.DEPC, s.VECBASE+0x50
		}
	}},
	{"ill", "knows no kernel", func(s *sim, b *lx106.State, _ operands) {
		if b.PS&0x30 == 0 {
			s.PC = s.VECBASE + 0x50
		}
	}},
	{"ill", "writes EXCVADDR", func(s *sim, b *lx106.State, _ operands) { s.EXCVADDR = b.PC }},
	{"l32i", "unaligned is not told", func(s *sim, b *lx106.State, w operands) {
		if serving(s, 9) {
			s.State, s.PC = *b, skip(b)
		}
	}},
	{"s32i", "unaligned has a round address", func(s *sim, _ *lx106.State, _ operands) {
		if serving(s, 9) {
			s.EXCVADDR &^= 3
		}
	}},
	{"s16i", "of a null pointer is a load", func(s *sim, _ *lx106.State, _ operands) {
		if serving(s, 29) {
			s.EXCCAUSE = 28
		}
	}},
	{"callx0", "of a null pointer comes from there", func(s *sim, b *lx106.State, _ operands) {
		if serving(s, 20) {
			s.EPC[1] = b.PC
		}
	}},
	{"break", "enters in a debug exception", func(s *sim, b *lx106.State, _ operands) {
		if b.PS&15 >= 2 {
			s.EPC[2], s.PC = b.PC, s.VECBASE+0x10
		}
	}},
	{"break.n", "as break", func(s *sim, b *lx106.State, _ operands) {
		if b.PS&15 < 2 {
			s.DEBUGCAUSE = 8
		}
	}},
	{"waiti", "wakes at itself", func(s *sim, b *lx106.State, _ operands) { s.EPC[1] = b.PC }},
	{"rsil", "opens interrupts too late", func(s *sim, b *lx106.State, _ operands) {
		if serving(s, 4) {
			s.State = *b
			s.PS, s.PC = s.PS&^15, skip(b)
		}
	}},
}
