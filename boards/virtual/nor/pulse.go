package nor

// A Pulse is one accepted change of the array. A hook that cuts the supply in
// the middle shortens Data, or does part of an erase by Put and skips the rest.
type Pulse struct {
	Addr  uint32
	Erase int    // the unit that is erased, 0 for a program
	Data  []byte // what is programmed from Addr on, wrapping within the page
	Skip  bool   // set: leave the array alone
}

// pulse shows p to the hook, and reports whether the array may change.
func (c *Chip) pulse(p *Pulse) bool {
	if c.OnPulse != nil {
		c.OnPulse(p)
	}
	bad := p.Erase == 0 && c.Defects.Sectors[int(p.Addr/SectorSize)]
	return !p.Skip && !bad
}

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

// impose makes the stuck bits show in the n bytes at addr.
func (d Defects) impose(data []byte, addr uint32, n int) {
	for a, s := range d.Bits {
		if a >= addr && a < addr+uint32(n) {
			data[a] = data[a]&^s.Mask | s.Value&s.Mask
		}
	}
}
