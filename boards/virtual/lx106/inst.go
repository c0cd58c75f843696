package lx106

// inst is one decoded instruction.
type inst struct {
	op      op
	len     uint8 // bytes: 2 or 3
	r, s, t uint8 // register fields
	imm     int32 // immediate; for branches the distance from the instruction, for l32r the address
	k       uint32
	// k is the second immediate: the constant of a branch against one, the
	// mask of extui and of bbci and bbsi, the number of rsr, wsr and xsr.
}

// op names what an instruction does; the 16-bit forms share the op of their
// 24-bit equivalents.
type op uint8

const (
	opUndecoded op = iota // the zero inst: nothing known yet
	opIllegal

	// Core arithmetic and logic.
	opAdd
	opAddx2
	opAddx4
	opAddx8
	opSub
	opSubx2
	opSubx4
	opSubx8
	opAddi // addi, addmi, addi.n
	opNeg
	opAbs
	opAnd
	opOr // mov is or with itself
	opXor
	opMovi
	opMoveqz
	opMovnez
	opMovltz
	opMovgez

	// Shifts.
	opSlli
	opSrli
	opSrai
	opSll
	opSrl
	opSra
	opSrc
	opExtui
	opSsl
	opSsr
	opSsa8l
	opSsa8b
	opSsai
	opNsa
	opNsau

	// Multiplication.
	opMull
	opMul16u
	opMul16s

	// Memory.
	opL8ui
	opL16ui
	opL16si
	opL32i
	opL32r
	opS8i
	opS16i
	opS32i

	// Branches.
	opBeqz
	opBnez
	opBltz
	opBgez
	opBeqi
	opBnei
	opBlti
	opBgei
	opBltui
	opBgeui
	opBeq
	opBne
	opBlt
	opBge
	opBltu
	opBgeu
	opBany
	opBnone
	opBall
	opBnall
	opBbc
	opBbs
	opBbci
	opBbsi
	opJ
	opJx
	opCall0
	opCallx0
	opRet

	opNop // and all barriers: one core, no caches, in order

	// System instructions: everything below is rare, and lives in system.go.
	opRsr
	opWsr
	opXsr
	opRsil
	opWaiti
	opRfe
	opRfde
	opRfi
	opSyscall
	opBreak
	opSimcall
	opUnmodelled // the core has it, this project does not know what it does
)
