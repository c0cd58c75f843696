package nor_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// Every command that changes something needs the latch, and uses it up.
func TestWriteEnable(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*nor.Chip) error
	}{
		{"program", func(c *nor.Chip) error { return c.Program(0, []byte{0x55}) }},
		{"sector erase", func(c *nor.Chip) error { return c.Erase(0, nor.SectorSize) }},
		{"block erase", func(c *nor.Chip) error { return c.Erase(0, nor.BlockSize) }},
		{"chip erase", func(c *nor.Chip) error { return c.Erase(0, size) }},
		{"write status", func(c *nor.Chip) error { c.WriteStatus(nor.StatusBP); return nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newChip(t)
			if err := c.Put(0, []byte{0xf0}); err != nil {
				t.Fatal(err)
			}
			changes := func() bool {
				t.Helper()
				before, status := c.Data[0], c.Status()
				if err := tt.do(c); err != nil {
					t.Fatal(err)
				}
				return c.Data[0] != before || (c.Status()^status)&nor.StatusBP != 0
			}
			if changes() || c.Counters.Ignored != 1 {
				t.Errorf("without write enable: not ignored; %d are counted as such", c.Counters.Ignored)
			}
			c.WriteEnable()
			c.WriteDisable()
			if changes() || c.Counters.Ignored != 2 {
				t.Error("after write disable: not ignored")
			}
			if c.WriteEnable(); c.Status() != nor.StatusWEL {
				t.Errorf("status with write enable: %02x", c.Status())
			}
			if !changes() {
				t.Error("with write enable: ignored")
			}
			if c.Status()&nor.StatusWEL != 0 {
				t.Error("the latch is still set")
			}
			if changes() || c.Counters.Ignored != 3 {
				t.Error("a second time: not ignored")
			}
		})
	}
}

func TestProtection(t *testing.T) {
	for _, tt := range []struct {
		status uint8
		lo, hi uint32 // what is protected
	}{
		{0x00, 0, 0},
		{0x04, size - size/64, size},
		{0x08, size - size/32, size},
		{0x18, size / 2, size},
		{0x1c, 0, size}, // what the ROM's SPILock sets
		{0x24, 0, size / 64},
		{0x38, 0, size / 2},
		{0x3c, 0, size},
	} {
		c := newChip(t)
		c.WriteEnable()
		if c.WriteStatus(tt.status); c.Status() != tt.status {
			t.Errorf("status %02x reads %02x", tt.status, c.Status())
		}
		for _, addr := range []uint32{0, size/64 - 1, size / 64, size/2 - 1, size / 2, size - size/64 - 1, size - size/64, size - 1} {
			inside := addr >= tt.lo && addr < tt.hi
			program(t, c, addr, 0)
			if got := c.Data[addr] != 0; got != inside {
				t.Errorf("status %02x: 0x%x protected from program: %v, want %v", tt.status, addr, got, inside)
			}
			if c.Status() != tt.status {
				t.Errorf("status %02x: the latch outlives a program at 0x%x", tt.status, addr)
			}
			if err := c.Put(addr, []byte{0}); err != nil {
				t.Fatal(err)
			}
			erase(t, c, addr, nor.SectorSize)
			if got := c.Data[addr] == 0; got != inside {
				t.Errorf("status %02x: 0x%x protected from erase: %v, want %v", tt.status, addr, got, inside)
			}
		}
		scribble(t, c)
		erase(t, c, 0, size)
		if got, want := c.Data[size/2] == 0, tt.hi > 0; got != want {
			t.Errorf("status %02x: protected from a chip erase: %v, want %v", tt.status, got, want)
		}
	}
}

// A block erase that would touch something protected does nothing at all.
func TestProtectionIsWhole(t *testing.T) {
	c := newChip(t)
	scribble(t, c)
	c.WriteEnable()
	c.WriteStatus(1 << 2) // the last 16 KiB of 1 MiB
	erase(t, c, size-nor.BlockSize, nor.BlockSize)
	if lo, hi := ones(t, c); hi != 0 {
		t.Errorf("0x%x..0x%x is erased", lo, hi)
	}
	if c.Counters.Ignored != 1 {
		t.Errorf("%d ignored, want 1", c.Counters.Ignored)
	}
}

func TestStatusBits(t *testing.T) {
	c := newChip(t)
	c.WriteEnable()
	if c.WriteStatus(0xff); c.Status() != nor.StatusBP|nor.StatusTB {
		t.Errorf("after writing ff: %02x, want the protection bits alone", c.Status())
	}
	c.WriteEnable()
	if c.Reset(); c.Status() != nor.StatusBP|nor.StatusTB {
		t.Errorf("after a reset: %02x, want the protection bits alone", c.Status())
	}
}

func TestBusy(t *testing.T) {
	const ms = time.Millisecond
	timing := nor.Timing{Byte: ms, Page: 2 * ms, Sector: 60 * ms, Block: 400 * ms, Chip: 10000 * ms, Status: 5 * ms}
	for _, tt := range []struct {
		name  string
		do    func(testing.TB, *nor.Chip)
		takes time.Duration
	}{
		{"a byte", func(t testing.TB, c *nor.Chip) { program(t, c, 0, 0) }, timing.Byte},
		{"a page", func(t testing.TB, c *nor.Chip) { program(t, c, 0, make([]byte, nor.PageSize)...) }, timing.Page},
		{"more than a page", func(t testing.TB, c *nor.Chip) { program(t, c, 0, make([]byte, 2*nor.PageSize)...) }, timing.Page},
		{"sector", func(t testing.TB, c *nor.Chip) { erase(t, c, 0, nor.SectorSize) }, timing.Sector},
		{"block", func(t testing.TB, c *nor.Chip) { erase(t, c, 0, nor.BlockSize) }, timing.Block},
		{"chip", func(t testing.TB, c *nor.Chip) { erase(t, c, 0, size) }, timing.Chip},
		{"status", func(_ testing.TB, c *nor.Chip) { c.WriteEnable(); c.WriteStatus(0) }, timing.Status},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var now time.Duration
			c := newChip(t)
			scribble(t, c)
			c.Timing, c.Now = timing, func() time.Duration { return now }
			tt.do(t, c)
			now = tt.takes - 1
			if c.Status() != nor.StatusBusy {
				t.Errorf("status %02x before the end, want busy alone", c.Status())
			}
			before := bytes.Clone(c.Data)
			c.Put(5, []byte{0})
			before[5] = 0
			c.WriteEnable()
			program(t, c, 0x1000, 0)
			erase(t, c, 0, size)
			c.WriteStatus(nor.StatusBP)
			if !bytes.Equal(c.Data, before) || c.Counters.Ignored != 3 {
				t.Errorf("commands to a busy chip: %d are ignored, want 3", c.Counters.Ignored)
			}
			p := []byte{0x12}
			if c.Read(5, p); p[0] != 0xff {
				t.Errorf("a busy chip reads %02x, want ff", p[0])
			}
			now++
			if c.Status() != 0 {
				t.Errorf("status %02x at the end, want 0", c.Status())
			}
			if c.Read(5, p); p[0] != 0 {
				t.Errorf("an idle chip reads %02x, want 00", p[0])
			}
			if program(t, c, 0x80000, 0); c.Data[0x80000] != 0 {
				t.Error("an idle chip ignores a program")
			}
		})
	}
}

func TestResetEndsBusy(t *testing.T) {
	c := newChip(t)
	c.Timing, c.Now = nor.Timing{Page: time.Second}, func() time.Duration { return 0 }
	program(t, c, 0, 0)
	if c.Reset(); c.Status() != 0 {
		t.Errorf("status %02x after a reset", c.Status())
	}
}
