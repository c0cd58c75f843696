package virtual

import "github.com/espalier-hil/espalier/boards/virtual/soc"

// Cut is when a board's supply fails: behind an instruction or a byte on UART0,
// or in the middle of a pulse of its flash.
type Cut = soc.Cut

// What the time until a cut is counted in.
const (
	Instructions = soc.Instructions // that the core executes
	Bytes        = soc.Bytes        // on UART0, either way
	Pulses       = soc.Pulses       // of the flash: 8 an erase, one a byte that is programmed
)

// Cut makes the supply fail as c says, counted from now, instead of any cut
// before; the zero Cut is none. Power cycles and resets do not call it off. When
// it comes, the board is as after PowerOff, and the host is not told:
// [Board.Powered] says so, and PowerOn goes on from there.
//
// A change of the flash is made as its command comes, though the chip is busy
// with it for a while: a cut by instructions or bytes finds it done.
func (b *Board) Cut(c Cut) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.chip != nil {
		b.chip.Cut(c)
	}
}

// Powered reports whether the board has its supply.
func (b *Board) Powered() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.board.supply != supplyOff
}

// lose is the end of the supply by a cut. Callers hold mu.
func (b *Board) lose() {
	b.logf("the supply has failed")
	b.saw("fails")
	b.board.supply = supplyOff
	b.board.cuts++
	b.power(false)
}
