package virtual_test

import (
	"bytes"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
)

// stimuli are what both kinds of ROM are told.
var stimuli = []struct {
	name  string
	flash func(testing.TB) []byte
	talk  func(d *dialogue) []string
}{
	{"the firmware boots", reference, func(d *dialogue) []string {
		return []string{until(d.t, d.p, "\x1e[^\n]*\n")}
	}},
	{"a blank flash", blank, silence},
	{"a flipped byte", flipped, silence},
	{"a program returns", program(returns), silence},
	{"an illegal instruction", program(illegal), beginning},
	{"a null pointer", program(`0c02 3802`), beginning}, // movi a2, 0; l32i a3, a2, 0
	{"a byte of the ROM", program(`320000`), beginning}, // l8ui a3, a0, 0
	{"a software reset", program(restarts), beginning},
	{"the watchdog", program(starves), beginning},
	{"a deep sleep", program(sleeps), func(d *dialogue) []string { return []string{until(d.t, d.p, "Wk")} }},
	{"chip and speed", blank, identify},
	{"another speed", blank, func(d *dialogue) []string {
		return append(d.loader(460800), d.ask(0x0a, 0, words(0x60000014)))
	}},
	{"transfers", blank, transfers},
	{"frames", blank, frames},
	{"requests", blank, requests},
	{"erased areas", full, erasures},
	{"write protection", blank, protection},
	{"a program in RAM", blank, run},
	{"dead after a bad address", blank, func(d *dialogue) []string {
		return append(d.loader(115200), d.ask(0x0a, 0, words(0x3ffe8001)), d.raw(sync))
	}},
	{"dead after a null pointer", blank, func(d *dialogue) []string {
		return append(d.loader(115200), d.ask(0x0a, 0, words(0x100)), d.raw(sync))
	}},
}

// movi a2, 3; slli a2, a2, 29; addmi a2, a2, 0x700; movi a3, 1;
// slli a3, a3, 31; s32i a3, a2, 0; 1: j 1b
const restarts = `0c32 302201 22d207 0c13 103301 3902 06ffff`

// movi a2, 3; slli a2, a2, 29; addmi a2, a2, 0x900; movi a3, 1;
// s32i a3, a2, 4; s32i a3, a2, 8; s32i a3, a2, 0; 1: j 1b
const starves = `0c32 302201 22d209 0c13 3912 3922 3902 06ffff`

// beginning is enough of what is said again and again.
func beginning(d *dialogue) []string { return []string{drainSome(d.t, d.p, 600)} }

func reference(testing.TB) []byte { return firmware.Image }
func blank(testing.TB) []byte     { return nil }
func full(testing.TB) []byte      { return bytes.Repeat([]byte{0}, 1<<20) }

func flipped(testing.TB) []byte {
	p := bytes.Clone(firmware.Image)
	p[1000] ^= 1
	return p
}

func program(text string) func(testing.TB) []byte {
	return func(t testing.TB) []byte { return code(t, text) }
}

func silence(d *dialogue) []string { return []string{drain(d.t, d.p)} }

func identify(d *dialogue) []string {
	said := d.loader(115200)
	for _, addr := range []uint32{0x40001000, 0x60000014, 0x3ff00050, 0x3ff00054, 0x3ff00058, 0x3ff0005c} {
		said = append(said, d.ask(0x0a, 0, words(addr)))
	}
	return said
}

// filling needs both escapes.
var filling = bytes.Repeat([]byte{0xc0, 0xdb, 1, 2}, 256)

func transfers(d *dialogue) []string {
	said := d.loader(115200)
	p := filling
	return append(said,
		d.ask(2, 0, words(0x1000, 1, 0x400, 0)),
		d.ask(3, checksum(p)^1, block(0, p)),
		d.ask(3, checksum(p), block(0, p)), // counted already
		d.ask(2, 0, words(0x1000, 1, 0x400, 0)),
		d.ask(3, checksum(p)|0xffffff00, block(0, p)), // the low byte alone counts
		d.ask(3, checksum(p), block(2, p)),
		d.ask(3, checksum(p[:3]), block(1, p[:3])),
		d.ask(3, checksum(p), block(1, p)),
		d.ask(3, checksum(p), block(2, p)),                       // more than was announced
		d.ask(2, 0, words(0, 0, 0x400, 0)),                       // erases nothing
		d.ask(3, checksum(filling[4:8]), block(0, filling[4:8])), // over what is there: not what was sent
		d.ask(5, 0, words(0x10, 1, 0x400, 0x3ffe8000)),
		d.ask(7, checksum(p[:15]), block(0, p[:15])),
		d.ask(9, 0, words(0x3ffe8010, 0x11223344, 0xffff, 0)),
		d.ask(9, 0, append(words(0x3ffe8014, 1, 0xff, 10), words(0x3ffe8014, 0x700, 0xff00, 20)...)),
		d.ask(10, 0, words(0x3ffe8000)),
		d.ask(10, 0, words(0x3ffe8010)),
		d.ask(10, 0, words(0x3ffe8014)),
		d.ask(5, 0, words(0x10, 1, 0x400, 0x40100000)),
		d.ask(7, checksum(p[:16]), block(0, p[:16])),
		d.ask(10, 0, words(0x4010000c)),
		d.ask(3, checksum(p[:16]), block(1, p[:16])), // one state for both
	)
}

func frames(d *dialogue) []string {
	said := d.loader(115200)
	magic := slip(append([]byte{0, 0x0a, 4, 0, 0, 0, 0, 0}, words(0x40001000)...))
	long := slip(append([]byte{0, 0x0a, 4, 0, 0, 0, 0, 0}, append(words(0x40001000), make([]byte, 9000)...)...))
	return append(said,
		d.raw(append([]byte("noise"), magic...)),
		d.raw(append([]byte{0xc0, 0xc0, 0xc0}, magic[1:]...)),
		d.raw(append(bytes.Clone(magic), magic...)),
		d.raw([]byte{0xc0, 0, 0xdb, 0x0a, 4, 0, 0, 0, 0, 0, 0, 0x10, 0, 0x40, 0xc0}), // DB and what it does not escape
		d.raw([]byte{0xc0, 0, 0x0a, 4, 0, 0xc0}),                                     // the rest is as it was
		d.raw([]byte{0xc0, 1, 0x0a, 4, 0, 0, 0, 0, 0, 0, 0x10, 0, 0x40, 0xc0}),
		d.raw(long),
		d.raw(magic),
	)
}

// requests have sizes and ops that they should not have.
func requests(d *dialogue) []string {
	said := d.loader(115200)
	d.ask(0x0a, 0, words(0x40001000))
	for _, op := range []byte{0, 1, 12, 13, 0x14, 0xd0, 0xff} {
		said = append(said, d.ask(op, 0, nil))
	}
	said = append(said, d.ask(8, 0, words(0x11223344)), d.ask(0x14, 0, nil), d.ask(8, 0, nil))
	for _, op := range []byte{2, 5, 6, 0x0b} {
		for _, n := range []int{0, 4, 12, 20, 32} {
			said = append(said, d.ask(op, 0, bytes.Repeat([]byte{1}, n)))
		}
	}
	return append(said,
		d.ask(2, 0, words(0x1000, 1, 0x1800, 0)),
		d.ask(2, 0, words(0x1000, 1, 0x1801, 0)),
		d.ask(2, 0, words(0x1000, 1, 0x400, 0x801)),
		d.ask(2, 0, words(0x1000, 1, 0x400, 4<<20)),
		d.ask(2, 0, words(0x1000, 1, 0x400, 4<<20-0x1000)),
		d.ask(2, 0, words(0x2000, 1, 0x400, 4<<20-0x1000)),
		d.ask(0x0b, 0, words(0x1640ef, 0x100000, 0x10000, 0x1000, 0x100, 0xffff)),
		d.ask(2, 0, words(0x1000, 1, 0x400, 0x100000)),
		d.ask(2, 0, words(0x1000, 1, 0x400, 0xff000)),
		d.ask(10, 0, words(0x40001000, 0, 0)),
		d.ask(10, 0, nil),
		d.ask(9, 0, nil),
	)
}

// erasures are areas at, around and across the ends of blocks.
func erasures(d *dialogue) []string {
	said := d.loader(115200)
	for _, area := range [][2]uint32{{0, 0x1000}, {0x5e000, 0x1000}, {0x8c000, 0x20000}, {0xc0000, 1}, {0xde000, 0x3000}} {
		said = append(said, d.ask(2, 0, words(area[1], 1, 0x400, area[0])))
	}
	return said
}

// protection comes with the end of a transfer, and goes with the next.
func protection(d *dialogue) []string {
	said := d.loader(115200)
	p := filling
	said = append(said,
		d.ask(2, 0, words(0x400, 1, 0x400, 0x8000)),
		d.ask(3, checksum(p), block(0, p)),
		d.ask(4, 0, words(1)),
	)
	said = append(said, d.loader(115200)...)
	said = append(said,
		d.ask(4, 0, words(0)), // nothing was begun: nothing is missing
	)
	said = append(said, d.loader(115200)...)
	said = append(said,
		d.ask(5, 0, words(0, 0, 0x400, 0)),
		d.ask(3, checksum(p), block(0, p)), // protected
		d.ask(2, 0, words(0, 0, 0x400, 0x9000)),
		d.ask(3, checksum(p), block(0, p)),
		d.ask(4, 0, words(0)), // more than was announced
	)
	return said
}

// run starts a program by the loader, which returns.
func run(d *dialogue) []string {
	said := d.loader(115200)
	back := []byte{0x0d, 0xf0, 0, 0} // ret.n
	return append(said,
		d.ask(5, 0, words(4, 1, 0x400, 0x40100000)),
		d.ask(7, checksum(back), block(0, back)),
		d.ask(6, 0, words(1, 0x40100000)),
		d.ask(6, 0, words(0, 0x40100000)),
	)
}
