package soc

import (
	"fmt"
	"math"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// Unit is what the time until a power cut is counted in.
type Unit int

const (
	Instructions Unit = iota // that the core executes; what a ROM does that is not machine code counts as none
	Bytes                    // on UART0, either way
	Pulses                   // of the flash: nor.ErasePulses for each erase, one for each byte that is programmed
)

func (u Unit) String() string {
	names := [...]string{"instruction", "byte", "pulse"}
	if u < 0 || int(u) >= len(names) {
		return fmt.Sprintf("unit(%d)", int(u))
	}
	return names[u]
}

// A Cut is the end of the supply at one moment.
type Cut struct {
	// After so many units from now: with 1, behind the next instruction or byte,
	// or in the middle of the next pulse. 0 is no cut.
	After uint64
	Of    Unit
	// Seed decides what a pulse in which the supply fails leaves in the flash,
	// and how weak bits read from then on: see [nor.Cut].
	Seed uint64
	// Whole leaves no pulse half done.
	Whole bool
}

// supply is what is to happen to it.
type supply struct {
	at    uint64 // by CPU.Retired: the end; never: none is to come
	bytes uint64 // on UART0 until the end; 0: none is to come
	lost  bool   // until the next Reset at Power
}

var held = supply{at: math.MaxUint64}

// Cut makes the supply end as c says, instead of any cut before. Run then ends
// with [lx106.PowerLoss], and what the chip sends and does to its flash from
// there on is not seen, until the Reset at Power that is the caller's to do.
func (m *Machine) Cut(c Cut) {
	m.supply = supply{at: held.at, lost: m.supply.lost}
	m.Flash.CutIn(nor.Cut{})
	switch {
	case c.After == 0:
	case c.Of == Instructions:
		m.supply.at = m.CPU.Retired + c.After
		m.CPU.Break()
	case c.Of == Bytes:
		m.supply.bytes = c.After
	case c.Of == Pulses:
		m.Flash.CutIn(nor.Cut{Pulse: c.After, Seed: c.Seed, Whole: c.Whole, Lost: m.fail})
	}
}

// Lost reports whether the supply has ended.
func (m *Machine) Lost() bool { return m.supply.lost }

func (m *Machine) fail() {
	m.supply = held
	m.supply.lost = true
	m.Flash.Fail()
	m.ask(lx106.PowerLoss)
}

// passed counts a byte on u.
func (m *Machine) passed(u *UART) {
	if u != m.UART0 || m.supply.bytes == 0 {
		return
	}
	if m.supply.bytes--; m.supply.bytes == 0 {
		m.fail()
	}
}
