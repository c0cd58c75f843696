package virtual

import (
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// ROMSize is the size of a mask ROM, which lies at 0x40000000.
const ROMSize = soc.ROMSize

// ErrROM is returned for bytes that are no mask ROM.
var ErrROM = errors.New("virtual: not a mask ROM")

// CheckROM objects to what cannot be a dump of the mask ROM.
func CheckROM(p []byte) error {
	switch {
	case len(p) != ROMSize:
		return fmt.Errorf("%w: %d bytes, and it has %d, those from 0x40000000 to 0x4000ffff", ErrROM, len(p), ROMSize)
	case blankAt(p, 0x80):
		return fmt.Errorf("%w: there is no code at its reset vector, 0x40000080", ErrROM)
	}
	return nil
}

// blankAt reports whether the word at off is what erased or absent memory
// reads as.
func blankAt(p []byte, off int) bool {
	word := [4]byte(p[off:])
	return word == [4]byte{} || word == [4]byte{0xff, 0xff, 0xff, 0xff}
}

// ROM says which mask ROM the board executes; nil for the one of package
// maskrom, which is no machine code.
func (b *Board) ROM() *boards.MaskROM {
	if b.cfg.ROM == nil {
		return nil
	}
	rom := boards.IdentifyROM(b.cfg.ROM)
	return &rom
}
