package maskrom_test

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// bench is a chip with a ROM and nobody else, which has found no program in
// its flash.
type bench struct {
	t   testing.TB
	m   *soc.Machine
	rom *maskrom.ROM
}

// back is where a called ROM function returns to. Nothing is executed there.
const back = 0x40100100

func newBench(t testing.TB) *bench {
	t.Helper()
	return benchOf(t, soc.Config{FlashSize: 1 << 20})
}

// benchOf is one with another chip.
func benchOf(t testing.TB, cfg soc.Config) *bench {
	t.Helper()
	cfg.ROMWord = maskrom.Word
	m, err := soc.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, m: m, rom: maskrom.New(m)}
	b.reset(soc.Power, soc.StrapFlash)
	b.out()
	return b
}

// reset resets and lets the ROM get as far as it can.
func (b *bench) reset(cause soc.Cause, straps uint8) maskrom.Outcome {
	b.t.Helper()
	b.m.Reset(cause, straps)
	return b.step()
}

// step is one step that may not halt.
func (b *bench) step() maskrom.Outcome {
	b.t.Helper()
	out, err := b.rom.Step()
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// out is what the UART has sent.
func (b *bench) out() string { return string(b.m.UART0.TakeTX()) }

func (b *bench) flash(off uint32, p []byte) {
	b.t.Helper()
	if err := b.m.Flash.Put(off, p); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) write(addr uint32, p []byte) {
	b.t.Helper()
	if err := b.m.WriteBytes(addr, p); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) read(addr uint32, n int) []byte {
	b.t.Helper()
	p, err := b.m.ReadBytes(addr, n)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// call calls the ROM function at addr as compiled code does.
func (b *bench) call(addr uint32, args ...uint32) uint32 {
	b.t.Helper()
	c := b.m.CPU
	c.PC, c.A[0], c.A[1] = addr, back, stack
	for i, v := range args {
		if i < 6 {
			c.A[2+i] = v
		} else {
			b.write(stack+4*uint32(i-6), binary.LittleEndian.AppendUint32(nil, v))
		}
	}
	for c.PC != back {
		if b.step() != maskrom.Ran || c.PC != addr && c.PC != back {
			b.t.Fatalf("call of 0x%08x with %x ends at 0x%08x, exception %d", addr, args, c.PC, c.EXCCAUSE)
		}
	}
	return c.A[2]
}

const stack = 0x3fff8000

// halted steps and returns the halt that must come of it.
func (b *bench) halted() *lx106.Halt {
	b.t.Helper()
	_, err := b.rom.Step()
	halt, ok := err.(*lx106.Halt)
	if !ok {
		b.t.Fatalf("step: %v, want a halt", err)
	}
	return halt
}

// segment is n bytes for addr, whose sum is sum.
func segment(addr uint32, n int, sum byte) image.Segment {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i * 7)
		sum ^= p[i]
	}
	p[n-1] ^= sum
	return image.Segment{Addr: addr, Data: p}
}

// flashable is an image of those segments, entered at its first byte.
func flashable(t testing.TB, segments ...image.Segment) []byte {
	t.Helper()
	p, err := (&image.Image{Entry: 0x40100000, Segments: segments}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// unhex reads hex with spaces.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// crlf is text as the ROM sends it.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
