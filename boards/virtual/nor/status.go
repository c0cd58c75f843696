package nor

import "time"

// Bits of the status register (W25Q32 data sheet, 7.1).
const (
	StatusBusy = 1 << 0
	StatusWEL  = 1 << 1 // write enable latch
	StatusBP   = 7 << 2 // how much is protected: 0 nothing, 1 a 64th, doubling, 6 half, 7 all
	StatusTB   = 1 << 5 // from the bottom instead of the top
)

// Timing is how long the chip is busy after a command.
type Timing struct {
	Byte, Page, Sector, Block, Chip time.Duration // Byte: one programmed, Page: a whole page
	Status                          time.Duration
}

// Typical is a W25Q32 (its data sheet, 9.6), with the slower block erase that
// boards show.
var Typical = Timing{
	Byte: 30 * time.Microsecond, Page: 700 * time.Microsecond,
	Sector: 60 * time.Millisecond, Block: 400 * time.Millisecond, Chip: 10 * time.Second,
	Status: 10 * time.Millisecond,
}

// program is how long n bytes of a page take.
func (t Timing) program(n int) time.Duration {
	n = min(max(n, 1), PageSize)
	return t.Byte + (t.Page-t.Byte)*time.Duration(n-1)/(PageSize-1)
}

func (t Timing) erase(unit int) time.Duration {
	switch unit {
	case SectorSize:
		return t.Sector
	case BlockSize:
		return t.Block
	}
	return t.Chip
}

// Reset is what the chip sees when its supply comes back: it is idle and not
// write-enabled. Array and protection are not volatile.
func (c *Chip) Reset() {
	c.status &^= StatusWEL
	c.busyUntil = 0
	c.supply.dead = false
}

// Status returns the status register.
func (c *Chip) Status() uint8 {
	if c.busy() {
		return c.status | StatusBusy
	}
	return c.status
}

// WriteStatus sets the protection bits, where write enable precedes it.
func (c *Chip) WriteStatus(v uint8) {
	if c.busy() || c.status&StatusWEL == 0 {
		c.Counters.Ignored++
		return
	}
	c.status = v & (StatusBP | StatusTB)
	if c.Now != nil {
		c.busyUntil = c.Now() + c.Timing.Status
	}
}

// WriteEnable sets the latch that the next erase, program or status write
// needs and clears.
func (c *Chip) WriteEnable() {
	if !c.busy() {
		c.status |= StatusWEL
	}
}

// WriteDisable clears the latch.
func (c *Chip) WriteDisable() {
	if !c.busy() {
		c.status &^= StatusWEL
	}
}

func (c *Chip) busy() bool { return c.supply.dead || c.Now != nil && c.Now() < c.busyUntil }

// Wait returns how long the chip is still busy.
func (c *Chip) Wait() time.Duration {
	if c.supply.dead || !c.busy() {
		return 0
	}
	return c.busyUntil - c.Now()
}

// accepts reports whether the chip would change the n bytes at addr. Refusing
// what is protected uses the latch up, too.
func (c *Chip) accepts(addr uint32, n int) bool {
	if c.busy() || c.status&StatusWEL == 0 {
		c.Counters.Ignored++
		return false
	}
	lo, hi := c.protected()
	if addr < hi && addr+uint32(n) > lo {
		c.Counters.Ignored++
		c.status &^= StatusWEL
		return false
	}
	return true
}

// protected returns the range [lo, hi) that the protection bits cover.
func (c *Chip) protected() (lo, hi uint32) {
	size := uint32(len(c.Data))
	n := c.status & StatusBP >> 2
	if n == 0 {
		return size, size
	}
	part := size
	if n < 7 {
		part = size / 64 << (n - 1)
	}
	if c.status&StatusTB != 0 {
		return 0, part
	}
	return size - part, size
}
