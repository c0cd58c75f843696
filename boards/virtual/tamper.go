package virtual

import "github.com/espalier-hil/espalier/boards/virtual/soc"

// What a test bench does to a board behind its back.

// PokeFlash changes one byte of the flash behind the chip's back, as ageing
// does.
func (b *Board) PokeFlash(off int, v byte) error { return b.LoadFlash(off, []byte{v}) }

// LoadFlash writes p into the flash at off, as a programmer clipped to the
// flash chip does.
func (b *Board) LoadFlash(off int, p []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flash.Put(uint32(off), p)
}

// SetRNG changes the chip's random numbers, from now on and over resets.
func (b *Board) SetRNG(mode soc.RNG) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cfg.RNG = mode
	if b.chip != nil {
		b.chip.SetRNG(mode)
	}
}
