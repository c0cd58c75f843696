package romtest

import (
	"slices"

	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/slip"
)

// Action is what goes wrong.
type Action int

// The faults of a serial line and of a flash chip.
const (
	Ignore  Action = iota + 1 // the request is lost on its way
	Drop                      // the reply is lost on its way
	Corrupt                   // the reply comes damaged
	Cut                       // the reply comes without its last bytes
	Refuse                    // the command is carried out, and reported as failed with Status
	Precede                   // a reply to something else comes first
	Babble                    // text comes first
)

// Fault is one thing that goes wrong, once.
type Fault struct {
	Op     rom.OpCode
	After  int // how many such commands go well before
	Do     Action
	Status rom.Status // for Refuse
}

// strike returns the fault that is due for op, and counts it as used.
func (c *Chip) strike(op rom.OpCode) (Fault, bool) {
	for i := range c.Faults {
		f := &c.Faults[i]
		if f.Op != op {
			continue
		}
		if f.After > 0 {
			f.After--
			return Fault{}, false
		}
		due := *f
		c.Faults = slices.Delete(c.Faults, i, i+1)
		return due, true
	}
	return Fault{}, false
}

// distort does to the frames of a reply what the line does.
func (f Fault) distort(frames []byte) []byte {
	switch f.Do {
	case Drop:
		return nil
	case Corrupt:
		frames[3] = 0xDB // before 00: an escape that is none
	case Cut:
		return frames[:len(frames)-4]
	case Precede:
		stale := slip.Append(nil, []byte{0x01, byte(rom.MemEnd), 2, 0, 0xEF, 0xBE, 0xAD, 0xDE, 1, 7})
		return append(stale, frames...)
	case Babble:
		return append([]byte("\r\nbeacon timeout\r\n"), frames...)
	}
	return frames
}
