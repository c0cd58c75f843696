package nor_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

func TestOnPulse(t *testing.T) {
	c := newChip(t)
	var seen []nor.Pulse
	c.OnPulse = func(p *nor.Pulse) {
		if p.Erase == 0 && c.Data[p.Addr] != 0xff {
			t.Errorf("0x%x holds %02x already", p.Addr, c.Data[p.Addr])
		}
		seen = append(seen, nor.Pulse{Addr: p.Addr, Erase: p.Erase, Data: bytes.Clone(p.Data)})
	}
	program(t, c, 0x1ff, 1, 2)
	erase(t, c, 0x1fff, nor.SectorSize)
	if err := c.Program(0, []byte{9}); err != nil { // not accepted: no pulse
		t.Fatal(err)
	}
	want := []nor.Pulse{
		{Addr: 0x1ff, Data: []byte{1, 2}},
		{Addr: 0x1000, Erase: nor.SectorSize},
	}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("%+v, want %+v", seen, want)
	}
}

// What a supply that fails in the middle of a command leaves behind.
func TestPulseIsCut(t *testing.T) {
	c := newChip(t)
	c.OnPulse = func(p *nor.Pulse) { p.Data = p.Data[:2] }
	program(t, c, 0x10, 1, 2, 3)
	if got := c.Data[0x10:0x13]; !bytes.Equal(got, []byte{1, 2, 0xff}) {
		t.Errorf("a program cut after two bytes: % x", got)
	}

	scribble(t, c)
	c.OnPulse = func(p *nor.Pulse) {
		if err := c.Put(p.Addr, []byte{0xff, 0x7f}); err != nil {
			t.Error(err)
		}
		p.Skip = true
	}
	erase(t, c, 0x2000, nor.SectorSize)
	if got := c.Data[0x2000:0x2003]; !bytes.Equal(got, []byte{0xff, 0x7f, 0}) {
		t.Errorf("an erase cut in its second byte: % x", got)
	}
	program(t, c, 0x2000, 0)
	if c.Data[0x2000] != 0xff {
		t.Error("a program that was skipped happened")
	}
	if c.Counters.Programs != 2 || c.Counters.Erases[2] != 1 || c.Status() != 0 {
		t.Errorf("cut commands are not over, or not counted: %+v, status %02x", c.Counters.Programs, c.Status())
	}
}

func TestBadSector(t *testing.T) {
	c := newChip(t)
	scribble(t, c)
	if err := c.Put(0x2010, []byte{0xff}); err != nil {
		t.Fatal(err)
	}
	c.Defects.Sectors = map[int]bool{2: true, 16: true}
	erase(t, c, 0x2000, nor.SectorSize)
	erase(t, c, 0, nor.BlockSize)
	program(t, c, 0x2010, 0)
	program(t, c, 0x3000, 0x55)
	erase(t, c, 0x10000, nor.BlockSize) // begins with a bad one
	if c.Data[0x2000] != 0 || c.Data[0x2fff] != 0 || c.Data[0x2010] != 0xff {
		t.Error("the bad sector has changed")
	}
	if c.Data[0x10fff] != 0 || c.Data[0x11000] != 0xff {
		t.Error("of a block, a bad sector changes, or the good ones do not")
	}
	if c.Data[0x1fff] != 0xff || c.Data[0x3000] != 0x55 || c.Data[0x3001] != 0xff {
		t.Error("the sectors beside it have not")
	}
	if c.Counters.Erases[2] != 2 || c.Counters.Ignored != 0 {
		t.Errorf("the chip tells: %d erases, %d ignored", c.Counters.Erases[2], c.Counters.Ignored)
	}
}

func TestStuckBits(t *testing.T) {
	c := newChip(t)
	c.Defects.Bits = map[uint32]nor.Stuck{
		0x20:   {Mask: 0x81, Value: 0x01}, // bit 7 low, bit 0 high
		0x100:  {Mask: 0xff, Value: 0x00},
		0x1000: {Mask: 0xff, Value: 0x00},
	}
	program(t, c, 0x30, 0xff) // in the same page
	if got := c.Data[0x20]; got != 0x7f {
		t.Errorf("after a change of its page: %02x, want 7f", got)
	}
	if c.Data[0x100] != 0xff || c.Data[0x1000] != 0xff {
		t.Error("they show beyond what has changed")
	}
	program(t, c, 0x20, 0)
	if got := c.Data[0x20]; got != 0x01 {
		t.Errorf("programmed to 00: %02x, want 01", got)
	}
	erase(t, c, 0, nor.BlockSize)
	if got := [2]byte{c.Data[0x20], c.Data[0x1000]}; got != [2]byte{0x7f, 0} {
		t.Errorf("erased: % x, want 7f 00", got)
	}
}
