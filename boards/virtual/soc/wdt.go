package soc

import "github.com/espalier-hil/espalier/boards/virtual/lx106"

// wdt is the hardware watchdog at 0x60000900. Unfed for the time of stage 1 it
// interrupts, for that of stage 2 more it resets.
type wdt struct {
	ctl, stage1, stage2 uint32
	stage               uint32
	since, at           ticks // when the stage began, and ends
}

// Bits of ctl: 2:1 what it does unfed, by the names that Mongoose OS found for
// them; 5:3 how long its reset is, which shows nowhere. Of both bits together
// nothing is known: here it then interrupts after each stage 1.
const (
	wdtEnable  = 1 << 0
	wdtNoReset = 1 << 1 // after stage 2, but begin anew
	wdtSingle  = 1 << 2 // there is no stage 2: reset after stage 1

	wdtIRQ  = 8
	wdtFeed = 0x73

	// A stage lasts 2^N of these, 0.819 ms.
	wdtUnit = 819 * perMicrosecond
)

func (w *wdt) next() ticks {
	if w.ctl&wdtEnable == 0 {
		return never
	}
	return w.at
}

func (w *wdt) tick(m *Machine, now ticks) {
	for now >= w.next() {
		w.expire(m)
	}
}

// expire ends the stage.
func (w *wdt) expire(m *Machine) {
	last := w.stage == 1 || w.ctl&wdtSingle != 0
	switch {
	case last && w.ctl&wdtNoReset == 0:
		w.ctl = 0
		m.ask(lx106.WDTReset)
		return
	case last:
		w.feed(w.at)
	default:
		w.stage, w.since = 1, w.at
		w.at += wdtUnit << (w.stage2 & 15)
	}
	if (w.stage == 1 || w.ctl&wdtSingle != 0) && m.dport.intEnable&enableWDT != 0 {
		m.CPU.Raise(wdtIRQ)
	}
}

// feed begins stage 1 anew.
func (w *wdt) feed(now ticks) {
	w.stage, w.since, w.at = 0, now, now+wdtUnit<<(w.stage1&15)
}

type wdtRegs Machine

func (w *wdtRegs) load(off uint32) (uint32, error) {
	switch off {
	case 0x00:
		return w.wdt.ctl, nil
	case 0x04:
		return w.wdt.stage1, nil
	case 0x08:
		return w.wdt.stage2, nil
	case 0x0c: // ticks of the stage; that they count up is a guess
		if w.wdt.ctl&wdtEnable == 0 {
			return 0, nil
		}
		return uint32(w.clock.now() - w.wdt.since), nil
	case 0x10:
		return w.wdt.stage, nil
	}
	return 0, ErrUnknown
}

func (w *wdtRegs) store(off, v uint32) error {
	now := w.clock.now()
	switch off {
	case 0x00:
		if v&^w.wdt.ctl&wdtEnable != 0 {
			w.wdt.feed(now)
		}
		w.wdt.ctl = v
	case 0x04:
		w.wdt.stage1 = v
	case 0x08:
		w.wdt.stage2 = v
	case 0x14:
		if v == wdtFeed {
			w.wdt.feed(now)
		}
	default:
		return ErrUnknown
	}
	w.CPU.Break()
	return nil
}
