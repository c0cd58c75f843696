// Package nor is a serial NOR flash chip at the level of its commands, as the
// parts on ESP8266 modules (Winbond W25Q and its likes) behave: erasing sets
// whole sectors to ones, programming only clears bits and wraps within its
// page, and neither happens without a preceding write enable or inside a
// protected chip.
//
// What the chip has accepted is in its backing file when the command returns,
// so a killed process loses nothing.
package nor

import (
	"errors"
	"os"
)

// Sizes of the units, in bytes.
const (
	PageSize   = 256
	SectorSize = 4 << 10
	BlockSize  = 64 << 10

	MinSize = 512 << 10
	MaxSize = 16 << 20
)

// Bits of the status register (W25Q32 data sheet, 7.1).
const (
	StatusBusy    = 1 << 0
	StatusWEL     = 1 << 1
	StatusProtect = 7 << 2 // BP2..BP0: any of them set protects the whole chip here
)

// ErrSize is the class of a size that no chip has, or that differs from the
// backing file's.
var ErrSize = errors.New("wrong size")

// Counters count what the chip has done since it was opened.
type Counters struct {
	Erases   []uint32 // by 4 KiB sector
	Programs uint64   // page programs
	Ignored  uint64   // erases, programs and status writes refused: no write enable, protected or busy
}

// A Chip is one flash chip. Data is its array; reading it directly is fine,
// while a direct write reaches the backing file only with the sector's next
// command.
type Chip struct {
	Data     []byte
	Counters Counters

	// OnPulse, if set, sees every accepted erase and program before the array
	// changes, and may alter it.
	OnPulse func(*Pulse)

	status uint8
	file   *os.File
}

// New returns a blank chip of size bytes, a power of two from MinSize to
// MaxSize, that lives in memory alone.
func New(size int) (*Chip, error) { return nil, nil }

// Open returns the chip that lives in the file at path, which is created blank
// if it is not there. A file of another size is an [ErrSize].
func Open(path string, size int) (*Chip, error) { return nil, nil }

// Close closes the backing file.
func (c *Chip) Close() error { return nil }

// Reset is what the chip sees when its supply comes back: volatile state goes,
// the array stays.
func (c *Chip) Reset() {}

// ID returns the JEDEC id as the SPI controller reads it: manufacturer in the
// low byte, then type, then the binary logarithm of the size (0x1640ef for
// 4 MiB).
func (c *Chip) ID() uint32 { return 0 }

// Status returns the status register.
func (c *Chip) Status() uint8 { return 0 }

// WriteStatus writes the status register, if writing is enabled.
func (c *Chip) WriteStatus(v uint8) error { return nil }

// WriteEnable sets the write enable latch.
func (c *Chip) WriteEnable() {}

// WriteDisable clears it.
func (c *Chip) WriteDisable() {}

// Read fills p from addr on; it wraps at the end of the chip.
func (c *Chip) Read(addr uint32, p []byte) {}

// Program ands p into the page that holds addr, wrapping within it. The error
// is the backing file's; a chip that refuses the command says nothing.
func (c *Chip) Program(addr uint32, p []byte) error { return nil }

// Erase sets the unit (SectorSize, BlockSize or the size of the chip) that
// holds addr to ones. The error is as for Program.
func (c *Chip) Erase(addr uint32, unit int) error { return nil }

// A Pulse is one accepted change of the array.
type Pulse struct {
	Addr  uint32 // first byte: of the unit to erase, or to program
	Erase int    // unit in bytes, 0 for a program
	Data  []byte // what to program, from Addr, wrapping within the page

	// Skip, set by the hook, leaves the array as the hook left it.
	Skip bool
}
