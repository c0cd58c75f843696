package soc

import "github.com/espalier-hil/espalier/boards/virtual/lx106"

// wdt is the hardware watchdog at 0x60000900. Unfed for the time of stage 1 it
// interrupts, for that of stage 2 more it resets.
type wdt struct {
	ctl, stage1, stage2 uint32
	stage               uint32
	at                  ticks // when the stage ends
}

const (
	wdtIRQ    = 8
	wdtEnable = 1 << 0 // of ctl
	wdtFeed   = 0x73

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
	if now < w.next() {
		return
	}
	if w.stage == 0 {
		w.stage, w.at = 1, now+wdtUnit<<(w.stage2&15)
		if m.dport.intEnable&enableWDT != 0 {
			m.CPU.Raise(wdtIRQ)
		}
		return
	}
	w.ctl = 0
	m.ask(lx106.WDTReset)
}

// feed begins stage 1 anew.
func (w *wdt) feed(now ticks) {
	w.stage, w.at = 0, now+wdtUnit<<(w.stage1&15)
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
