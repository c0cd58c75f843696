package lx106

// Field positions of a 24-bit instruction, least significant bit first
// (Xtensa ISA, chapter 7): op0 3:0, t 7:4, s 11:8, r 15:12, op1 19:16,
// op2 23:20; imm8 is 23:16, imm12 23:12, imm16 23:8, offset18 23:6.

// b4const and b4constu are the constants that the branches against an
// immediate encode in r (Xtensa ISA, tables 3-17 and 3-18).
var (
	b4const  = [16]uint32{0xffffffff, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256}
	b4constu = [16]uint32{32768, 65536, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256}
)

// decode decodes the instruction at pc whose first bytes are the low ones of
// w. Of a 16-bit instruction the third byte does not matter.
func decode(w, pc uint32) inst {
	in := inst{
		len: 3,
		t:   uint8(w >> 4 & 15),
		s:   uint8(w >> 8 & 15),
		r:   uint8(w >> 12 & 15),
	}
	imm8 := w >> 16 & 0xff
	switch w & 15 {
	case 0:
		decodeQRST(&in, w)
	case 1:
		in.op = opL32r
		in.imm = int32((pc+3)&^3 + 0xfffc0000 + w>>8&0xffff<<2)
	case 2:
		decodeLoadStore(&in, imm8)
	case 5:
		if in.t&3 == 0 { // the other three need register windows
			in.op = opCall0
			in.imm = int32(pc&^3+4+uint32(int32(w)<<8>>14)<<2) - int32(pc)
		} else {
			in.op = opIllegal
		}
	case 6:
		decodeImmediateBranch(&in, w)
	case 7:
		in.op = branches[in.r]
		in.imm = int32(int8(imm8)) + 4
		in.k = 1 << (uint32(in.r)&1<<4 | uint32(in.t))
	default:
		decodeNarrow(&in, w&15)
	}
	return in
}

// branches are the ops of two-register branches by r. Bit 4 of the bit number
// that bbci and bbsi test is bit 0 of r.
var branches = [16]op{
	opBnone, opBeq, opBlt, opBltu, opBall, opBbc, opBbci, opBbci,
	opBany, opBne, opBge, opBgeu, opBnall, opBbs, opBbsi, opBbsi,
}

func decodeLoadStore(in *inst, imm8 uint32) {
	switch in.r {
	case 0:
		in.op, in.imm = opL8ui, int32(imm8)
	case 1:
		in.op, in.imm = opL16ui, int32(imm8<<1)
	case 2:
		in.op, in.imm = opL32i, int32(imm8<<2)
	case 4:
		in.op, in.imm = opS8i, int32(imm8)
	case 5:
		in.op, in.imm = opS16i, int32(imm8<<1)
	case 6:
		in.op, in.imm = opS32i, int32(imm8<<2)
	case 9:
		in.op, in.imm = opL16si, int32(imm8<<1)
	case 10:
		in.op, in.imm = opMovi, int32(uint32(in.s)<<8|imm8)<<20>>20
	case 12:
		in.op, in.imm = opAddi, int32(int8(imm8))
	case 13:
		in.op, in.imm = opAddi, int32(int8(imm8))<<8
	default: // caches, l32ai, s32c1i, s32ri
		in.op = opIllegal
	}
}

func decodeImmediateBranch(in *inst, w uint32) {
	n, m := w>>4&3, w>>6&3
	in.imm = int32(int8(w>>16)) + 4
	switch n {
	case 0:
		in.op = opJ
		in.imm = int32(w)<<8>>14 + 4
	case 1:
		in.op = opBeqz + op(m)
		in.imm = int32(w)<<8>>20 + 4
	case 2:
		in.op = opBeqi + op(m)
		in.k = b4const[in.r]
	case 3:
		switch m {
		case 2, 3:
			in.op = opBltui + op(m-2)
			in.k = b4constu[in.r]
		default: // entry, booleans, loops
			in.op = opIllegal
		}
	}
}

// decodeNarrow decodes the 16-bit instructions, and refuses the formats that
// the core lacks.
func decodeNarrow(in *inst, op0 uint32) {
	in.len = 2
	switch op0 {
	case 8:
		in.op, in.imm = opL32i, int32(in.r)<<2
	case 9:
		in.op, in.imm = opS32i, int32(in.r)<<2
	case 10:
		in.op = opAdd
	case 11: // addi.n writes r; zero means -1
		in.op, in.imm = opAddi, int32(in.t)
		if in.t == 0 {
			in.imm = -1
		}
		in.t = in.r
	case 12:
		decodeNarrowImmediate(in)
	case 13:
		decodeNarrowMove(in)
	default: // 3 floating point, 4 mac16, 14 and 15 wide bundles
		in.op = opIllegal
		in.len = 3
	}
}

func decodeNarrowImmediate(in *inst) {
	imm := int32(in.t)<<4&0x70 | int32(in.r)
	if in.t < 8 {
		in.op, in.imm, in.t = opMovi, imm, in.s
		if imm >= 96 {
			in.imm -= 128
		}
		return
	}
	in.op, in.imm = opBeqz, imm&0x3f+4
	if in.t >= 12 {
		in.op = opBnez
	}
}

func decodeNarrowMove(in *inst) {
	in.op = opIllegal
	switch {
	case in.r == 0: // mov.n at, as
		in.op, in.r, in.t = opOr, in.t, in.s
	case in.r != 15:
	case in.t == 0 && in.s == 0:
		in.op = opRet
	case in.t == 2:
		in.op = opBreak
	case in.t == 3 && in.s == 0:
		in.op = opNop
	}
}
