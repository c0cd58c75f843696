package soc

import (
	"math"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// ticks is a time or a duration of the peripherals' clock, twice the 26 MHz
// crystal.
type ticks uint64

// perMicrosecond is the clock's rate.
const perMicrosecond = 52

func ticksOf(d time.Duration) ticks {
	return (ticks(max(d, 0))*perMicrosecond + 999) / 1000
}

func (t ticks) duration() time.Duration { return time.Duration(t * 1000 / perMicrosecond) }

// ceil returns the first nanosecond that is not before t.
func (t ticks) ceil() time.Duration {
	return time.Duration((t*1000 + perMicrosecond - 1) / perMicrosecond)
}

// clock derives the peripherals' time from the core's cycles: as many, or half
// as many while the core runs at double speed.
type clock struct {
	cpu    *lx106.CPU
	double uint64 // cycles a tick: 1 or 2
	base   ticks  // the time at cycle since
	since  uint64
}

func (c *clock) now() ticks { return c.base + ticks((c.cpu.Cycles-c.since)/c.double) }

// at returns the first time that is not before n cycles from now.
func (c *clock) at(n uint64) ticks {
	return c.base + ticks((c.cpu.Cycles+n-c.since+c.double-1)/c.double)
}

// skip lets t pass without executing.
func (c *clock) skip(t ticks) { c.cpu.Skip(uint64(t) * c.double) }

// setDouble changes the core's speed from now on.
func (c *clock) setDouble(n uint64) {
	c.base, c.since, c.double = c.now(), c.cpu.Cycles, n
}

// tick does what is due.
func (m *Machine) tick() {
	now := m.clock.now()
	if m.sleep.tick(m, now); m.sleep.depth == deep {
		return
	}
	m.UART0.tick(now)
	m.UART1.tick(now)
	m.timers.tick(m, now)
	m.wdt.tick(m, now)
}

// nextEvent returns when tick has something to do next.
func (m *Machine) nextEvent() (at ticks, ok bool) {
	at = m.sleep.at
	if m.sleep.depth != deep {
		at = min(at, m.UART0.next(), m.UART1.next(), m.timers.next(), m.wdt.next())
	}
	return at, at != never
}

// due reports whether tick has something to do now.
func (m *Machine) due() bool {
	at, ok := m.nextEvent()
	return ok && at <= m.clock.now()
}

// quiet returns how many cycles may pass before tick has something to do.
func (m *Machine) quiet() uint64 {
	at, ok := m.nextEvent()
	if !ok {
		return math.MaxUint64 >> 1
	}
	return uint64(at-m.clock.now()) * m.clock.double
}

// never is the time of an event that is not to come.
const never = ticks(math.MaxUint64)
