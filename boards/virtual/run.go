package virtual

import (
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// motion is how a board is left by a step.
type motion int

const (
	busy    motion = iota // it has more to do
	idle                  // nothing happens until the next timer or the host's next action
	crashed               // it printed what it will print again and again
	polling               // it does nothing but look, at the time or at its peripherals
)

// slice is how many instructions are executed before the board looks up: long
// enough to cost nothing, short enough that nobody waits for it.
const slice = 50_000

// shortSlice is for a ROM that is executed, which shows only at the end of a
// slice that it is ready for more. One that works on gets the host's bytes after
// as many as make a long one.
const shortSlice = 10_000

// romCost is what an entry into the ROM takes off the slice.
const romCost = 100

// step runs the chip until it rests, or for a slice. Callers hold mu.
func (b *Board) step() motion {
	s := &b.board
	if b.settle(); s.supply != supplyOn {
		return idle
	}
	m := b.execute()
	s.rested = s.rested || m != busy
	if m == idle {
		s.habits = habits{}
	}
	if now := b.chip.Sleeping(); now != s.sleeps {
		if s.sleeps = now; now {
			b.logf("deep sleep")
			b.saw("deep sleep")
		}
	}
	if b.rom != nil && b.rom.Dead != s.dead {
		s.dead = b.rom.Dead
		b.logf("the ROM hangs: %s", s.dead)
	}
	return m
}

func (b *Board) execute() motion {
	cpu := b.chip.CPU
	before := b.glance()
	began := cpu.Retired
	left := int64(slice)
	if b.rom == nil {
		left = shortSlice
	}
	for left > 0 {
		retired := cpu.Retired
		stop, err := b.chip.Run(uint64(left))
		left -= int64(cpu.Retired - retired)
		b.collect()
		switch stop {
		case lx106.PowerLoss:
			b.lose()
			return idle
		case lx106.Idle:
			return idle
		case lx106.Halted:
			b.halt(err)
			return idle
		case lx106.SoftReset:
			b.reset(soc.Soft)
		case lx106.WDTReset:
			b.reset(soc.WDT)
		case lx106.WakeReset:
			b.reset(soc.Wake)
		case lx106.Trapped:
			left -= romCost
			outcome, err := b.rom.Step()
			b.collect()
			switch {
			case b.chip.Lost():
				b.lose()
				return idle
			case err != nil:
				b.halt(err)
				return idle
			case outcome == maskrom.Waits:
				return idle
			case outcome == maskrom.Crashed:
				return crashed
			}
		}
	}
	s := &b.board
	if s.worked += cpu.Retired - began; s.worked >= slice {
		s.worked, s.rested = 0, true
	}
	return b.demeanour(before)
}

// nextEvent is when something happens of itself, in virtual time. Callers hold
// mu.
func (b *Board) nextEvent() (at time.Duration, ok bool) {
	switch b.board.supply {
	case supplyRising:
		return b.board.up, true
	case supplyOn:
		return b.chip.NextEvent()
	}
	return 0, false
}
