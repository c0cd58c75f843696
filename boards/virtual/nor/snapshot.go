package nor

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// Snapshot is a chip at one moment. It never changes, and shares with other
// snapshots what is the same in them: a chip copies a sector once after each
// change, and takes back only the sectors that differ.
type Snapshot struct {
	sectors   []sector
	counters  Counters
	status    uint8
	busyUntil time.Duration
	supply    supply
}

// sector is the content of one sector, under a stamp that no other content has,
// on any chip.
type sector struct {
	stamp uint64
	data  *[SectorSize]byte // nil: not copied since it has changed
}

// stamps are given to contents; 0 is that of a blank sector.
var stamps atomic.Uint64

var blankSector = func() *[SectorSize]byte {
	p := new([SectorSize]byte)
	blank(p[:])
	return p
}()

// touch gives new stamps to the sectors of the n bytes at addr, n > 0.
func (c *Chip) touch(addr uint32, n int) {
	for s := addr / SectorSize; s <= (addr+uint32(n)-1)/SectorSize; s++ {
		c.sectors[s] = sector{stamp: stamps.Add(1)}
	}
}

// Snapshot returns the chip as it is, but for its Defects, its Timing and its
// file.
func (c *Chip) Snapshot() *Snapshot {
	for i := range c.sectors {
		if s := &c.sectors[i]; s.data == nil {
			s.data = (*[SectorSize]byte)(slices.Clone(c.Data[i*SectorSize : (i+1)*SectorSize]))
		}
	}
	s := &Snapshot{slices.Clone(c.sectors), c.Counters, c.status, c.busyUntil, c.supply.clone()}
	s.counters.Erases = slices.Clone(c.Counters.Erases)
	return s
}

// Restore makes the chip what s was, on whatever chip it was taken; a cut that
// was to come there is none here. A chip of another size is an [ErrSize], and
// stays as it is; other errors are the backing file's.
func (c *Chip) Restore(s *Snapshot) error {
	if len(s.sectors) != len(c.sectors) {
		return fmt.Errorf("nor: restore a chip of %d sectors: %w: this one has %d", len(s.sectors), ErrSize, len(c.sectors))
	}
	var failed error
	for i, is := range s.sectors {
		if is.stamp != c.sectors[i].stamp {
			addr := i * SectorSize
			copy(c.Data[addr:], is.data[:])
			failed = errors.Join(failed, c.save(uint32(addr), SectorSize))
		}
		c.sectors[i] = is
	}
	changes := c.Counters.Changes
	c.Counters = s.counters
	c.Counters.Erases = slices.Clone(s.counters.Erases)
	c.Counters.Changes = max(changes, s.counters.Changes) + 1 // who follows the array looks again
	c.status, c.busyUntil, c.supply = s.status, s.busyUntil, s.supply.clone()
	c.supply.cut = Cut{}
	return failed
}

func (s supply) clone() supply {
	weak := make(map[uint32]*[SectorSize]byte, len(s.weak))
	for number, page := range s.weak {
		copied := *page
		weak[number] = &copied
	}
	s.weak = weak
	return s
}
