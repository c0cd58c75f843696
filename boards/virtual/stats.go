package virtual

import "time"

// Stats is what a board has done since it was made.
type Stats struct {
	Instructions uint64        // executed by the core; the ROM's own work is not counted
	Now          time.Duration // virtual time
	Resets       uint64
	Erases       uint64 // of 4 KiB sectors
	Programs     uint64 // of flash pages or parts of them
	Pulses       uint64 // of the flash: 8 an erase, one a byte that is programmed
	Cuts         uint64 // of the supply, by [Board.Cut]
	Torn         uint64 // bytes of the flash in which a cut left a pulse half done
	Wavered      uint64 // bytes of the flash that were read other than they are stored
}

// Stats returns the counts so far.
func (b *Board) Stats() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.flash.Counters
	s := Stats{
		Resets: b.board.resets, Cuts: b.board.cuts, Programs: c.Programs, Pulses: c.Pulses, Torn: c.Torn, Wavered: c.Wavered,
	}
	for _, n := range c.Erases {
		s.Erases += uint64(n)
	}
	if b.chip != nil {
		s.Instructions, s.Now = b.chip.CPU.Retired, b.chip.Now()
	}
	return s
}

// FlashBytes returns a copy of n bytes of the flash, as many of them as there
// are from off on.
func (b *Board) FlashBytes(off, n int) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	off = min(max(off, 0), len(b.flash.Data))
	n = min(max(n, 0), len(b.flash.Data)-off)
	return append([]byte(nil), b.flash.Data[off:off+n]...)
}
