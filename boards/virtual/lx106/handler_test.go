package lx106_test

// Where the handlers of a stream lie, from the start of the code on.
const (
	handlerAt = 0x100 // of exceptions and interrupts
	doubleAt  = 0x140 // of exceptions where one was being served
	debugAt   = 0x180 // of break
)

// nullEnd is the end of the region that takes no access once wdtlb and witlb
// say so, as the mask ROM does.
const nullEnd = 0x20000000

// handlers puts the vectors and what they lead to into the code. All of them
// keep a0 in EXCSAVE2, which the rest of a stream leaves alone.
func (s *stream) handlers() {
	for vector, to := range map[int]int{0x10: debugAt, 0x30: handlerAt, 0x50: handlerAt, 0x70: doubleAt} {
		put(s.code[vector:], uint32(to-vector-4)<<6|6, 3) // j
	}
	s.exception(handlerAt, 0x03b100, 0x13b100, 0x003000) // rsr.epc1 a0; wsr.epc1 a0; rfe
	s.exception(doubleAt, 0x03c000, 0x13c000, 0x003200)  // rsr.depc a0; wsr.depc a0; rfde
	s.words(debugAt,
		0x13d200, // wsr.excsave2 a0
		0x03e900, // rsr.debugcause a0
		0x086047, // bbci a0, 4, . + 12: it was break, not break.n
		0x03b200, // rsr.epc2 a0
		0x02c002, // addi a0, a0, 2
		0x000146, // j . + 9
		0x03b200, // rsr.epc2 a0
		0x03c002, // addi a0, a0, 3
		0x13b200, // wsr.epc2 a0
		0x03d200, // rsr.excsave2 a0
		0x003210, // rfi 2
	)
}

// exception puts at at what steps over an instruction of three bytes that
// raised an exception, clears the software interrupt, or goes to EXCSAVE1
// where there was no code.
func (s *stream) exception(at int, read, write, leave uint32) {
	s.words(at,
		0x13d200, // wsr.excsave2 a0
		0x03e800, // rsr.exccause a0
		0x144026, // beqi a0, 4, . + 24: an interrupt
		0xecc002, // addi a0, a0, -20
		0x01a016, // beqz a0, . + 30: no code
		read,
		0x03c002, // addi a0, a0, 3
		write,
		0x03d200, // rsr.excsave2 a0
		leave,
		0x80a002, // movi a0, 128
		0x13e300, // wsr.intclear a0
		0x03d200, // rsr.excsave2 a0
		leave,
		0x03d100, // rsr.excsave1 a0
		write,
		0x03d200, // rsr.excsave2 a0
		leave,
	)
}

// words puts instructions of three bytes at at.
func (s *stream) words(at int, words ...uint32) {
	for i, word := range words {
		put(s.code[at+3*i:], word, 3)
	}
}
