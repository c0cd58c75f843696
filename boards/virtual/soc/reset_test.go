package soc_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// What each cause of a reset leaves, and what it does not.
func TestReset(t *testing.T) {
	for _, cause := range []soc.Cause{soc.Power, soc.Ext, soc.Soft, soc.WDT} {
		b := newBench(t, soc.Config{Seed: 3})
		dram, iram := bytes.Clone(b.DRAM.Data), bytes.Clone(b.IRAM.Data)
		if zeros := bytes.Count(dram, []byte{0}); zeros > len(dram)/128 {
			t.Errorf("power-on leaves %d zeros in DRAM, which hides what a program forgets to clear", zeros)
		}
		b.set(soc.DRAMBase, ^b.get(soc.DRAMBase))
		b.set(soc.IRAMBase, ^b.get(soc.IRAMBase))
		b.set(0x60000300, 0xff)        // GPIO
		b.set(0x60000014, 451)         // UART0
		b.set(0x60000f14, 451)         // UART1
		b.set(0x60000218, 0x77)        // SPI
		b.set(0x60000628, 1<<7)        // FRC2
		b.set(0x3ff00004, 7)           // DPORT
		b.set(0x3ff00014, 1)           // double speed
		b.set(0x6000e018, 0x7f000001)  // link
		b.UART0.Offer([]byte("input")) // and an interrupt of it
		b.UART0.Offer(make([]byte, 200))
		b.UART0.TxByte('o')
		b.set(0x6000000c, 2)
		b.Flash.WriteEnable()
		b.CPU.PC, b.CPU.INTENABLE, b.CPU.INTERRUPT = soc.IRAMBase, 7, 1<<9
		b.Advance(time.Second)
		now := b.Now()

		b.Reset(cause, soc.StrapFlash)

		for addr, want := range map[uint32]uint32{
			0x60000300: 0, 0x60000014: 0x2b6, 0x60000f14: 0x2b6, 0x60000218: 0, 0x60000628: 0, 0x60000624: 0,
			0x3ff00004: 0, 0x3ff00014: 0, 0x6000e018: 0, 0x6000000c: 0, 0x6000001c: 0,
		} {
			b.want("register", addr, want)
		}
		if b.CPU.PC != 0x40000080 || b.CPU.INTENABLE != 0 || b.CPU.INTERRUPT != 0 || b.CPU.Lines != 0 {
			t.Errorf("cause %d: the core is left at 0x%08x, %+v", cause, b.CPU.PC, b.CPU.State)
		}
		if string(b.UART0.TakeTX()) != "o" {
			t.Errorf("cause %d: what was sent before is lost", cause)
		}
		if n := b.UART0.Queued(); n != 0 {
			t.Errorf("cause %d: %d bytes on the wire arrive after it", cause, n)
		}
		if b.Now() != now {
			t.Errorf("cause %d: the clock jumps from %v to %v", cause, now, b.Now())
		}
		cycles := b.CPU.Cycles
		if b.Advance(time.Microsecond); b.CPU.Cycles-cycles != 52 {
			t.Errorf("cause %d: the core does %d cycles in 1 µs, want 52", cause, b.CPU.Cycles-cycles)
		}
		if kept := !bytes.Equal(b.DRAM.Data, dram); kept != (cause != soc.Power) {
			t.Errorf("cause %d keeps DRAM: %v", cause, kept)
		}
		if kept := !bytes.Equal(b.IRAM.Data, iram); kept != (cause != soc.Power) {
			t.Errorf("cause %d keeps IRAM: %v", cause, kept)
		}
		if kept := b.Flash.Status()&nor.StatusWEL != 0; kept != (cause != soc.Power) {
			t.Errorf("cause %d keeps the flash's write enable: %v", cause, kept)
		}
	}
}

func TestPowerOnPattern(t *testing.T) {
	one, same, other := newBench(t, soc.Config{Seed: 1}), newBench(t, soc.Config{Seed: 1}), newBench(t, soc.Config{Seed: 2})
	if !bytes.Equal(one.DRAM.Data, same.DRAM.Data) || !bytes.Equal(one.IRAM.Data, same.IRAM.Data) {
		t.Error("one seed gives two patterns")
	}
	if bytes.Equal(one.DRAM.Data, other.DRAM.Data) {
		t.Error("two seeds give one pattern")
	}
}

// Code that was executed before the power went is not executed after it.
func TestPowerForgetsCode(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	if _, err := b.Run(10); err != nil {
		t.Fatal(err)
	}
	b.Reset(soc.Power, soc.StrapFlash)
	b.CPU.PC, b.CPU.PS = soc.IRAMBase, 0x20
	// The pattern means something else, or nothing at all, which halts.
	if _, err := b.Run(1); err == nil && b.CPU.PC == soc.IRAMBase {
		t.Error("the old loop goes on")
	}
}
