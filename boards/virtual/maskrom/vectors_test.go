package maskrom_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Code for the chip, as the GNU assembler makes it.
const (
	// A handler of an interrupt: counts, and keeps PS, its frame and INTENABLE
	// beside the count that its argument points to. Spoils SAR.
	intHandler = "422200 42c401 426200" + // l32i a4,a2,0; addi a4,a4,1; s32i a4,a2,0
		"50e603 526201 326202" + // rsr a5,ps; s32i a5,a2,4; s32i a3,a2,8
		"50e403 526203" + // rsr a5,intenable; s32i a5,a2,12
		"c2a007 001c40 800000" // movi a12,7; ssl a12; ret
	// A handler of an exception: goes on behind an instruction of three bytes,
	// with the cause in a7.
	excHandler = "422200 42c403 426200 32620a 800000" // l32i a4,a2,0; addi a4,a4,3; s32i a4,a2,0; s32i a3,a2,40; ret
	loop       = "82c801 46feff"                      // 1: addi a8,a8,1; j 1b
	syscall    = "005000"
	loadA6A5   = "622500" // l32i a6,a5,0
	breakpoint = "f04100" // break 1,15
)

const (
	attach       = 0x40000f88
	isrMask      = 0x40000f98
	isrUnmask    = 0x40000fa8
	intrLock     = 0x40000f74
	intrUnlock   = 0x40000f80
	setException = 0x40000454
	setInterrupt = 0x4000bd70

	prog    = iram + 0x200
	handler = iram + 0x300
	record  = dram + 0x100 // of intHandler
)

// app is a bench on which a program has been started. It has a handler for
// interrupts, one for exceptions 0x80 behind it, and code at prog.
func app(t testing.TB, code string) *bench {
	t.Helper()
	b := newBench(t)
	b.flash(0, flashable(t, segment(iram, 16, 0)))
	b.reset(soc.Ext, soc.StrapFlash)
	b.out()
	b.code(handler, intHandler)
	b.code(handler+0x80, excHandler)
	b.code(prog, code)
	b.write(record, make([]byte, 32))
	return b
}

// code writes machine code, filled up to whole words.
func (b *bench) code(addr uint32, s string) {
	p := unhex(b.t, s)
	b.write(addr, append(p, make([]byte, (4-len(p)%4)%4)...))
}

// start sets the program's registers to values that can be told apart.
func (b *bench) start() {
	c := b.m.CPU
	for i := range c.A {
		c.A[i] = 0x1000 + uint32(i)
	}
	c.A[1], c.SAR = stack, 21
	c.PC, c.PS = prog, 0x20
}

// until runs chip and ROM until done says so.
func (b *bench) until(done func() bool) {
	b.t.Helper()
	for range 10_000 {
		if done() {
			return
		}
		stop, err := b.m.Run(1)
		if err != nil {
			b.t.Fatal(err)
		}
		if stop == lx106.Trapped && b.step() == maskrom.Waits {
			return
		}
	}
	b.t.Fatalf("still at 0x%08x", b.m.CPU.PC)
}

func (b *bench) word(addr uint32) uint32 { return binary.LittleEndian.Uint32(b.read(addr, 4)) }

func TestInterruptThroughTheVectors(t *testing.T) {
	b := app(t, loop)
	if old := b.call(attach, 9, handler, record); old != 0 {
		t.Errorf("ets_isr_attach found 0x%08x", old)
	}
	if old := b.call(isrUnmask, 1<<9|1<<10|1<<4); old != 0 {
		t.Errorf("ets_isr_unmask: 0x%x was enabled", old)
	}
	b.start()
	c := b.m.CPU
	b.until(func() bool { return c.A[8] == 0x1010 })
	c.Raise(9)
	pc, before := c.PC, c.A
	b.until(func() bool { return b.word(record) == 1 && c.PC == pc })
	before[8] = c.A[8]
	if c.A != before || c.PS != 0x20 || c.SAR != 21 || c.INTENABLE != 1<<9|1<<10|1<<4 {
		t.Errorf("after the handler: a %x (want %x), PS 0x%x, SAR %d, INTENABLE 0x%x", c.A, before, c.PS, c.SAR, c.INTENABLE)
	}
	for i, want := range []uint32{1, 0x20, stack - 256, 1 << 10} {
		if got := b.word(record + 4*uint32(i)); got != want {
			t.Errorf("in the handler, word %d: 0x%x, want 0x%x", i, got, want)
		}
	}
	if c.INTERRUPT != 0 {
		t.Errorf("still pending: 0x%x", c.INTERRUPT)
	}
}

// The highest comes first, whatever order they came in; one frame serves all.
func TestInterruptsOneAfterTheOther(t *testing.T) {
	b := app(t, loop)
	for _, irq := range []uint32{8, 9, 10} {
		b.call(attach, irq, handler, record+16*(irq-8))
	}
	b.call(isrUnmask, 7<<8)
	b.start()
	c := b.m.CPU
	for _, irq := range []int{9, 8, 10} {
		c.Raise(irq)
	}
	var order []uint32
	b.until(func() bool {
		if c.PC == handler {
			order = append(order, (c.A[2]-record)/16+8)
		}
		return len(order) == 3 && c.PC == prog
	})
	if order[0] != 10 || order[1] != 9 || order[2] != 8 {
		t.Errorf("served in the order %d", order)
	}
	if c.A[1] != stack || c.INTENABLE != 7<<8 {
		t.Errorf("a1 0x%08x, INTENABLE 0x%x", c.A[1], c.INTENABLE)
	}
}

// A higher one interrupts the handler of a lower one, and not the other way.
func TestInterruptInAHandler(t *testing.T) {
	for _, tt := range []struct{ first, second, frame uint32 }{
		{9, 10, stack - 512}, {10, 9, stack - 256},
	} {
		b := app(t, loop)
		b.call(attach, tt.first, handler, record)
		b.call(attach, tt.second, handler, record+16)
		b.call(isrUnmask, 1<<9|1<<10)
		b.start()
		c := b.m.CPU
		c.Raise(int(tt.first))
		b.until(func() bool { return c.PC == handler })
		c.Raise(int(tt.second))
		b.until(func() bool { return c.PC == prog })
		if b.word(record) != 1 || b.word(record+16) != 1 {
			t.Fatalf("%d then %d: served %d and %d times", tt.first, tt.second, b.word(record), b.word(record+16))
		}
		if got := b.word(record + 16 + 8); got != tt.frame {
			t.Errorf("%d then %d: frame of the second 0x%08x, want 0x%08x", tt.first, tt.second, got, tt.frame)
		}
		if c.A[1] != stack || c.INTENABLE != 1<<9|1<<10 {
			t.Errorf("a1 0x%08x, INTENABLE 0x%x", c.A[1], c.INTENABLE)
		}
	}
}

func TestHandlerTables(t *testing.T) {
	b := app(t, loop)
	steps := []struct {
		name string
		addr uint32
		args []uint32
		want uint32
	}{
		{"attach", attach, []uint32{9, handler, 1}, 0},
		{"attach another", attach, []uint32{9, handler + 4, 1}, handler},
		{"take it off", attach, []uint32{9, 0, 1}, handler + 4},
		{"nothing there", attach, []uint32{9, handler, 1}, 0},
		{"no argument", setInterrupt, []uint32{9, handler}, handler},
		{"the NMI", attach, []uint32{14, handler, 1}, 0},
		{"no interrupt", attach, []uint32{1 << 31, handler, 1}, 0},
		{"unmask", isrUnmask, []uint32{6}, 0},
		{"unmask more", isrUnmask, []uint32{8}, 6},
		{"mask", isrMask, []uint32{2}, 14},
		{"mask nothing", isrMask, []uint32{0}, 12},
		{"lock", intrLock, nil, 0x20},
		{"exception", setException, []uint32{10, handler}, 0},
		{"exception again", setException, []uint32{10, 0}, handler},
		{"no exception", setException, []uint32{64, handler}, 0},
		{"the ROM's own", setException, []uint32{28, handler}, 0x40001878},
	}
	c := b.m.CPU
	c.PS = 0x20
	for _, s := range steps {
		if got := b.call(s.addr, s.args...); got != s.want {
			t.Errorf("%s: 0x%x, want 0x%x", s.name, got, s.want)
		}
	}
	if c.INTENABLE != 12 || c.PS != 0x23 {
		t.Errorf("INTENABLE 0x%x, PS 0x%x", c.INTENABLE, c.PS)
	}
	if b.call(intrUnlock); c.PS != 0x20 {
		t.Errorf("PS 0x%x after ets_intr_unlock", c.PS)
	}
}

func TestExceptionHandler(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		a5, cause  uint32
	}{
		{"null pointer", loadA6A5, 4, 28},
		{"unaligned", loadA6A5, dram + 2, 9},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := app(t, tt.code+loop)
			b.call(setException, tt.cause, handler+0x80)
			b.start()
			c := b.m.CPU
			c.A[5] = tt.a5
			before := c.A
			before[7] = tt.cause
			b.until(func() bool { return c.PC == prog+3 })
			if c.A != before || c.PS != 0x20 || c.SAR != 21 {
				t.Errorf("a %x (want %x), PS 0x%x, SAR %d", c.A, before, c.PS, c.SAR)
			}
		})
	}
}

func TestSyscallIsRefused(t *testing.T) {
	b := app(t, syscall+loop)
	b.start()
	c := b.m.CPU
	before := c.A
	before[2] = 1<<32 - 1
	b.until(func() bool { return c.PC == prog+3 })
	if c.A != before || c.PS != 0x20 {
		t.Errorf("a %x (want %x), PS 0x%x", c.A, before, c.PS)
	}
}

// What the ROM has no handler for ends in a break, which without a debugger
// is the end.
func TestNoHandlerHangs(t *testing.T) {
	nothing := func(*bench) {}
	for _, tt := range []struct {
		name, code, dead string
		before, after    func(b *bench) // the program starts
	}{
		{"exception", loadA6A5, "exception without a handler: cause 28", func(b *bench) { b.call(setException, 28, 0) }, nothing},
		{"kernel mode", loadA6A5, "exception of the ROM itself", nothing, func(b *bench) { b.m.CPU.PS = 0 }},
		{"no stack", loadA6A5, "exception in an exception", nothing, func(b *bench) { b.m.CPU.A[1] = 0x100 }},
		{"interrupt", loop, "interrupt without a handler", func(b *bench) { b.call(isrUnmask, 1<<9) }, func(b *bench) { b.m.CPU.Raise(9) }},
		{"break", breakpoint, "break without a debugger", nothing, nothing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := app(t, tt.code)
			tt.before(b)
			b.start()
			b.m.CPU.A[5] = 4
			tt.after(b)
			b.until(func() bool { return b.rom.Dead != "" })
			if !strings.HasPrefix(b.rom.Dead, tt.dead) {
				t.Errorf("dead: %q, want %q", b.rom.Dead, tt.dead)
			}
			if out, err := b.rom.Step(); out != maskrom.Waits || err != nil {
				t.Errorf("goes on: %d, %v", out, err)
			}
		})
	}
}

func TestFatalException(t *testing.T) {
	b := app(t, loadA6A5)
	b.start()
	c := b.m.CPU
	c.A[5] = 4
	want := crlf("Fatal exception (28): \nepc1=0x40100200, epc2=0x00000000, epc3=0x00000000, excvaddr=0x00000004, depc=0x00000000\n")
	before := b.m.Now()
	var text string
	for _, what := range []string{"first", "again"} {
		b.until(func() bool { text += b.out(); return text != "" })
		if text != want {
			t.Errorf("%s: %q, want %q", what, text, want)
		}
		text = ""
	}
	if took, wire := b.m.Now()-before, 2*time.Duration(len(want))*133*time.Microsecond; took < wire || took > wire*11/10 {
		t.Errorf("took %v, on the wire it is %v", took, wire)
	}
	b.until(func() bool { return c.PC == prog })
	if c.PS != 0x20 || c.A[1] != stack {
		t.Errorf("back with PS 0x%x, a1 0x%08x", c.PS, c.A[1])
	}
}

// For an unaligned access the ROM does not name the exception: it looks for
// the callers as a core with register windows would have them on its stack.
func TestUnalignedPrintsTheStack(t *testing.T) {
	b := app(t, loadA6A5)
	const sp = stack - 256 - 16
	b.write(sp-16, words(0x11, stack-0x800, 0x33, 0x44))
	b.write(stack-0x800-16, words(0))
	b.start()
	b.m.CPU.A[5] = dram + 1
	var text string
	b.until(func() bool { text += b.out(); return text != "" })
	want := "sp 0x3fff7800 \nsf_dump[0] a0: 0x00000011  a1: 0x3fff7800  a2: 0x00000033  a3: 0x00000044 \n" +
		"epc1=0x40100200, epc2=0x00000000, epc3=0x00000000, excvaddr=0x3ffe8001, depc=0x00000000\n"
	if text != crlf(want) {
		t.Errorf("%q, want %q", text, crlf(want))
	}
}
