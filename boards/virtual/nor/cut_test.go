package nor_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// read returns n bytes as the chip gives them.
func read(c *nor.Chip, addr uint32, n int) []byte {
	p := make([]byte, n)
	c.Read(addr, p)
	return p
}

// cut makes the supply of c fail in that pulse, and wants it to, exactly once,
// while change is done.
func cut(t *testing.T, c *nor.Chip, pulse, seed uint64, change func()) {
	t.Helper()
	lost := 0
	c.CutIn(nor.Cut{Pulse: pulse, Seed: seed, Lost: func() { lost++ }})
	change()
	if lost != 1 {
		t.Fatalf("the supply failed %d times", lost)
	}
}

func TestPulses(t *testing.T) {
	c := newChip(t)
	program(t, c, 0x1ff, 1, 2, 3)
	erase(t, c, 0x1000, nor.SectorSize)
	erase(t, c, 0, nor.BlockSize)
	if err := c.Program(0, []byte{9}); err != nil { // not accepted: no pulse
		t.Fatal(err)
	}
	if n := c.Counters.Pulses; n != 3+2*nor.ErasePulses {
		t.Errorf("%d pulses", n)
	}
}

// What changes the array is told, and nothing else; so is the supply's failing in it.
func TestChanged(t *testing.T) {
	c := newChip(t)
	var told []nor.Change
	c.Changed = func(ch nor.Change) { told = append(told, ch) }
	program(t, c, 0x1ff, 1, 2, 3)
	erase(t, c, 0x1234, nor.SectorSize)
	if err := c.Program(0, []byte{9}); err != nil { // not accepted
		t.Fatal(err)
	}
	cut(t, c, 2, 1, func() { program(t, c, 0x10, 1, 2, 3) })
	program(t, c, 0x20, 1) // without supply
	want := []nor.Change{{Addr: 0x1ff, N: 3}, {Addr: 0x1000, N: nor.SectorSize, Erased: true}, {Addr: 0x10, N: 3, Torn: true}}
	if !slices.Equal(told, want) {
		t.Errorf("%+v, want %+v", told, want)
	}
}

// A program ends in its byte; what is after it does not happen, whatever the
// program does, until the supply is back.
func TestCutProgram(t *testing.T) {
	c := newChip(t)
	cut(t, c, 3, 1, func() { program(t, c, 0x10, 1, 2, 0, 4) })
	program(t, c, 0x20, 0)
	erase(t, c, 0, nor.SectorSize)
	if got := read(c, 0x10, 2); !bytes.Equal(got, []byte{0xff, 0xff}) {
		t.Errorf("without supply it says % x", got)
	}
	c.Reset()
	if got := read(c, 0x10, 2); !bytes.Equal(got, []byte{1, 2}) || c.Data[0x13] != 0xff || c.Data[0x20] != 0xff {
		t.Errorf("it holds % x before the byte, % x", got, c.Data[0x10:0x14])
	}
	program(t, c, 0x13, 4)
	if c.Data[0x13] != 4 {
		t.Error("with its supply back it does not program")
	}
}

// fates counts how the bytes look in which a pulse was cut, over many seeds.
type fates struct{ untouched, whole, between, weak int }

func fate(t *testing.T, pulse uint64, before, after byte, change func(*nor.Chip)) (f fates) {
	for seed := range uint64(200) {
		c := newChip(t)
		if err := c.Put(0x10, []byte{before}); err != nil {
			t.Fatal(err)
		}
		cut(t, c, pulse, seed, func() { change(c) })
		c.Reset()
		switch c.Data[0x10] {
		case before:
			f.untouched++
		case after:
			f.whole++
		default:
			f.between++
		}
		first := read(c, 0x10, 1)[0]
		for range 20 {
			if read(c, 0x10, 1)[0] != first {
				f.weak++
				break
			}
		}
		if c.Counters.Torn == 0 {
			t.Fatal("nothing is counted as torn")
		}
	}
	return f
}

func TestHalfDone(t *testing.T) {
	program := func(c *nor.Chip) { program(t, c, 0x10, 0x0f) }
	erase := func(c *nor.Chip) { erase(t, c, 0, nor.SectorSize) }
	for _, tt := range []struct {
		name   string
		pulse  uint64
		before byte
		after  byte
		change func(*nor.Chip)
	}{
		{"a program", 1, 0xff, 0x0f, program},
		{"the clearing before an erase", 1, 0xff, 0x00, erase},
		{"an erase", 5, 0x00, 0xff, erase},
	} {
		f := fate(t, tt.pulse, tt.before, tt.after, tt.change)
		t.Logf("%s: %+v", tt.name, f)
		if f.between < 20 || f.weak < 50 || f.weak > 199 || f.untouched == 200 || f.whole == 200 {
			t.Errorf("%s: %+v of 200", tt.name, f)
		}
	}
}

// A program changes no bit that it was not to, and the same seed leaves the same.
func TestCutIsSeeded(t *testing.T) {
	var first []byte
	for range 2 {
		c := newChip(t)
		cut(t, c, 1, 7, func() { program(t, c, 0, 0x5a) })
		c.Reset()
		var seen []byte
		for range 50 {
			b := read(c, 0, 1)[0]
			if b&0x5a != 0x5a {
				t.Fatalf("it reads %02x, and no bit of 5a was to change", b)
			}
			seen = append(seen, b)
		}
		if first == nil {
			first = seen
		} else if !bytes.Equal(seen, first) {
			t.Error("the same seed leaves something else")
		}
	}
}

// Weak bits go with the erase of their sector, with a program that clears them,
// and with no other.
func TestWeakUntilDoneAgain(t *testing.T) {
	wavers := func(c *nor.Chip) bool {
		before := c.Counters.Wavered
		read(c, 0, 64*16)
		return c.Counters.Wavered > before
	}
	weak := func() *nor.Chip {
		for seed := uint64(0); ; seed++ {
			c := newChip(t)
			cut(t, c, 1, seed, func() { program(t, c, 0, 0) })
			c.Reset()
			for range 8 {
				if wavers(c) {
					return c
				}
			}
		}
	}
	for _, tt := range []struct {
		name string
		do   func(c *nor.Chip)
		firm bool
	}{
		{"programmed to zeros", func(c *nor.Chip) { program(t, c, 0, 0) }, true},
		{"programmed to ones", func(c *nor.Chip) { program(t, c, 0, 0xff) }, false},
		{"its neighbour programmed", func(c *nor.Chip) { program(t, c, 1, 0) }, false},
		{"erased", func(c *nor.Chip) { erase(t, c, 0, nor.SectorSize) }, true},
		{"another sector erased", func(c *nor.Chip) { erase(t, c, nor.SectorSize, nor.SectorSize) }, false},
		{"written by a clip", func(c *nor.Chip) { put(t, c, 0, 0) }, true},
	} {
		c := weak()
		tt.do(c)
		still := false
		for range 50 {
			still = still || wavers(c)
		}
		if still == tt.firm {
			t.Errorf("%s: wavers %t", tt.name, still)
		}
	}
}

func put(t *testing.T, c *nor.Chip, addr uint32, p ...byte) {
	t.Helper()
	if err := c.Put(addr, p); err != nil {
		t.Fatal(err)
	}
}

// The kind chip leaves what was before the pulse.
func TestCutWhole(t *testing.T) {
	for seed := range uint64(50) {
		c := newChip(t)
		c.CutIn(nor.Cut{Pulse: 2, Seed: seed, Whole: true})
		program(t, c, 0, 0, 0, 0)
		c.Reset()
		c.CutIn(nor.Cut{Pulse: 4, Seed: seed, Whole: true})
		erase(t, c, 0, nor.SectorSize)
		c.Reset()
		if got := read(c, 0, 3); !bytes.Equal(got, []byte{0, 0xff, 0xff}) || c.Counters.Torn+c.Counters.Wavered != 0 {
			t.Fatalf("% x, %+v", got, c.Counters.Torn)
		}
	}
}
