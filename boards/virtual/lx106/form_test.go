package lx106_test

// A form is one way of an instruction, with the bits of it that may be
// anything. Bits at dest, if not zero, name the register that it changes.
type form struct {
	word, free uint32
	dest, size int
}

// forms are those of arithmetic and memory.
var forms = []form{
	{0x100000, 0x00fff0, 12, 3}, // and
	{0x200000, 0x00fff0, 12, 3}, // or
	{0x300000, 0x00fff0, 12, 3}, // xor
	{0x600000, 0x00f0f0, 12, 3}, // neg
	{0x600100, 0x00f0f0, 12, 3}, // abs
	{0x800000, 0x30fff0, 12, 3}, // add, addx2, addx4, addx8
	{0xc00000, 0x30fff0, 12, 3}, // sub, subx2, subx4, subx8
	{0x000a, 0xfff0, 12, 2},     // add.n
	{0x000b, 0xfff0, 12, 2},     // addi.n
	{0x00c002, 0xff0f00, 4, 3},  // addi
	{0x00d002, 0xff0f00, 4, 3},  // addmi
	{0x00a002, 0xff0f00, 4, 3},  // movi
	{0x000c, 0xf070, 8, 2},      // movi.n
	{0x000d, 0x0f00, 4, 2},      // mov.n
	{0x830000, 0x30fff0, 12, 3}, // moveqz, movnez, movltz, movgez
	{0x820000, 0x00fff0, 12, 3}, // mull
	{0xc10000, 0x10fff0, 12, 3}, // mul16u, mul16s

	{0x010010, 0x10ffe0, 12, 3}, // slli, but by 32, 30, …
	{0x110000, 0x00fff0, 12, 3}, // slli, but by more than 16
	{0x210000, 0x10fff0, 12, 3}, // srai
	{0x410000, 0x00fff0, 12, 3}, // srli
	{0x810000, 0x00fff0, 12, 3}, // src
	{0x910000, 0x00f0f0, 12, 3}, // srl
	{0xa10000, 0x00ff00, 12, 3}, // sll
	{0xb10000, 0x00f0f0, 12, 3}, // sra
	{0x040000, 0xf1fff0, 12, 3}, // extui
	{0x400000, 0x000f00, 0, 3},  // ssr
	{0x401000, 0x000f00, 0, 3},  // ssl
	{0x402000, 0x000f00, 0, 3},  // ssa8l
	{0x403000, 0x000f00, 0, 3},  // ssa8b
	{0x404000, 0x000f10, 0, 3},  // ssai
	{0x40e000, 0x001ff0, 4, 3},  // nsa, nsau

	{0x000f02, 0xff0000, 4, 3}, // l8ui
	{0x001f02, 0xff0000, 4, 3}, // l16ui
	{0x009f02, 0xff0000, 4, 3}, // l16si
	{0x002f02, 0xff0000, 4, 3}, // l32i
	{0x0f08, 0xf000, 4, 2},     // l32i.n
	{0x004f02, 0xff00f0, 0, 3}, // s8i
	{0x005f02, 0xff00f0, 0, 3}, // s16i
	{0x006f02, 0xff00f0, 0, 3}, // s32i
	{0x0f09, 0xf0f0, 0, 2},     // s32i.n
	{0x002d02, 0xff0000, 4, 3}, // l32i from among the code
	{0x006d02, 0xff00f0, 0, 3}, // s32i to there
	{0x000e02, 0xff0000, 4, 3}, // l8ui from an odd address
	{0x001e02, 0xff8000, 4, 3}, // l16ui, l16si: the exception
	{0x002e02, 0xff0000, 4, 3}, // l32i: the exception
	{0x005e02, 0xff00f0, 0, 3}, // s16i: the exception
	{0x006e02, 0xff00f0, 0, 3}, // s32i: the exception
}

// systemForms are those of special registers, interrupts and barriers.
var systemForms = []form{
	{0x030300, 0x000000, 4, 3}, // rsr.sar
	{0x030500, 0x000000, 4, 3}, // rsr.litbase
	{0x036000, 0x000000, 4, 3}, // rsr.ibreakenable
	{0x036800, 0x000000, 4, 3}, // rsr.ddr
	{0x136800, 0x0000f0, 0, 3}, // wsr.ddr
	{0x616800, 0x000000, 4, 3}, // xsr.ddr
	{0x038000, 0x001000, 4, 3}, // rsr.ibreaka0, rsr.dbreaka0
	{0x138000, 0x0010f0, 0, 3}, // wsr.ibreaka0, wsr.dbreaka0
	{0x618000, 0x001000, 4, 3}, // xsr.ibreaka0, xsr.dbreaka0
	{0x03a000, 0x000000, 4, 3}, // rsr.dbreakc0
	{0x03ec00, 0x000100, 4, 3}, // rsr.icount, rsr.icountlevel
	{0x13ec00, 0x0000f0, 0, 3}, // wsr.icount
	{0x61ec00, 0x000000, 4, 3}, // xsr.icount
	{0x03b000, 0x000000, 4, 3}, // rsr.configid0
	{0x03d000, 0x000000, 4, 3}, // rsr.configid1
	{0x03e200, 0x000000, 4, 3}, // rsr.interrupt
	{0x03e400, 0x000000, 4, 3}, // rsr.intenable
	{0x03e600, 0x000000, 4, 3}, // rsr.ps
	{0x03e700, 0x000000, 4, 3}, // rsr.vecbase
	{0x03e800, 0x000000, 4, 3}, // rsr.exccause
	{0x03e900, 0x000000, 4, 3}, // rsr.debugcause
	{0x03ee00, 0x000000, 4, 3}, // rsr.excvaddr
	{0x03b100, 0x000200, 4, 3}, // rsr.epc1, rsr.epc3
	{0x13b100, 0x0002f0, 0, 3}, // wsr.epc1, wsr.epc3
	{0x61b100, 0x000200, 4, 3}, // xsr.epc1, xsr.epc3
	{0x03b200, 0x000000, 4, 3}, // rsr.epc2
	{0x13b200, 0x0000f0, 0, 3}, // wsr.epc2
	{0x61b200, 0x000000, 4, 3}, // xsr.epc2
	{0x03c200, 0x000100, 4, 3}, // rsr.eps2, rsr.eps3
	{0x03d100, 0x000200, 4, 3}, // rsr.excsave1, rsr.excsave3
	{0x13d100, 0x0002f0, 0, 3}, // wsr.excsave1, wsr.excsave3
	{0x61d100, 0x000200, 4, 3}, // xsr.excsave1, xsr.excsave3
	{0x03c000, 0x000000, 4, 3}, // rsr.depc
	{0x13c000, 0x0000f0, 0, 3}, // wsr.depc
	{0x61c000, 0x000000, 4, 3}, // xsr.depc
	{0x13ee00, 0x0000f0, 0, 3}, // wsr.excvaddr
	{0x61ee00, 0x000000, 4, 3}, // xsr.excvaddr
	{0x006000, 0x000f00, 4, 3}, // rsil
	{0x006000, 0x000000, 4, 3}, // rsil to 0, or interrupts were rare
	{0x004000, 0x000ff0, 0, 3}, // break
	{0xf02d, 0x0f00, 0, 2},     // break.n
	{0x0020c0, 0x000010, 0, 3}, // memw, extw
	{0x002000, 0x000030, 0, 3}, // isync, rsync, esync, dsync
	{0x002080, 0x000000, 0, 3}, // excw
	{0x0020f0, 0x000000, 0, 3}, // nop
	{0xf03d, 0, 0, 2},          // nop.n
	{0x504000, 0x008f00, 0, 3}, // iitlb, idtlb
}

// branchForms are the jumps that hold their distance, with how.
var branchForms = []struct {
	word, free uint32
	size       int
	patch      func(word []byte, at, target int)
}{
	{0x000007, 0x00fff0, 3, distance8},  // two registers
	{0x000007, 0x00fff0, 3, distance8},  // sixteen of them
	{0x000026, 0x00ffc0, 3, distance8},  // beqi, bnei, blti, bgei
	{0x0000b6, 0x00ff40, 3, distance8},  // bltui, bgeui
	{0x000016, 0x000fc0, 3, distance12}, // beqz, bnez, bltz, bgez
	{0x008c, 0x0f40, 2, distanceNarrow}, // beqz.n, bnez.n
	{0x000006, 0, 3, distance18},        // j
}

func distance8(word []byte, at, target int) { word[2] = byte(target - at - 4) }

func distance12(word []byte, at, target int) {
	word[1] |= byte((target - at - 4) << 4)
	word[2] = byte((target - at - 4) >> 4)
}

func distance18(word []byte, at, target int) {
	put(word, uint32(target-at-4)<<6|6, 3)
}

func distanceNarrow(word []byte, at, target int) {
	word[0] |= byte(target-at-4) & 0x30
	word[1] |= byte(target-at-4) << 4
}
