package lx106_test

import "encoding/binary"

// units are what takes more than one instruction, or one that needs care, and
// how many of a thousand are such. The others are forms. a12 is theirs.
var units = []struct {
	share int
	emit  func(*stream)
}{
	{110, (*stream).branch},
	{20, (*stream).detour},
	{15, (*stream).loop},
	{20, (*stream).call},
	{8, (*stream).indirect},
	{50, (*stream).constant},
	{8, (*stream).state},
	{10, (*stream).trap},
	{10, (*stream).null},
	{3, (*stream).nowhere},
	{10, (*stream).interrupt},
	{4, (*stream).wait},
	{4, (*stream).masked},
	{5, (*stream).set},
	{1, (*stream).region},
	{5, (*stream).literalBase},
}

// branch emits a branch to some way ahead.
func (s *stream) branch() {
	b := branchForms[s.IntN(len(branchForms))]
	s.jump(len(s.code), b.patch)
	s.emit(b.word|s.Uint32()&b.free, b.size)
}

// detour emits a branch backwards, to a jump to behind the branch.
func (s *stream) detour() {
	b := branchForms[s.IntN(len(branchForms))]
	for b.size == 2 { // forwards only
		b = branchForms[s.IntN(len(branchForms))]
	}
	s.emit(0x000086, 3) // j . + 6
	pad := len(s.code)
	s.emit(0x000086, 3) // j . + 6
	at := len(s.code)
	s.emit(b.word|s.Uint32()&b.free, b.size)
	b.patch(s.code[at:], at, pad)
}

// loop emits a short loop that counts a12 down.
func (s *stream) loop() {
	s.emit(0x00a0c2|(2+s.Uint32()%3)<<16, 3) // movi a12, …
	start := len(s.code)
	for range 1 + s.IntN(3) {
		s.form(12)
	}
	s.emit(0xcc0b, 2) // addi.n a12, a12, -1
	at := len(s.code)
	s.emit(0x000c56, 3) // bnez a12, …
	distance12(s.code[at:], at, start)
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

// target emits the load of an address yet to come into a0. There may be no
// room for one.
func (s *stream) target() (ok bool) {
	if s.pool >= 400 {
		return false
	}
	at := s.literal(0, 0)
	s.jump(at, func(word []byte, _, target int) {
		binary.LittleEndian.PutUint32(word, iramBase+uint32(target))
	})
	return true
}

// indirect emits a jump through a register.
func (s *stream) indirect() {
	if !s.target() {
		return
	}
	switch s.IntN(8) {
	case 0:
		s.emit(0x0000a0, 3) // jx a0
	case 1:
		s.emit(0x0000c0, 3) // callx0 a0
	case 2:
		s.emit(0x000080, 3) // ret
	case 3:
		s.emit(0xf00d, 2) // ret.n
	case 4:
		s.emit(0x13b100, 3) // wsr.epc1 a0
		s.emit(0x003000, 3) // rfe
	case 5:
		s.emit(0x13c000, 3) // wsr.depc a0
		s.emit(0x003200, 3) // rfde
	default:
		level := 2 + s.Uint32()&1
		s.emit(0x13b000|level<<8, 3)            // wsr.epc2 a0, wsr.epc3 a0
		s.emit(0x00a0c2|s.Uint32()&0x300000, 3) // movi a12, …
		s.emit(0x13c0c0|level<<8, 3)            // wsr.eps2 a12, wsr.eps3 a12
		s.emit(0x003010|level<<8, 3)            // rfi 2, rfi 3
	}
}

// constant emits an l32r of some word.
func (s *stream) constant() {
	at := poolAt + s.IntN(poolEnd-poolAt)&^3
	s.emit(0x000001|uint32(s.IntN(13))<<4|literalOffset(len(s.code), at), 3)
}

// state emits a change of PS: user mode or not, in an exception or not, and
// now and then with interrupts masked.
func (s *stream) state() {
	mask := uint32(0x300000)
	if s.IntN(4) == 0 {
		mask = 0x3f0000
	}
	s.emit(0x00a0c2|s.Uint32()&mask, 3)                          // movi a12, …
	s.emit([]uint32{0x13e6c0, 0x61e6c0}[s.IntN(2)], 3)           // wsr.ps a12, xsr.ps a12
	s.emit([]uint32{0x002010, 0x002020, 0x002000}[s.IntN(3)], 3) // rsync, esync, isync
}

// trap emits what always raises an exception: three bytes to step over.
func (s *stream) trap() {
	s.emit([]uint32{
		0x005000, // syscall
		0x000000, // ill
		0x00f06d, // ill.n, and a byte that is not executed
		0x000e08, // l32i.n from a14, which is unaligned, and such a byte
		0x000e09, // s32i.n there
		0x000036, // and what the core lacks: entry
		0x000090, // retw
		0x000025, // call8
		0xd20000, // quos
		0x430000, // min
	}[s.IntN(10)], 3)
}

// null emits an access to the region of null pointers.
func (s *stream) null() {
	s.pointer()
	s.emit([]uint32{
		0x000c02, // l8ui
		0x001c02, // l16ui
		0x009c02, // l16si
		0x002c02, // l32i
		0x004c02, // s8i
		0x005c02, // s16i
		0x006c02, // s32i
		0x000c08, // l32i.n, and a byte that is not executed
		0x000c09, // s32i.n, and such a byte
	}[s.IntN(9)]|s.Uint32()&0xfc0000, 3)
}

// pointer emits a load of a12 with less than 2048.
func (s *stream) pointer() {
	s.emit(0x00a0c2|s.Uint32()&0xff0700, 3) // movi a12, …
}

// nowhere emits a jump to that region, to come back from by EXCSAVE1.
func (s *stream) nowhere() {
	if !s.target() {
		return
	}
	s.emit(0x13d100, 3) // wsr.excsave1 a0
	s.pointer()
	s.emit([]uint32{0x000ca0, 0x000cc0}[s.IntN(2)], 3) // jx a12, callx0 a12
}

// interrupt emits something about the software interrupt.
func (s *stream) interrupt() {
	switch s.IntN(5) {
	case 0:
		s.emit(0x00a0c2|s.Uint32()&0xff0700, 3) // movi a12, …
		s.emit(0x13e4c0, 3)                     // wsr.intenable a12
	case 1:
		s.emit(0x00a0c2|s.Uint32()&0xff0700, 3) // movi a12, …
		s.emit(0x61e4c0, 3)                     // xsr.intenable a12
	case 2:
		s.emit(0x80a0c2, 3) // movi a12, 128
		s.emit(0x13e3c0, 3) // wsr.intclear a12
	default:
		s.emit(0x80a0c2, 3) // movi a12, 128
		s.emit(0x13e2c0, 3) // wsr.intset a12
	}
}

// wait emits a waiti that does not wait: the interrupt is pending.
func (s *stream) wait() {
	s.emit(0x2fa0c2, 3) // movi a12, 0x2f
	s.emit(0x13e6c0, 3) // wsr.ps a12
	s.emit(0x80a0c2, 3) // movi a12, 128
	s.emit(0x13e4c0, 3) // wsr.intenable a12
	s.emit(0x13e2c0, 3) // wsr.intset a12
	s.emit(0x002010, 3) // rsync
	s.emit(0x007000, 3) // waiti 0
}

// masked emits a section without interrupts, in which one comes.
func (s *stream) masked() {
	s.emit(0x0061b0, 3) // rsil a11, 1
	s.emit(0x80a0c2, 3) // movi a12, 128
	s.emit(0x13e4c0, 3) // wsr.intenable a12
	s.emit(0x13e2c0, 3) // wsr.intset a12
	s.form(11)
	s.emit(0x0060b0, 3) // rsil a11, 0
}

// set emits a write of SAR, EXCCAUSE, EPS2 or EPS3, within its bits.
func (s *stream) set() {
	s.emit(0x00a0c2|s.Uint32()%33<<16, 3) // movi a12, …
	s.emit([]uint32{
		0x1303c0, 0x6103c0, // wsr.sar a12, xsr.sar a12
		0x13c2c0, 0x61c3c0, // wsr.eps2 a12, xsr.eps3 a12
		0x13e8c0, 0x61e8c0, // wsr.exccause a12, xsr.exccause a12
	}[s.IntN(6)], 3)
}

// region emits what closes the region of null pointers.
func (s *stream) region() {
	s.emit(0x00a0b2, 3) // movi a11, 0
	s.emit(0x0fa0c2, 3) // movi a12, 15
	s.emit(0x506bc0, 3) // witlb a12, a11
	s.emit(0x50ebc0, 3) // wdtlb a12, a11
	s.emit(0x002000, 3) // isync
}

// literalBase emits an l32r from below LITBASE.
func (s *stream) literalBase() {
	if s.pool >= 400 {
		return
	}
	at := poolAt + s.IntN(poolEnd-poolAt)&^3
	s.literal(12, iramBase+streamAt|1)
	s.emit(0x1305c0, 3) // wsr.litbase a12
	s.emit(0x000001|uint32(s.IntN(12))<<4|uint32(at-streamAt)>>2&0xffff<<8, 3)
	s.emit(0x00a0c2, 3) // movi a12, 0
	s.emit(0x1305c0, 3) // wsr.litbase a12
}
