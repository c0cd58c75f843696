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

	// Timing makes the chip busy after a command, by the clock Now. Without a
	// clock it never is.
	Timing Timing
	Now    func() time.Duration

	// Changed, if not nil, is told of each command that changed the array. It must
	// return soon.
	Changed func(Change)

	status    uint8         // without StatusBusy
	busyUntil time.Duration // by Now
	supply    supply
	sectors   []sector
	file      *os.File
}

// Change is what a command did to the array.
type Change struct {
	Addr   uint32
	N      int  // bytes
	Erased bool // else programmed
	Torn   bool // the supply failed in one of its pulses
}

// Counters count what a chip has done since it was opened.
type Counters struct {
	Erases   []uint32 // by 4 KiB sector
	Programs uint64   // page programs
	Changes  uint64   // of the array, by whatever way
	Ignored  uint64   // erases, programs and status writes without write enable, on what is protected, or while busy
	Pulses   uint64   // ErasePulses an erase, one a byte of a program
	Torn     uint64   // bytes in which a pulse was cut
	Wavered  uint64   // bytes that were read other than they are stored, for weak bits
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
		sectors:  make([]sector, size/SectorSize),
	}
	blank(c.Data)
	for i := range c.sectors {
		c.sectors[i].data = blankSector
	}
	return c, nil
}

// ID returns the JEDEC id as the SPI controller shows it: manufacturer in the
// low byte, then the family, then the binary logarithm of the size. 4 MiB is
// 0x1640ef, a W25Q32.
func (c *Chip) ID() uint32 {
	return 0x40ef | uint32(bits.TrailingZeros(uint(len(c.Data))))<<16
}

// Read fills p from addr on, wrapping at the end of the chip. A busy chip
// gives ones, and so does one without supply.
func (c *Chip) Read(addr uint32, p []byte) {
	if c.busy() {
		blank(p)
		return
	}
	for at, rest := addr, p; len(rest) > 0; {
		n := copy(rest, c.Data[c.wrap(at):])
		rest, at = rest[n:], at+uint32(n)
	}
	c.waver(addr, p)
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
	if !c.Defects.bad(page) {
		for i, b := range p {
			if !c.program(page|(addr+uint32(i))&(PageSize-1), b) {
				break
			}
		}
	}
	c.tell(Change{Addr: addr, N: len(p)})
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
	c.erase(addr, uint32(unit))
	c.tell(Change{Addr: addr, N: unit, Erased: true})
	return c.finish(addr, unit, c.Timing.erase(unit))
}

// Put writes the array as a programmer's clip would, past all commands and
// their rules.
func (c *Chip) Put(addr uint32, p []byte) error {
	if uint64(addr)+uint64(len(p)) > uint64(len(c.Data)) {
		return fmt.Errorf("nor: put %d bytes at 0x%x: %w: the chip has %d", len(p), addr, ErrSize, len(c.Data))
	}
	if len(p) == 0 {
		return nil
	}
	copy(c.Data[addr:], p)
	c.firm(addr, len(p))
	c.touch(addr, len(p))
	c.Counters.Changes++
	return c.save(addr, len(p))
}

// wrap drops the address bits that the chip does not have.
func (c *Chip) wrap(addr uint32) uint32 { return addr & uint32(len(c.Data)-1) }

// tell says what a command has done.
func (c *Chip) tell(ch Change) {
	if c.Changed != nil {
		ch.Torn = c.supply.dead
		c.Changed(ch)
	}
}

// finish ends an accepted command that changed the n bytes at addr.
func (c *Chip) finish(addr uint32, n int, takes time.Duration) error {
	c.Defects.impose(c.Data, addr, n)
	c.touch(addr, n)
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
