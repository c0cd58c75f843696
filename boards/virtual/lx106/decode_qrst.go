package lx106

// decodeQRST decodes the instructions of op0 = 0, named by op1 and op2.
func decodeQRST(in *inst, w uint32) {
	op1, op2 := w>>16&15, w>>20&15
	in.op = opIllegal
	switch op1 {
	case 0:
		decodeRST0(in, op2)
	case 1:
		decodeRST1(in, op2)
	case 2:
		if op2 == 8 {
			in.op = opMull
		}
	case 3:
		decodeRST3(in, op2)
	case 4, 5:
		in.op = opExtui
		in.imm = int32(op1&1<<4 | uint32(in.s))
		in.k = 1<<(op2+1) - 1
	}
}

func decodeRST0(in *inst, op2 uint32) {
	switch op2 {
	case 0:
		decodeST0(in)
	case 1:
		in.op = opAnd
	case 2:
		in.op = opOr
	case 3:
		in.op = opXor
	case 4:
		decodeST1(in)
	case 5:
		decodeTLB(in)
	case 6:
		switch in.s {
		case 0:
			in.op = opNeg
		case 1:
			in.op = opAbs
		}
	case 8, 9, 10, 11:
		in.op = opAdd + op(op2-8)
	case 12, 13, 14, 15:
		in.op = opSub + op(op2-12)
	}
}

// decodeST0 decodes jumps, barriers, and what changes the processor's state.
func decodeST0(in *inst) {
	switch in.r {
	case 0:
		switch {
		case in.t == 8 && in.s == 0:
			in.op = opRet
		case in.t == 10:
			in.op = opJx
		case in.t == 12:
			in.op = opCallx0
		}
	case 2:
		switch in.t {
		case 0, 1, 2, 3, 8, 12, 13, 15: // isync rsync esync dsync excw memw extw nop
			if in.s == 0 {
				in.op = opNop
			}
		}
	case 3:
		switch {
		case in.t == 0 && in.s == 0:
			in.op = opRfe
		case in.t == 0 && in.s == 2:
			in.op = opRfde
		case in.t == 1:
			in.op, in.imm = opRfi, int32(in.s)
		}
	case 4:
		in.op = opBreak
	case 5:
		switch {
		case in.t == 0 && in.s == 0:
			in.op = opSyscall
		case in.t == 0 && in.s == 1:
			in.op = opSimcall
		}
	case 6:
		in.op, in.imm = opRsil, int32(in.s)
	case 7:
		if in.t == 0 {
			in.op, in.imm = opWaiti, int32(in.s)
		}
	}
}

// decodeST1 decodes what sets the shift amount, and normalization.
func decodeST1(in *inst) {
	switch in.r {
	case 0, 1, 2, 3:
		if in.t == 0 {
			in.op = [...]op{opSsr, opSsl, opSsa8l, opSsa8b}[in.r]
		}
	case 4:
		if in.t < 2 {
			in.op, in.imm = opSsai, int32(in.t<<4|in.s)
		}
	case 6, 7: // rer, wer
		in.op = opUnmodelled
	case 14:
		in.op = opNsa
	case 15:
		in.op = opNsau
	}
}

// decodeTLB decodes the instructions of region protection. Writing a region's
// attribute does nothing here: the memory map is the one that the mask ROM
// sets up, from reset on.
func decodeTLB(in *inst) {
	switch in.r {
	case 6, 14: // witlb, wdtlb
		in.op = opNop
	case 4, 12: // iitlb, idtlb
		if in.t == 0 {
			in.op = opNop
		}
	case 3, 5, 7, 11, 13, 15: // ritlb0 pitlb ritlb1 rdtlb0 pdtlb rdtlb1
		in.op = opUnmodelled
	}
}

func decodeRST1(in *inst, op2 uint32) {
	switch op2 {
	case 0, 1: // encodes 32 less the amount
		in.op = opSlli
		in.imm = int32(32 - (op2<<4 | uint32(in.t)))
		if in.imm == 32 { // "undefined", says the ISA
			in.op = opUnmodelled
		}
	case 2, 3:
		in.op, in.imm = opSrai, int32(op2&1<<4|uint32(in.s))
	case 4:
		in.op, in.imm = opSrli, int32(in.s)
	case 6:
		in.op = special(in, opXsr)
	case 8:
		in.op = opSrc
	case 9:
		if in.s == 0 {
			in.op = opSrl
		}
	case 10:
		if in.t == 0 {
			in.op = opSll
		}
	case 11:
		if in.s == 0 {
			in.op = opSra
		}
	case 12:
		in.op = opMul16u
	case 13:
		in.op = opMul16s
	case 15: // rfdo, rfdd: return from the on-chip debugger
		if in.r == 14 && in.t < 2 {
			in.op = opUnmodelled
		}
	}
}

func decodeRST3(in *inst, op2 uint32) {
	switch op2 {
	case 0:
		in.op = special(in, opRsr)
	case 1:
		in.op = special(in, opWsr)
	case 8, 9, 10, 11:
		in.op = opMoveqz + op(op2-8)
	}
}

// special puts the number of the special register that in names into k, and
// returns o where the core allows that access, else opIllegal.
func special(in *inst, o op) op {
	in.k = uint32(in.r)<<4 | uint32(in.s)
	return allowed(in.k, o)
}
