package maskrom_test

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// The addresses are written down once more on purpose.
const (
	srand      = 0x400005f0
	rand       = 0x40000600
	muldi3     = 0x40000650
	printf     = 0x400024cc
	delayUS    = 0x40002ecc
	setMHz     = 0x40002f04
	divModify  = 0x400039d8
	txChar     = 0x40003b30
	rxBlock    = 0x40003b64
	rxChar     = 0x40003b8c
	spiUnlock  = 0x40004878
	spiLock    = 0x400048a8
	spiErase   = 0x40004a00
	spiWrite   = 0x40004a4c
	spiRead    = 0x40004b1c
	md5Init    = 0x40009818
	md5Update  = 0x40009834
	md5Final   = 0x40009900
	strcmp     = 0x4000bdc8
	strlen     = 0x4000bf4c
	strncmp    = 0x4000bfa8
	divdi3     = 0x4000ce60
	udivdi3    = 0x4000d310
	umoddi3    = 0x4000d770
	divsi3     = 0x4000dc88
	umulsidi3  = 0x4000dcf0
	memcmp     = 0x4000dea8
	memcpy     = 0x4000df48
	memmove    = 0x4000e04c
	memset     = 0x4000e190
	udivsi3    = 0x4000e21c
	umodsi3    = 0x4000e268
	resetCause = 0x400025e0
)

const minus = 1 << 32

func TestArithmetic(t *testing.T) {
	for _, tt := range []struct {
		name string
		addr uint32
		args []uint32
		want uint64
	}{
		{"udivsi3", udivsi3, []uint32{minus - 1, 10}, 429496729},
		{"umodsi3", umodsi3, []uint32{minus - 1, 10}, 5},
		{"divsi3", divsi3, []uint32{minus - 7, 2}, minus - 3},
		{"divsi3 overflow", divsi3, []uint32{1 << 31, minus - 1}, 1 << 31},
		{"umulsidi3", umulsidi3, []uint32{minus - 1, minus - 1}, 0xfffffffe00000001},
		{"muldi3", muldi3, []uint32{3, 1, 5, 0}, 0x50000000f},
		{"udivdi3", udivdi3, []uint32{0, 1, 3, 0}, 0x55555555},
		{"umoddi3", umoddi3, []uint32{0, 1, 3, 0}, 1},
		{"divdi3", divdi3, []uint32{minus - 9, minus - 1, 2, 0}, 0xfffffffffffffffc},
		{"divdi3 overflow", divdi3, []uint32{0, 1 << 31, minus - 1, minus - 1}, 1 << 63},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			got := uint64(b.call(tt.addr, tt.args...))
			if strings.Contains(tt.name, "di3") {
				got |= uint64(b.m.CPU.A[3]) << 32
			}
			if got != tt.want {
				t.Errorf("0x%x, want 0x%x", got, tt.want)
			}
		})
	}
}

func TestDivisionByZeroTraps(t *testing.T) {
	for _, addr := range []uint32{udivsi3, umodsi3, divsi3, udivdi3, umoddi3, divdi3} {
		b := newBench(t)
		c := b.m.CPU
		c.PC, c.A[0], c.A[2], c.A[4], c.A[3], c.A[5] = addr, back, 1, 0, 0, 0
		b.step()
		if c.EXCCAUSE != lx106.CauseIllegal || c.PC == back {
			t.Errorf("0x%08x: cause %d, PC 0x%08x", addr, c.EXCCAUSE, c.PC)
		}
	}
}

func TestRand(t *testing.T) {
	b := newBench(t)
	for _, want := range []uint32{0x5851f42d, 0x40b18ccf, 0x4bb5f646} {
		if got := b.call(rand); got != want {
			t.Errorf("%08x, want %08x", got, want)
		}
	}
	b.call(srand, 1)
	if got := b.call(rand); got != 0x5851f42d {
		t.Errorf("after srand(1): %08x", got)
	}
}

func TestMD5(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 30)
	for _, cut := range []int{0, 1, 55, 56, 63, 64, 65, 128, 300} {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			b := newBench(t)
			b.write(dram, text)
			const ctx, digest = dram + 0x1000, dram + 0x2001
			b.call(md5Init, ctx)
			b.call(md5Update, ctx, dram, uint32(cut))
			b.call(md5Update, ctx, dram+uint32(cut), uint32(len(text)-cut))
			b.call(md5Final, digest, ctx)
			if got, want := b.read(digest, 16), md5.Sum(text); !bytes.Equal(got, want[:]) {
				t.Errorf("% x, want % x", got, want)
			}
		})
	}
	b := newBench(t)
	b.call(md5Init, dram)
	if got, want := b.read(dram, 24), unhex(t, "01234567 89abcdef fedcba98 76543210 00000000 00000000"); !bytes.Equal(got, want) {
		t.Errorf("fresh context % x, want % x", got, want)
	}
}

func TestCallSpoilsWhatItMay(t *testing.T) {
	b := newBench(t)
	for i := range b.m.CPU.A {
		b.m.CPU.A[i] = uint32(i)
	}
	b.call(strlen, dram)
	for i, v := range b.m.CPU.A {
		if kept := v == uint32(i); i >= 12 && !kept || i >= 3 && i <= 11 && kept {
			t.Errorf("a%d = 0x%x after a call", i, v)
		}
	}
}

func TestCharacters(t *testing.T) {
	b := newBench(t)
	b.out()
	b.call(txChar, '\n')
	if got := b.out(); got != "\n" {
		t.Errorf("uart_tx_one_char sends %q", got)
	}
	if got := b.call(rxChar, dram); got != 1 {
		t.Errorf("uart_rx_one_char on nothing: %d, want 1", got)
	}
	b.m.UART0.Offer([]byte("xy"))
	if got := b.call(rxChar, dram); got != 0 || b.read(dram, 1)[0] != 'x' {
		t.Errorf("uart_rx_one_char: %d, %q", got, b.read(dram, 1))
	}
	if got := b.call(rxBlock); got != 'y' {
		t.Errorf("uart_rx_one_char_block: %q", rune(got))
	}
	b.m.CPU.PC = rxBlock
	if got := b.step(); got != maskrom.Waits || b.m.CPU.PC != rxBlock {
		t.Errorf("uart_rx_one_char_block on nothing: outcome %d at 0x%08x", got, b.m.CPU.PC)
	}
	b.call(divModify, 0, 451)
	if got := b.m.UART0.Divider(); got != 451 {
		t.Errorf("divider %d, want 451", got)
	}
}

func TestDelay(t *testing.T) {
	b := newBench(t)
	b.reset(soc.Ext, soc.StrapFlash)
	for _, tt := range []struct {
		mhz  uint32
		want time.Duration
	}{{80, 1538 * time.Microsecond}, {52, time.Millisecond}} {
		b.call(setMHz, tt.mhz)
		start := b.m.Now()
		b.call(delayUS, 1000)
		if got := b.m.Now() - start; got < tt.want || got > tt.want+10*time.Microsecond {
			t.Errorf("at %d MHz 1000 µs take %v, want %v", tt.mhz, got, tt.want)
		}
	}
}

// A function that waits, or takes long, does not keep interrupts out.
func TestInterruptsReachWaitingFunctions(t *testing.T) {
	for _, tt := range []struct {
		name string
		addr uint32
		want maskrom.Outcome
	}{{"uart_rx_one_char_block", rxBlock, maskrom.Waits}, {"ets_delay_us", delayUS, maskrom.Ran}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.flash(0, flashable(t, segment(iram, 16, 0)))
			b.reset(soc.Ext, soc.StrapFlash)
			c := b.m.CPU
			c.VECBASE, c.INTENABLE = iram, 1<<6
			c.CCOMPARE0 = c.CCOUNT() + 52*100
			c.PC, c.A[0], c.A[2] = tt.addr, back, 1000
			if got := b.step(); got != tt.want || c.PC != tt.addr {
				t.Fatalf("outcome %d at 0x%08x", got, c.PC)
			}
			if at, ok := b.m.NextEvent(); ok && tt.want == maskrom.Waits {
				b.m.Advance(at - b.m.Now() + 1)
			}
			stop, err := b.m.Run(1)
			if stop == lx106.Trapped || err != nil || c.EXCCAUSE != lx106.CauseInterrupt || c.EPC[1] != tt.addr {
				t.Errorf("%v, %v: cause %d, epc1 0x%08x", stop, err, c.EXCCAUSE, c.EPC[1])
			}
		})
	}
}

func TestResetReason(t *testing.T) {
	b := newBench(t)
	b.reset(soc.WDT, soc.StrapFlash)
	if got := b.call(resetCause); got != 4 {
		t.Errorf("%d, want 4", got)
	}
}
