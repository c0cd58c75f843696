package soc

import "github.com/espalier-hil/espalier/boards/virtual/lx106"

// sleep is what the chip does while its core does nothing, until the RTC's
// counter meets the alarm.
type sleep struct {
	depth depth
	at    ticks // when it ends; never: by a reset alone
}

type depth int

const (
	awake depth = iota
	// light stops the core alone, which then goes on. On the chip it stops the
	// peripherals' clock, too.
	light
	// deep cuts the supply of all but the RTC. Its end is a low level on GPIO16,
	// and where that is wired to EN, a reset.
	deep
)

// fall begins a sleep.
func (s *sleep) fall(m *Machine) {
	*s = sleep{light, m.RTC.wakes()}
	if m.RTC.deepens() {
		s.depth = deep
		if m.cfg.NoWake {
			s.at = never
		}
		noise := random{state: m.cfg.Seed ^ uint64(m.clock.now())}
		m.forget(&noise)
		m.peripherals()
	}
	m.CPU.Break()
}

func (s *sleep) tick(m *Machine, now ticks) {
	if now < s.at {
		return
	}
	s.at = never
	if s.depth == deep {
		m.ask(lx106.WakeReset)
		return
	}
	s.depth = awake
}

// Sleeping reports whether the chip is in deep sleep: it has forgotten all but
// what the RTC keeps, is silent and hears nothing.
func (m *Machine) Sleeping() bool { return m.sleep.depth == deep }
