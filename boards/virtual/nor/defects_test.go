package nor_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

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
