package nor

// Defects are what is wrong with a chip.
type Defects struct {
	// Sectors, by number, neither erase nor program any more. The chip does
	// not say so.
	Sectors map[int]bool
	// Bits that are stuck, by address of their byte. They show from the next
	// change of their byte on.
	Bits map[uint32]Stuck
}

// Stuck names the bits of a byte that no longer change.
type Stuck struct {
	Mask  byte // these bits
	Value byte // read so
}

// bad reports whether the sector that holds addr no longer changes.
func (d Defects) bad(addr uint32) bool { return d.Sectors[int(addr/SectorSize)] }

// impose makes the stuck bits show in the n bytes at addr.
func (d Defects) impose(data []byte, addr uint32, n int) {
	for a, s := range d.Bits {
		if a >= addr && a < addr+uint32(n) {
			data[a] = data[a]&^s.Mask | s.Value&s.Mask
		}
	}
}
