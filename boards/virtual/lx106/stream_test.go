package lx106_test

import (
	"encoding/binary"
	"math/rand/v2"
)

// Where a stream has what, from the start of the code on; see also handlers.
const (
	poolAt    = 0x200  // words for l32r
	poolEnd   = 0xa00  //
	scratchAt = 0xa00  // words that loads and stores reach
	streamAt  = 0x1000 // its first instruction
	streamEnd = 0xf000
)

// A stream is a random program that ends with simcall. It goes forward, but for
// short loops, detours and the handlers of its exceptions, and keeps a13, a14
// and a15 as pointers: to the scratch words, to data unaligned, and to data.
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
	s.handlers()
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

// begin opens user mode with the vectors of the stream, closes the region of
// null pointers, and fills the registers.
func (s *stream) begin() {
	s.literal(2, iramBase)
	s.emit(0x13e720, 3) // wsr.vecbase a2
	s.region()
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
	n := s.IntN(1000)
	for _, u := range units {
		if n -= u.share; n < 0 {
			u.emit(s)
			return
		}
	}
	s.form(13)
}

// form emits some form, of which only registers below limit are changed.
func (s *stream) form(limit int) {
	kind := forms
	if s.IntN(5) == 0 {
		kind = systemForms
	}
	f := kind[s.IntN(len(kind))]
	word := f.word | s.Uint32()&f.free
	if f.dest != 0 {
		word = word&^(15<<f.dest) | uint32(s.IntN(limit))<<f.dest
	}
	s.emit(word, f.size)
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
