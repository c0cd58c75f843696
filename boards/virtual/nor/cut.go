package nor

// ErasePulses (ESP8266.md 6.3) is how many pulses an erase takes, whatever its unit: in the first
// a chip clears what is still set, so that no cell is erased too far; in the
// others it sets all again. A program takes a pulse a byte.
const ErasePulses = 8

// A Cut is the end of the supply in the middle of a change.
//
// The pulse in which it fails is half done: of the bits that it was to change
// some have, others have not, and some of either are weak. A weak bit reads as
// it likes, each time anew, until it is programmed to zero, its sector is erased
// whole, or a programmer's clip writes it; some like the one value as much as the
// other, some nearly always the same. All is given by Seed.
type Cut struct {
	Pulse uint64 // the one in which it fails: 1 is the next
	Seed  uint64 // of what the pulse leaves, and of how weak bits read from then on
	Whole bool   // no pulse is ever half done, and no bit weak: kinder than any chip
	Lost  func() // called in that moment; may be nil
}

// supply is what a chip knows of the failures of its supply.
type supply struct {
	cut  Cut    // Pulse 0: none is to come
	at   uint64 // the pulse of cut, by Counters.Pulses
	dead bool   // since the supply failed
	// weak bits by sector, and by byte in it; nil: none.
	weak  map[uint32]*[SectorSize]byte
	noise noise
	calm  uint64 // a weak bit that is read is the other one once in 2^calm times
}

// CutIn makes the supply fail as cut says, instead of any cut before; the zero
// Cut is none. From then on the chip does nothing, until Reset.
func (c *Chip) CutIn(cut Cut) {
	c.supply.cut, c.supply.at = cut, c.Counters.Pulses+cut.Pulse
}

// Fail ends the supply between two pulses. Reset is its return.
func (c *Chip) Fail() { c.supply.dead, c.supply.cut = true, Cut{} }

// pulse counts one, and reports whether the supply fails in it.
func (c *Chip) pulse() bool {
	s := &c.supply
	c.Counters.Pulses++
	return s.cut.Pulse > 0 && c.Counters.Pulses == s.at
}

// lose ends the supply in a pulse.
func (c *Chip) lose() {
	lost := c.supply.cut.Lost
	c.Fail()
	if lost != nil {
		lost()
	}
}

// sow begins the noise of a cut.
func (c *Chip) sow() {
	c.supply.noise = noise(c.supply.cut.Seed)
	c.supply.calm = 1 + c.supply.noise.next()%3
}

// program clears the bits of the byte at addr that b does not have. It reports
// whether the supply held.
func (c *Chip) program(addr uint32, b byte) bool {
	if c.pulse() {
		if !c.supply.cut.Whole {
			c.sow()
			c.halfProgram(addr, b)
		}
		c.lose()
		return false
	}
	c.Data[addr] &= b
	if page := c.supply.weak[addr/SectorSize]; page != nil {
		page[addr%SectorSize] &= b
	}
	return true
}

// halfProgram leaves a byte whose pulse was cut.
func (c *Chip) halfProgram(addr uint32, b byte) {
	n := &c.supply.noise
	clearing, done := c.Data[addr]&^b, n.byte()
	switch n.next() % 4 {
	case 0: // not yet, or so it seems
		done = 0
	case 1: // all but a last trickle
		done = 0xff
	}
	c.Data[addr] &^= clearing & done
	weak := clearing
	if n.next()%2 == 0 {
		weak &= n.byte()
	}
	if weak != 0 {
		c.weaken(addr, weak)
	}
	c.Counters.Torn++
}

// erase sets the n bytes at addr to ones, bad sectors apart. It reports whether
// the supply held.
func (c *Chip) erase(addr, n uint32) bool {
	for done := range ErasePulses {
		if !c.pulse() {
			continue
		}
		if !c.supply.cut.Whole {
			c.sow()
			c.halfErase(addr, n, done)
		}
		c.lose()
		return false
	}
	for s := addr; s < addr+n; s += SectorSize {
		if !c.Defects.bad(s) {
			blank(c.Data[s : s+SectorSize])
			delete(c.supply.weak, s/SectorSize)
		}
	}
	return true
}

// halfErase leaves the n bytes at addr as after so many pulses and a part of the
// next. Whether the first of them has cleared all is left open: some chips may
// do without.
func (c *Chip) halfErase(addr, n uint32, done int) {
	r := &c.supply.noise
	share := r.next() % 3 // none of what has changed is weak, some, or all
	cleared := r.next()%2 == 0
	for a := addr; a < addr+n; a++ {
		if c.Defects.bad(a) {
			continue
		}
		var changed byte
		if done == 0 {
			changed = r.byte() & c.Data[a]
			c.Data[a] &^= changed
		} else {
			if cleared {
				c.Data[a] = 0
			}
			for range done {
				some := r.byte()
				changed |= some & r.byte()
			}
			changed &^= c.Data[a]
			c.Data[a] |= changed
		}
		c.Counters.Torn++
		switch share {
		case 0:
			continue
		case 1:
			changed &= r.byte()
		}
		if changed != 0 {
			c.weaken(a, changed)
		}
	}
}

// weaken makes bits of the byte at addr weak.
func (c *Chip) weaken(addr uint32, bits byte) {
	s := &c.supply
	if s.weak == nil {
		s.weak = map[uint32]*[SectorSize]byte{}
	}
	if s.weak[addr/SectorSize] == nil {
		s.weak[addr/SectorSize] = new([SectorSize]byte)
	}
	s.weak[addr/SectorSize][addr%SectorSize] |= bits
}

// waver lets the weak bits show in p, which was read at addr.
func (c *Chip) waver(addr uint32, p []byte) {
	if len(c.supply.weak) == 0 {
		return
	}
	for i := range p {
		a := c.wrap(addr + uint32(i))
		if page := c.supply.weak[a/SectorSize]; page != nil && page[a%SectorSize] != 0 {
			flip := page[a%SectorSize]
			for range c.supply.calm {
				flip &= c.supply.noise.byte()
			}
			if p[i] ^= flip; flip != 0 {
				c.Counters.Wavered++
			}
		}
	}
}

// firm makes the n bytes at addr read as they are stored.
func (c *Chip) firm(addr uint32, n int) {
	for a := addr; a < addr+uint32(n); a++ {
		if page := c.supply.weak[a/SectorSize]; page != nil {
			page[a%SectorSize] = 0
		}
	}
}

// noise gives numbers that only look random (splitmix64).
type noise uint64

func (n *noise) next() uint64 {
	*n += 0x9e3779b97f4a7c15
	z := uint64(*n)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (n *noise) byte() byte { return byte(n.next() >> 56) }
