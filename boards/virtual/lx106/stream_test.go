package lx106_test

import (
	"encoding/binary"
	"math/rand/v2"
)

// Where a stream has what, from the start of the code on.
const (
	handlerAt = 0x100  // of exceptions: steps over the instruction
	doubleAt  = 0x140  // of exceptions where one was being served: the same
	poolAt    = 0x200  // words for l32r
	scratchAt = 0xa00  // words that loads and stores reach
	streamAt  = 0x1000 // its first instruction
	streamEnd = 0xf000
)

// A stream is a random program that ends with simcall. It goes forward only,
// but for the handler of its exceptions, and keeps a13, a14 and a15 as
// pointers: to the scratch words, to data unaligned, and to data.
type stream struct {
	*rand.Rand
	code  []byte // as it lies from iramBase on
	pool  int    // literals in use
	jumps []jump
}

// A jump waits for its target, the start of a unit yet to come.
type jump struct {
	at    int // of its instruction, or of its literal
	units int // still to come before the target
	patch func(word []byte, at, target int)
}

func newStream(r *rand.Rand) *stream {
	s := &stream{Rand: r}
	s.code = make([]byte, streamAt, iramSize)
	for i := poolAt; i < streamAt; i += 4 {
		s.setWord(i, s.interesting())
	}
	for vector, to := range map[int]int{0x30: handlerAt, 0x50: handlerAt, 0x70: doubleAt} {
		put(s.code[vector:], uint32(to-vector-4)<<6|6, 3) // j
	}
	s.handler(handlerAt, 0x03b100, 0x13b100, 0x003000) // rsr.epc1 a0; wsr.epc1 a0; rfe
	s.handler(doubleAt, 0x03c000, 0x13c000, 0x003200)  // rsr.depc a0; wsr.depc a0; rfde
	s.begin()
	for len(s.code) < streamEnd {
		s.unit()
	}
	for len(s.jumps) > 0 {
		s.emit(0xf03d, 2) // nop.n
		s.land()
	}
	for i := range uint32(256) { // what was stored
		s.emit(0x002f02|i<<16, 3) // l32i a0, a15, …
		s.emit(0x002d12|i<<16, 3) // l32i a1, a13, …
	}
	s.emit(0x00a032, 3) // movi a3, 0
	s.emit(0x01a022, 3) // movi a2, 1
	s.emit(0x005100, 3) // simcall: exit
	return s
}

// handler puts at at what steps over the instruction of an exception.
func (s *stream) handler(at int, read, write, leave uint32) {
	for i, word := range []uint32{
		0x13d200, // wsr.excsave2 a0
		read,
		0x03c002, // addi a0, a0, 3
		write,
		0x03d200, // rsr.excsave2 a0
		leave,
	} {
		put(s.code[at+3*i:], word, 3)
	}
}

// begin opens user mode with the vectors of the stream, and fills the registers.
func (s *stream) begin() {
	s.literal(2, iramBase)
	s.emit(0x13e720, 3) // wsr.vecbase a2
	s.literal(2, 0x20)
	s.emit(0x13e620, 3) // wsr.ps a2
	s.emit(0x002010, 3) // rsync
	for i := range uint32(13) {
		s.literal(i, s.interesting())
	}
	s.literal(13, iramBase+scratchAt)
	s.literal(14, dramBase+0x1001)
	s.literal(15, dramBase+0x1000)
}

// interesting returns a word that is more often near an end of a range than
// chance would have it.
func (s *stream) interesting() uint32 {
	w := s.Uint32()
	switch s.IntN(5) {
	case 0:
		return w & 0x3f
	case 1:
		return -(w & 0x3f)
	case 2:
		return 1<<(w&31) - w>>5&1
	case 3:
		return w & s.Uint32() & s.Uint32()
	}
	return w
}

// unit emits what runs as a whole: jumps lead to its start only.
func (s *stream) unit() {
	s.land()
	switch n := s.IntN(100); {
	case n < 12:
		b := branchForms[s.IntN(len(branchForms))]
		s.jump(len(s.code), b.patch)
		s.emit(b.word|s.Uint32()&b.free, b.size)
	case n < 14:
		s.call()
	case n < 15 && s.pool < 400:
		s.indirect()
	case n < 20:
		s.emit(0x000001|uint32(s.IntN(13))<<4|literalOffset(len(s.code), poolAt+4*s.IntN(512)), 3)
	case n < 21: // PS: user mode or not, in an exception or not
		s.emit(0x00a0c2|s.Uint32()&0x300000, 3) // movi a12, …
		s.emit(0x13e6c0, 3)                     // wsr.ps a12
	case n < 22:
		s.emit([]uint32{0x005000, 0x000000}[s.IntN(2)], 3) // syscall, ill
	default:
		f := forms[s.IntN(len(forms))]
		word := f.word | s.Uint32()&f.free
		if f.dest != 0 {
			word = word&^(15<<f.dest) | uint32(s.IntN(13))<<f.dest
		}
		s.emit(word, f.size)
	}
}

func (s *stream) emit(word uint32, size int) {
	s.code = append(s.code, 0, 0, 0)[:len(s.code)+size]
	put(s.code[len(s.code)-size:], word, size)
}

// land lets the jumps that end here do so.
func (s *stream) land() {
	kept := s.jumps[:0]
	for _, j := range s.jumps {
		if j.units--; j.units > 0 {
			kept = append(kept, j)
		} else {
			j.patch(s.code[j.at:], j.at, len(s.code))
		}
	}
	s.jumps = kept
}

func (s *stream) jump(at int, patch func([]byte, int, int)) {
	s.jumps = append(s.jumps, jump{at, 2 + s.IntN(4), patch})
}

// call emits a call0 to one of the next words, and nops up to there.
func (s *stream) call() {
	at := len(s.code)
	target := (at+3+3)&^3 + 4*s.IntN(3)
	if target-(at+3) == 1 { // there is no nop that short
		target += 4
	}
	s.emit(uint32(target-at&^3-4)>>2<<6|5, 3)
	for len(s.code) < target {
		if gap := target - len(s.code); gap == 3 || gap > 4 {
			s.emit(0x0020f0, 3) // nop
		} else {
			s.emit(0xf03d, 2) // nop.n
		}
	}
}

// indirect emits a jump through a0, whose literal is yet to come.
func (s *stream) indirect() {
	at := s.literal(0, 0)
	s.jump(at, func(word []byte, _, target int) {
		binary.LittleEndian.PutUint32(word, iramBase+uint32(target))
	})
	switch s.IntN(4) {
	case 0:
		s.emit(0x0000a0, 3) // jx a0
	case 1:
		s.emit(0x0000c0, 3) // callx0 a0
	case 2:
		s.emit(0x000080, 3) // ret
	case 3:
		s.emit(0xf00d, 2) // ret.n
	}
}

// literal emits the load of v into register reg, and returns where v lies.
func (s *stream) literal(reg, v uint32) int {
	at := poolAt + 4*s.pool
	s.pool++
	s.setWord(at, v)
	s.emit(0x000001|reg<<4|literalOffset(len(s.code), at), 3)
	return at
}

func (s *stream) setWord(at int, v uint32) {
	binary.LittleEndian.PutUint32(s.code[at:], v)
}

// literalOffset returns the field of an l32r at at that loads from literal.
func literalOffset(at, literal int) uint32 {
	return uint32(literal-(at+3)&^3) >> 2 & 0xffff << 8
}

// put writes an instruction, without its bits above size bytes.
func put(p []byte, word uint32, size int) {
	for i := range size {
		p[i] = byte(word >> (8 * i))
	}
}
