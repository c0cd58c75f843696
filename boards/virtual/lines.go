package virtual

import (
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// supply is what the chip's supply and EN pins see.
type supply int

const (
	supplyOff    supply = iota
	supplyHeld          // EN is low
	supplyRising        // EN is let go, and its capacitor charges
	supplyOn
)

// riseTime is how long EN's resistor and capacitor take, and the straps count
// at the end of it. A host that changes DTR and RTS one after the other lets
// EN go for a moment with GPIO0 still high, which must not be the end of it;
// its next change must. So while EN rises the change of a line takes lineTime, and
// that of both twice as long, however short the host's pauses are.
const (
	riseTime = 10 * time.Millisecond
	lineTime = 6 * time.Millisecond
)

// bothTime is the same for a host at the other end of a network. Stock clients
// of RFC 2217 wait for the answer to each line before they move the next, so
// the two changes of the classic reset arrive 50 to 100 ms apart (pyserial looks
// for the answer every 50 ms, and with ign_set_control sleeps for 100 ms), and
// later by the round trip: no capacitor spans that, and a faithful board would
// have booted its flash. So both lines asserted, where one of them held the
// chip in reset before, is taken for a moment between: EN stays low until the
// next change, which ends the moment as if it had taken lineTime. A host that
// means it, and leaves both asserted, has its board run after bothTime, which
// is some ten times what was seen with pyserial at hand and leaves room for
// slow networks. A pulse on RTS alone does not pass through that state and
// waits for nothing.
const bothTime = time.Second

// reads tells what the two transistors make of the modem lines. With both
// asserted, or neither, both pins are high.
//
//	DTR RTS  EN GPIO0
//	 -   -    1   1
//	 T   T    1   1
//	 -   T    0   1
//	 T   -    1   0
func (s *state) reads() (en, gpio0 bool) {
	return s.dtr || !s.rts, s.rts || !s.dtr
}

// straps are the boot mode pins, GPIO15<<2 | GPIO0<<1 | GPIO2.
func (s *state) straps() uint8 {
	if _, gpio0 := s.reads(); gpio0 && !s.held {
		return soc.StrapFlash
	}
	return soc.StrapDownload
}

// levels are those that the board applies to the chip's pins: pull-ups on GPIO0
// and GPIO2, and the idle wires of UART0 on GPIO1 and GPIO3.
func (s *state) levels() uint16 {
	const idle = 1<<1 | 1<<2 | 1<<3
	return idle | uint16(s.straps()>>1&1)
}

// SetDTR sets the host's DTR line; asserted pulls GPIO0 low, if RTS is not.
func (b *Board) SetDTR(asserted bool) { b.inbox.put(event{kind: dtrLine, dtr: asserted}) }

// SetRTS sets the host's RTS line; asserted pulls EN low, if DTR is not.
func (b *Board) SetRTS(asserted bool) { b.inbox.put(event{kind: rtsLine, rts: asserted}) }

// SetLines sets both at once.
func (b *Board) SetLines(dtr, rts bool) { b.inbox.put(event{kind: bothLines, dtr: dtr, rts: rts}) }

// HoldGPIO0 is a finger on the board's button until the next reset by EN or
// supply is over: that one enters the loader, whatever the lines are.
func (b *Board) HoldGPIO0() { b.inbox.put(event{kind: button}) }

// PowerOn connects the supply.
func (b *Board) PowerOn() { b.inbox.put(event{kind: power, on: true}) }

// PowerOff disconnects it, and RAM forgets.
func (b *Board) PowerOff() { b.inbox.put(event{kind: power}) }

// PowerCycle is PowerOff and PowerOn.
func (b *Board) PowerCycle() {
	b.PowerOff()
	b.PowerOn()
}

// power connects or disconnects the supply. Callers hold mu.
func (b *Board) power(on bool) {
	s := &b.board
	switch {
	case !on:
		if s.supply != supplyOff {
			b.saw("off")
		}
		s.supply = supplyOff
		b.chip.Reset(soc.Power, s.straps())
	case s.supply == supplyOff:
		b.saw("on")
		s.cold = true
		s.supply = supplyHeld
		b.flash.Reset()
		b.follow()
	}
}

// move carries out a change of the lines. Callers hold mu.
func (b *Board) move(e event) {
	s := &b.board
	dtr, rts := s.dtr, s.rts
	if e.kind != rtsLine {
		dtr = e.dtr
	}
	if e.kind != dtrLine {
		rts = e.rts
	}
	switch {
	case s.between > 0 && dtr == s.dtr && rts == s.rts: // a host far away that repeats itself, not one that takes its time
		return
	case s.between > 0 && s.supply == supplyRising && s.dtr && s.rts && b.chip.Now() < s.up:
		s.up = b.chip.Now() + riseTime - lineTime
	case s.supply == supplyRising:
		b.pass(lineTime)
		if e.kind == bothLines {
			b.pass(lineTime)
		}
		b.settle()
	}
	s.dtr, s.rts = dtr, rts
	b.follow()
}

// follow makes the chip follow EN. Callers hold mu.
func (b *Board) follow() {
	s := &b.board
	b.chip.GPIO.In = s.levels()
	if s.supply == supplyOff {
		return
	}
	switch en, _ := s.reads(); {
	case !en:
		s.supply = supplyHeld
		b.chip.Reset(soc.Ext, s.straps()) // at once, and again when EN has risen
	case s.supply == supplyHeld:
		s.supply = supplyRising
		s.up = b.chip.Now() + riseTime
		if s.dtr && s.rts && !s.cold {
			s.up += s.between
		}
	}
}

// settle ends a reset by pin or supply if it is time. Callers hold mu.
func (b *Board) settle() {
	s := &b.board
	if s.supply != supplyRising || b.chip.Now() < s.up {
		return
	}
	cause := soc.Ext
	if s.cold {
		cause = soc.Power
	}
	s.cold = false
	s.supply = supplyOn
	b.reset(cause)
	s.held = false
}

// reset resets the chip. Callers hold mu.
func (b *Board) reset(cause soc.Cause) {
	s := &b.board
	s.resets++
	s.rested = false
	s.dead = ""
	s.habits = habits{}
	b.chip.Reset(cause, s.straps())
	b.logf("reset: %s", causes[cause])
	b.saw("reset: " + causes[cause])
}

var causes = map[soc.Cause]string{
	soc.Power: "power-on", soc.Ext: "EN pin", soc.Soft: "software", soc.WDT: "watchdog", soc.Wake: "wake-up from deep sleep",
}
