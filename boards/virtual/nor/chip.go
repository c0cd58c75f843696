package nor

import (
	"errors"
	"fmt"
	"math/bits"
	"os"
	"time"
)

// Sizes in bytes: of the units, and of the chips there are.
const (
	PageSize   = 256
	SectorSize = 4 << 10
	BlockSize  = 64 << 10

	MinSize = 512 << 10
	MaxSize = 16 << 20
)

// ErrSize is the class of a size that no chip has, or that is not its backing
// file's.
var ErrSize = errors.New("wrong size")

// A Chip is one flash chip.
type Chip struct {
	// Data is the array. It is for reading; Put writes it.
	Data     []byte
	Counters Counters
	Defects  Defects

	// OnPulse, if set, sees every accepted erase and program before the array
	// changes, and may alter it.
	OnPulse func(*Pulse)

	// Timing makes the chip busy after a command, by the clock Now. Without a
	// clock it never is.
	Timing Timing
	Now    func() time.Duration

	status    uint8         // without StatusBusy
	busyUntil time.Duration // by Now
	file      *os.File
}

// Counters count what a chip has done since it was opened.
type Counters struct {
	Erases   []uint32 // by 4 KiB sector
	Programs uint64   // page programs
	Changes  uint64   // of the array, by whatever way
	Ignored  uint64   // erases, programs and status writes without write enable, on what is protected, or while busy
}

// New returns a blank chip of size bytes, a power of two from MinSize to
// MaxSize, that lives in memory alone.
func New(size int) (*Chip, error) {
	if size < MinSize || size > MaxSize || bits.OnesCount(uint(size)) != 1 {
		return nil, fmt.Errorf("nor: chip of %d bytes: %w: none of the powers of two from %d to %d", size, ErrSize, MinSize, MaxSize)
	}
	c := &Chip{
		Data:     make([]byte, size),
		Counters: Counters{Erases: make([]uint32, size/SectorSize)},
	}
	blank(c.Data)
	return c, nil
}

// ID returns the JEDEC id as the SPI controller shows it: manufacturer in the
// low byte, then the family, then the binary logarithm of the size. 4 MiB is
// 0x1640ef, a W25Q32.
func (c *Chip) ID() uint32 {
	return 0x40ef | uint32(bits.TrailingZeros(uint(len(c.Data))))<<16
}

// Read fills p from addr on, wrapping at the end of the chip. A busy chip
// gives ones.
func (c *Chip) Read(addr uint32, p []byte) {
	if c.busy() {
		blank(p)
		return
	}
	for len(p) > 0 {
		n := copy(p, c.Data[c.wrap(addr):])
		p, addr = p[n:], addr+uint32(n)
	}
}

// Program ands p into the page that holds addr, wrapping within it; of more
// than a page the last bytes count. The error is the backing file's: a chip
// that ignores the command says nothing.
func (c *Chip) Program(addr uint32, p []byte) error {
	addr = c.wrap(addr)
	page := addr &^ (PageSize - 1)
	if !c.accepts(page, PageSize) {
		return nil
	}
	c.Counters.Programs++
	if n := len(p) - PageSize; n > 0 {
		p, addr = p[n:], page|(addr+uint32(n))&(PageSize-1)
	}
	pulse := Pulse{Addr: addr, Data: append([]byte(nil), p...)}
	if c.pulse(&pulse) {
		for i, b := range pulse.Data {
			c.Data[page|(addr+uint32(i))&(PageSize-1)] &= b
		}
	}
	return c.finish(page, PageSize, c.Timing.program(len(p)))
}

// Erase sets the unit (SectorSize, BlockSize, or the size of the chip) that
// holds addr to ones. The error is as for Program.
func (c *Chip) Erase(addr uint32, unit int) error {
	addr = c.wrap(addr) &^ uint32(unit-1)
	if !c.accepts(addr, unit) {
		return nil
	}
	for s := addr / SectorSize; s < (addr+uint32(unit))/SectorSize; s++ {
		c.Counters.Erases[s]++
	}
	pulse := Pulse{Addr: addr, Erase: unit}
	if c.pulse(&pulse) {
		for s := addr; s < addr+uint32(unit); s += SectorSize {
			if !c.Defects.Sectors[int(s/SectorSize)] {
				blank(c.Data[s : s+SectorSize])
			}
		}
	}
	return c.finish(addr, unit, c.Timing.erase(unit))
}

// Put writes the array as a programmer's clip would, past all commands and
// their rules.
func (c *Chip) Put(addr uint32, p []byte) error {
	if uint64(addr)+uint64(len(p)) > uint64(len(c.Data)) {
		return fmt.Errorf("nor: put %d bytes at 0x%x: %w: the chip has %d", len(p), addr, ErrSize, len(c.Data))
	}
	copy(c.Data[addr:], p)
	c.Counters.Changes++
	return c.save(addr, len(p))
}

// wrap drops the address bits that the chip does not have.
func (c *Chip) wrap(addr uint32) uint32 { return addr & uint32(len(c.Data)-1) }

// finish ends an accepted command that changed the n bytes at addr.
func (c *Chip) finish(addr uint32, n int, takes time.Duration) error {
	c.Defects.impose(c.Data, addr, n)
	c.Counters.Changes++
	c.status &^= StatusWEL
	if c.Now != nil {
		c.busyUntil = c.Now() + takes
	}
	return c.save(addr, n)
}

func blank(p []byte) {
	for i := range p {
		p[i] = 0xff
	}
}
