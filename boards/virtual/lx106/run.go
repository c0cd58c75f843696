package lx106

import (
	"errors"
	"fmt"
)

// Stop is why a run ended.
type Stop int

// The core stops with the first four; the resets are for the chip around it to
// add.
const (
	Budget    Stop = iota // the instructions asked for were executed, or Break was called
	Idle                  // in waiti, with no interrupt to take
	Trapped               // PC is in the trap window, where nothing was executed
	Halted                // for ever; the error is a *Halt
	SoftReset             // a software reset was asked for
	WDTReset              // the watchdog expired
	WakeReset             // a deep sleep is over
	PowerLoss             // the supply has ended
)

func (s Stop) String() string {
	names := [...]string{"budget", "idle", "trapped", "halted", "software reset", "watchdog reset", "wake-up reset", "power loss"}
	if s < 0 || int(s) >= len(names) {
		return fmt.Sprintf("stop(%d)", int(s))
	}
	return names[s]
}

// Run executes up to n instructions. The error is not nil with Halted, and
// only then; it is a *[Halt].
func (c *CPU) Run(n uint64) (Stop, error) {
	c.broken = false
	for end := c.Retired + n; ; {
		if c.halt != nil {
			return Halted, c.halt
		}
		taken := c.interrupt()
		if c.PC >= c.TrapLo && c.PC < c.TrapHi {
			return Trapped, nil
		}
		if c.Waiting && !taken {
			return Idle, nil
		}
		if c.Retired >= end || c.broken {
			return Budget, nil
		}
		c.stretch(end - c.Retired)
	}
}

// stretch executes up to n instructions in which nothing but the program
// happens: it ends early where the comparator meets, and where something asks
// for a recheck.
func (c *CPU) stretch(n uint64) {
	if !c.code.Contains(c.PC) && !c.fetch() {
		return
	}
	start, meets, compare := c.Cycles, c.Cycles+c.NextCompare(), c.CCOMPARE0
	c.until = min(start+n, meets)
	c.execute()
	c.Retired += c.Cycles - start
	if c.Cycles >= meets && c.CCOMPARE0 == compare {
		c.INTERRUPT |= 1 << timerIRQ
	}
}

// fetch finds the code at PC, or enters the exception for there being none,
// which counts as an instruction: vectors without code cannot hang a run.
func (c *CPU) fetch() bool {
	m, err := c.bus.Fetch(c.PC)
	if err != nil {
		c.fail(err, 0)
		c.Cycles++
		c.Retired++
		return false
	}
	if m.code == nil {
		m.code = make([]inst, len(m.Data))
	}
	c.code = m
	return true
}

// fail turns the error of an access by the instruction word at PC into an
// exception, or into a halt.
func (c *CPU) fail(err error, word uint32) {
	var f *Fault
	if errors.As(err, &f) {
		c.Exception(f.Cause, f.Addr)
	} else {
		c.halt = &Halt{PC: c.PC, Word: word, A: c.A, Reason: err}
	}
}
