package lx106

import (
	"encoding/binary"
	"math/bits"
)

// execute runs from PC until the cycle c.until, which any instruction may
// lower, or until PC leaves the memory it runs from. It executes at least one
// instruction if PC is in that memory and c.until in the future.
//
// PC lives in a local, and is in c.PC wherever someone else might look. An
// instruction ends in one of three ways: break goes on with the next one,
// continue with the one at pc, and return means that c.PC says where, because
// an exception was entered or a rare instruction executed.
func (c *CPU) execute() {
	var (
		a     = &c.A
		ram   = c.ram.Data
		low   = c.ram.Base
		code  = c.code.code
		words = c.code.Data
		base  = c.code.Base
		pc    = c.PC
	)
	for c.Cycles < c.until {
		off := pc - base
		if off >= uint32(len(code)) {
			break
		}
		in := &code[off]
		c.Cycles++
		switch in.op {
		case opUndecoded:
			c.PC = pc
			if !c.decodeAt(off) {
				return
			}
			c.Cycles--
			continue

		case opAdd:
			a[in.r&15] = a[in.s&15] + a[in.t&15]
		case opAddx2:
			a[in.r&15] = a[in.s&15]<<1 + a[in.t&15]
		case opAddx4:
			a[in.r&15] = a[in.s&15]<<2 + a[in.t&15]
		case opAddx8:
			a[in.r&15] = a[in.s&15]<<3 + a[in.t&15]
		case opSub:
			a[in.r&15] = a[in.s&15] - a[in.t&15]
		case opSubx2:
			a[in.r&15] = a[in.s&15]<<1 - a[in.t&15]
		case opSubx4:
			a[in.r&15] = a[in.s&15]<<2 - a[in.t&15]
		case opSubx8:
			a[in.r&15] = a[in.s&15]<<3 - a[in.t&15]
		case opAddi:
			a[in.t&15] = a[in.s&15] + uint32(in.imm)
		case opNeg:
			a[in.r&15] = -a[in.t&15]
		case opAbs:
			v := a[in.t&15]
			if int32(v) < 0 {
				v = -v
			}
			a[in.r&15] = v
		case opAnd:
			a[in.r&15] = a[in.s&15] & a[in.t&15]
		case opOr:
			a[in.r&15] = a[in.s&15] | a[in.t&15]
		case opXor:
			a[in.r&15] = a[in.s&15] ^ a[in.t&15]
		case opMovi:
			a[in.t&15] = uint32(in.imm)
		case opMoveqz:
			if a[in.t&15] == 0 {
				a[in.r&15] = a[in.s&15]
			}
		case opMovnez:
			if a[in.t&15] != 0 {
				a[in.r&15] = a[in.s&15]
			}
		case opMovltz:
			if int32(a[in.t&15]) < 0 {
				a[in.r&15] = a[in.s&15]
			}
		case opMovgez:
			if int32(a[in.t&15]) >= 0 {
				a[in.r&15] = a[in.s&15]
			}

		case opSlli:
			a[in.r&15] = a[in.s&15] << (in.imm & 31)
		case opSrli:
			a[in.r&15] = a[in.t&15] >> (in.imm & 31)
		case opSrai:
			a[in.r&15] = uint32(int32(a[in.t&15]) >> (in.imm & 31))
		case opSll: // SAR holds 32 less the amount
			a[in.r&15] = uint32(uint64(a[in.s&15]) << 32 >> (c.SAR & 63))
		case opSrl:
			a[in.r&15] = uint32(uint64(a[in.t&15]) >> (c.SAR & 63))
		case opSra:
			a[in.r&15] = uint32(int64(int32(a[in.t&15])) >> (c.SAR & 63))
		case opSrc:
			a[in.r&15] = uint32((uint64(a[in.s&15])<<32 | uint64(a[in.t&15])) >> (c.SAR & 63))
		case opExtui:
			a[in.r&15] = a[in.t&15] >> (in.imm & 31) & in.k
		case opSsl:
			c.SAR = 32 - a[in.s&15]&31
		case opSsr:
			c.SAR = a[in.s&15] & 31
		case opSsa8l:
			c.SAR = a[in.s&15] & 3 << 3
		case opSsa8b:
			c.SAR = 32 - a[in.s&15]&3<<3
		case opSsai:
			c.SAR = uint32(in.imm)
		case opNsa:
			v := a[in.s&15]
			a[in.t&15] = uint32(bits.LeadingZeros32(v^uint32(int32(v)>>31))) - 1
		case opNsau:
			a[in.t&15] = uint32(bits.LeadingZeros32(a[in.s&15]))

		case opMull:
			a[in.r&15] = a[in.s&15] * a[in.t&15]
		case opMul16u:
			a[in.r&15] = uint32(uint16(a[in.s&15])) * uint32(uint16(a[in.t&15]))
		case opMul16s:
			a[in.r&15] = uint32(int32(int16(a[in.s&15])) * int32(int16(a[in.t&15])))

		case opL8ui:
			addr := a[in.s&15] + uint32(in.imm)
			if o := addr - low; o < uint32(len(ram)) {
				a[in.t&15] = uint32(ram[o])
				break
			}
			c.PC = pc
			v, ok := c.load(addr, 1)
			if !ok {
				return
			}
			a[in.t&15] = v
		case opL16ui, opL16si:
			addr := a[in.s&15] + uint32(in.imm)
			var v uint32
			if o := addr - low; o < uint32(len(ram)) && addr&1 == 0 {
				v = uint32(binary.LittleEndian.Uint16(ram[o:]))
			} else {
				c.PC = pc
				var ok bool
				if v, ok = c.load(addr, 2); !ok {
					return
				}
			}
			if in.op == opL16si {
				v = uint32(int32(int16(v)))
			}
			a[in.t&15] = v
		case opL32i:
			addr := a[in.s&15] + uint32(in.imm)
			if o := addr - low; o < uint32(len(ram)) && addr&3 == 0 {
				a[in.t&15] = binary.LittleEndian.Uint32(ram[o:])
				break
			}
			c.PC = pc
			v, ok := c.load(addr, 4)
			if !ok {
				return
			}
			a[in.t&15] = v
		case opL32r:
			if o := uint32(in.imm) - base; o < uint32(len(words)) && c.LITBASE&1 == 0 {
				a[in.t&15] = binary.LittleEndian.Uint32(words[o:])
				break
			}
			c.PC = pc
			v, ok := c.literal(in)
			if !ok {
				return
			}
			a[in.t&15] = v
		case opS8i:
			addr := a[in.s&15] + uint32(in.imm)
			if o := addr - low; o < uint32(len(ram)) {
				ram[o] = byte(a[in.t&15])
				break
			}
			c.PC = pc
			if !c.store(addr, 1, a[in.t&15]&0xff) {
				return
			}
		case opS16i:
			addr := a[in.s&15] + uint32(in.imm)
			if o := addr - low; o < uint32(len(ram)) && addr&1 == 0 {
				binary.LittleEndian.PutUint16(ram[o:], uint16(a[in.t&15]))
				break
			}
			c.PC = pc
			if !c.store(addr, 2, a[in.t&15]&0xffff) {
				return
			}
		case opS32i:
			addr := a[in.s&15] + uint32(in.imm)
			if o := addr - low; o < uint32(len(ram)) && addr&3 == 0 {
				binary.LittleEndian.PutUint32(ram[o:], a[in.t&15])
				break
			}
			c.PC = pc
			if !c.store(addr, 4, a[in.t&15]) {
				return
			}

		case opBeqz:
			if a[in.s&15] == 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBnez:
			if a[in.s&15] != 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBltz:
			if int32(a[in.s&15]) < 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBgez:
			if int32(a[in.s&15]) >= 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBeqi:
			if a[in.s&15] == in.k {
				pc += uint32(in.imm)
				continue
			}
		case opBnei:
			if a[in.s&15] != in.k {
				pc += uint32(in.imm)
				continue
			}
		case opBlti:
			if int32(a[in.s&15]) < int32(in.k) {
				pc += uint32(in.imm)
				continue
			}
		case opBgei:
			if int32(a[in.s&15]) >= int32(in.k) {
				pc += uint32(in.imm)
				continue
			}
		case opBltui:
			if a[in.s&15] < in.k {
				pc += uint32(in.imm)
				continue
			}
		case opBgeui:
			if a[in.s&15] >= in.k {
				pc += uint32(in.imm)
				continue
			}
		case opBeq:
			if a[in.s&15] == a[in.t&15] {
				pc += uint32(in.imm)
				continue
			}
		case opBne:
			if a[in.s&15] != a[in.t&15] {
				pc += uint32(in.imm)
				continue
			}
		case opBlt:
			if int32(a[in.s&15]) < int32(a[in.t&15]) {
				pc += uint32(in.imm)
				continue
			}
		case opBge:
			if int32(a[in.s&15]) >= int32(a[in.t&15]) {
				pc += uint32(in.imm)
				continue
			}
		case opBltu:
			if a[in.s&15] < a[in.t&15] {
				pc += uint32(in.imm)
				continue
			}
		case opBgeu:
			if a[in.s&15] >= a[in.t&15] {
				pc += uint32(in.imm)
				continue
			}
		case opBany:
			if a[in.s&15]&a[in.t&15] != 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBnone:
			if a[in.s&15]&a[in.t&15] == 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBall:
			if a[in.t&15]&^a[in.s&15] == 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBnall:
			if a[in.t&15]&^a[in.s&15] != 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBbc:
			if a[in.s&15]>>(a[in.t&15]&31)&1 == 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBbs:
			if a[in.s&15]>>(a[in.t&15]&31)&1 != 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBbci:
			if a[in.s&15]&in.k == 0 {
				pc += uint32(in.imm)
				continue
			}
		case opBbsi:
			if a[in.s&15]&in.k != 0 {
				pc += uint32(in.imm)
				continue
			}
		case opJ:
			pc += uint32(in.imm)
			continue
		case opJx:
			pc = a[in.s&15]
			continue
		case opCall0:
			a[0] = pc + 3
			pc += uint32(in.imm)
			continue
		case opCallx0:
			target := a[in.s&15]
			a[0] = pc + 3
			pc = target
			continue
		case opRet:
			pc = a[0]
			continue
		case opNop:

		default:
			c.PC = pc
			c.system(in)
			return
		}
		pc += uint32(in.len)
	}
	c.PC = pc
}
