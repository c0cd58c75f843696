package lx106_test

import (
	"encoding/binary"
	"math/bits"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// operands are the fields of an instruction.
type operands uint32

func (w operands) t() uint32    { return uint32(w) >> 4 & 15 }
func (w operands) s() uint32    { return uint32(w) >> 8 & 15 }
func (w operands) r() uint32    { return uint32(w) >> 12 & 15 }
func (w operands) imm8() uint32 { return uint32(w) >> 16 & 255 }

// shift returns the amount of slli, srai and extui by the bit above the field
// f that has the others.
func (w operands) shift(f uint32, above int) uint32 { return uint32(w)>>above&1<<4 | f }

// skip is where a branch of three bytes goes that is not taken.
func skip(b *lx106.State) uint32 { return b.PC + 3 }

// stored changes the word that a store of this core has written.
func (w operands) stored(s *sim, b *lx106.State, size int, change func(word []byte, at uint32)) {
	addr := b.A[w.s()] + w.imm8()*uint32(size)
	if at := addr - dramBase; at < dramSize && addr%uint32(size) == 0 {
		change(s.dram.Data[at&^3:][:4], at&3)
	}
}

// A fault is what a core can get wrong: spoil makes of what the instruction did
// what it does on such a core.
type fault struct {
	mnemonic, text string
	spoil          func(s *sim, b *lx106.State, w operands)
}

// wrongValues are faults of arithmetic and of memory.
var wrongValues = []fault{
	{"srai", "shifts zeros in", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.t()] >> w.shift(w.s(), 20) }},
	{"srai", "by one more", func(s *sim, b *lx106.State, w operands) {
		s.A[w.r()] = uint32(int32(b.A[w.t()]) >> (w.shift(w.s(), 20) + 1))
	}},
	{"slli", "by the number encoded", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.s()] << w.shift(w.t(), 20) }},
	{"extui", "one bit narrower", func(s *sim, b *lx106.State, w operands) {
		s.A[w.r()] = b.A[w.t()] >> w.shift(w.s(), 16) & (1<<(uint32(w)>>20) - 1)
	}},
	{"ssl", "of 0 clears SAR", func(s *sim, _ *lx106.State, _ operands) { s.SAR &= 31 }},
	{"ssa8b", "of 0 clears SAR", func(s *sim, _ *lx106.State, _ operands) { s.SAR &= 31 }},
	{"ssr", "keeps six bits", func(s *sim, b *lx106.State, w operands) { s.SAR = b.A[w.s()] & 63 }},
	{"ssa8l", "of more than 3", func(s *sim, b *lx106.State, w operands) { s.SAR = b.A[w.s()] << 3 & 63 }},
	{"ssai", "without bit 4", func(s *sim, _ *lx106.State, _ operands) { s.SAR &= 15 }},
	{"sll", "by 32 shifts nothing", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.s()] << ((32 - b.SAR) & 31) }},
	{"srl", "by 32 shifts nothing", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.t()] >> (b.SAR & 31) }},
	{"sra", "by 32 shifts nothing", func(s *sim, b *lx106.State, w operands) {
		s.A[w.r()] = uint32(int32(b.A[w.t()]) >> (b.SAR & 31))
	}},
	{"src", "by 32 takes the low word", func(s *sim, b *lx106.State, w operands) {
		if b.SAR == 32 {
			s.A[w.r()] = b.A[w.t()]
		}
	}},
	{"nsa", "of 0 and -1", func(s *sim, b *lx106.State, w operands) {
		if v := b.A[w.s()]; v == 0 || v == ^uint32(0) {
			s.A[w.t()] = 32
		}
	}},
	{"nsau", "of 0", func(s *sim, b *lx106.State, w operands) {
		s.A[w.t()] = uint32(bits.LeadingZeros32(b.A[w.s()] | 1))
	}},
	{"abs", "of a minus", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.t()] &^ (1 << 31) }},
	{"addi.n", "0 adds nothing", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.s()] + w.t() }},
	{"addmi", "without sign", func(s *sim, b *lx106.State, w operands) { s.A[w.t()] = b.A[w.s()] + w.imm8()<<8 }},
	{"movi.n", "of minus", func(s *sim, _ *lx106.State, w operands) { s.A[w.s()] &= 127 }},
	{"movltz", "of 0", func(s *sim, b *lx106.State, w operands) {
		if int32(b.A[w.t()]) <= 0 {
			s.A[w.r()] = b.A[w.s()]
		}
	}},
	{"movgez", "not of 0", func(s *sim, b *lx106.State, w operands) {
		if b.A[w.t()] == 0 {
			s.A[w.r()] = b.A[w.r()]
		}
	}},
	{"mul16s", "without sign", func(s *sim, b *lx106.State, w operands) {
		s.A[w.r()] = b.A[w.s()] & 0xffff * (b.A[w.t()] & 0xffff)
	}},
	{"mul16u", "of all bits", func(s *sim, b *lx106.State, w operands) { s.A[w.r()] = b.A[w.s()] * b.A[w.t()] }},
	{"mull", "of 16 bits", func(s *sim, b *lx106.State, w operands) {
		s.A[w.r()] = b.A[w.s()] & 0xffff * (b.A[w.t()] & 0xffff)
	}},

	{"l16si", "without sign", func(s *sim, _ *lx106.State, w operands) { s.A[w.t()] &= 0xffff }},
	{"l16ui", "with sign", func(s *sim, b *lx106.State, w operands) {
		if s.PC == skip(b) {
			s.A[w.t()] = uint32(int32(int16(s.A[w.t()])))
		}
	}},
	{"l8ui", "with sign", func(s *sim, b *lx106.State, w operands) {
		if s.PC == skip(b) {
			s.A[w.t()] = uint32(int32(int8(s.A[w.t()])))
		}
	}},
	{"l32r", "from PC rounded down", func(s *sim, b *lx106.State, w operands) {
		if s.PC == skip(b) && b.PC&3 != 0 && b.LITBASE&1 == 0 {
			at := b.PC&^3 + 0xfffc0000 + uint32(w)>>8<<2
			s.A[w.t()] = binary.LittleEndian.Uint32(s.iram.Data[at-iramBase:])
		}
	}},
	{"l32r", "without LITBASE", func(s *sim, b *lx106.State, w operands) {
		if at := (b.PC+3)&^3 + 0xfffc0000 + uint32(w)>>8<<2; b.LITBASE&1 != 0 && at-iramBase < iramSize {
			s.A[w.t()] = binary.LittleEndian.Uint32(s.iram.Data[at-iramBase:])
		}
	}},
	{"s8i", "the whole word", func(s *sim, b *lx106.State, w operands) {
		w.stored(s, b, 1, func(word []byte, _ uint32) { binary.LittleEndian.PutUint32(word, b.A[w.t()]) })
	}},
	{"s16i", "at the other half", func(s *sim, b *lx106.State, w operands) {
		w.stored(s, b, 2, func(word []byte, at uint32) { binary.LittleEndian.PutUint16(word[at^2:], uint16(b.A[w.t()])) })
	}},
	{"s32i", "backwards", func(s *sim, b *lx106.State, w operands) {
		w.stored(s, b, 4, func(word []byte, _ uint32) { binary.BigEndian.PutUint32(word, b.A[w.t()]) })
	}},
}
