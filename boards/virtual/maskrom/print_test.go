package maskrom_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

const (
	vprintf        = 0x40001f00
	installPutc1   = 0x4000242c
	installUART    = 0x40002438
	installPutc2   = 0x4000248c
	uartPrintf     = 0x40002544
	etsPutc        = 0x40002be8
	etsUARTPutc1   = 0x40001dcc
	collectorsText = dram + 0x400

	// A function that takes a character: to where a13's first word points.
	collector = "422d00 224400 42c401 426d00 32a04d 800000" // l32i a4,a13,0; s8i a2,a4,0; addi a4,a4,1; s32i a4,a13,0; movi a3,77; ret
	// One that prints by calling a14 with a15 for a format, and 5.
	printer = "12c1f0 026100 f02f20 32a005 c00e00 022100 12c110 800000"
)

// collecting is a program with a function that collects characters, and its
// text so far.
func collecting(t *testing.T) (b *bench, text func() string) {
	b = app(t, loop)
	b.code(prog+0x40, collector)
	b.code(prog+0x80, printer)
	b.write(record, words(collectorsText))
	b.m.CPU.A[13] = record
	return b, func() string { return string(b.read(collectorsText, int(b.word(record)-collectorsText))) }
}

// run calls addr as call does, and lets the program's code run meanwhile.
func (b *bench) run(addr uint32, args ...uint32) uint32 {
	b.t.Helper()
	c := b.m.CPU
	c.PC, c.A[0], c.A[1] = addr, back, stack
	copy(c.A[2:8], args)
	b.until(func() bool { return c.PC == back })
	return c.A[2]
}

func TestVprintf(t *testing.T) {
	b, text := collecting(t)
	b.write(dram, []byte("%d-%s-%lld %x\n\x00"))
	b.write(dram+0x40, []byte("text\x00"))
	// Six registers as the caller keeps them, of which the first was the
	// format's; then what was on its stack.
	b.write(dram+0x80, words(0, 12, dram+0x40, 0xdead, 0, 1, 0xbeef))
	c := b.m.CPU
	c.A[12], c.A[14], c.A[15] = 12, 14, 15
	if got := b.run(vprintf, prog+0x40, dram, dram+0x80+24-32, dram+0x80, 4); got != 24 {
		t.Errorf("%d characters", got)
	}
	if got, want := text(), "12-text-4294967296 beef\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if c.A[1] != stack || c.A[12] != 12 || c.A[13] != record || c.A[14] != 14 || c.A[15] != 15 {
		t.Errorf("kept registers: %x", c.A)
	}
	b.write(record, words(collectorsText))
	b.write(dram, []byte("%d-%d\x00"))
	b.write(dram+0x80, words(7, 8))
	if b.run(vprintf, prog+0x40, dram, dram+0x80-32, 0, 32); text() != "7-8" {
		t.Errorf("arguments on the stack alone: %q", text())
	}
	b.run(vprintf, etsPutc, dram+0x40, 0, 0, 0)
	b.run(vprintf, etsUARTPutc1, dram+0x40, 0, 0, 0)
	if got := b.out(); got != "texttext" {
		t.Errorf("to the UART: %q", got)
	}
}

func TestPrintfToThePrograms(t *testing.T) {
	b, text := collecting(t)
	b.write(dram, []byte("a%c\n\x00"))
	b.call(installPutc2, prog+0x40)
	if got := b.run(printf, dram, 'b'); got != 3 || text() != "ab\n" || b.out() != "ab\r\n" {
		t.Errorf("to both: %d, %q", got, text())
	}
	b.call(installPutc1, 0)
	if b.run(printf, dram, 'c'); text() != "ab\nac\n" || b.out() != "" {
		t.Errorf("to the second: %q", text())
	}
	if b.run(uartPrintf, dram, 'd'); b.out() != "ad\r\n" {
		t.Error("ets_uart_printf does not print to the UART")
	}
	b.call(installPutc2, 0)
	if got := b.run(printf, dram, 'e'); got != 0 || b.out() != "" {
		t.Errorf("to nobody: %d", got)
	}
	if b.call(installUART); b.run(printf, dram, 'f') != 3 || b.out() != "af\r\n" {
		t.Error("ets_install_uart_printf does not")
	}
}

// The program's function may print by itself.
func TestPrintfInACallback(t *testing.T) {
	b, _ := collecting(t)
	b.write(dram, []byte("ab\x00"))
	b.write(dram+0x40, []byte("<%d>\x00"))
	c := b.m.CPU
	c.A[14], c.A[15] = uartPrintf, dram+0x40
	if got := b.run(vprintf, prog+0x80, dram, 0, 0, 0); got != 2 || b.out() != "<5><5>" {
		t.Errorf("%d, %q", got, b.out())
	}
}

// A callback that the program leaves for good is forgotten; a return to the
// ROM that nobody waits for halts.
func TestCallbackLeft(t *testing.T) {
	b, text := collecting(t)
	b.write(dram, []byte("ab\x00"))
	c := b.m.CPU
	for range 1000 {
		c.PC, c.A[0], c.A[1], c.A[2], c.A[3] = vprintf, back, stack-0x100, prog+0x40, dram
		b.until(func() bool { return c.PC == prog+0x40 })
	}
	inside := c.A[0]
	if b.run(vprintf, prog+0x40, dram, 0, 0, 0); text() != "ab" {
		t.Errorf("%q", text())
	}
	c.PC, c.A[1] = inside, stack+0x100
	b.halted()
}

// What cannot be read comes to light after the characters before it.
func TestPrintfFaultsInACallback(t *testing.T) {
	b, text := collecting(t)
	b.write(dram, []byte("so far %s\x00"))
	c := b.m.CPU
	c.PC, c.A[0], c.A[1], c.PS = vprintf, back, stack, 0x20
	copy(c.A[2:], []uint32{prog + 0x40, dram, dram - 32, dram + 0x80, 4})
	b.write(dram+0x80, words(0, 4))
	b.until(func() bool { return c.PC == lx106.ResetPC-0x30 })
	if text() != "so far " || c.EXCCAUSE != lx106.CauseLoadProhibited || c.EPC[1] != vprintf || c.A[3] != dram || c.A[0] != back {
		t.Errorf("%q, cause %d, epc1 0x%08x, a %x", text(), c.EXCCAUSE, c.EPC[1], c.A)
	}
}
