package soc

import (
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// Machine is one chip with its flash.
type Machine struct {
	CPU   *lx106.CPU
	Flash *nor.Chip
	UART0 *UART
	UART1 *UART
	SPI   *SPI
	GPIO  *GPIO
	RTC   *RTC
	Link  *Link

	DRAM lx106.Memory
	IRAM lx106.Memory

	cfg    Config
	rom    lx106.Memory
	window lx106.Memory // what of the flash the cache shows, empty while it is off

	followed uint64 // the flash's count of changes that window knows of

	clock  clock
	dport  dport
	timers timers
	wdt    wdt
	random random

	stirred uint64 // accesses that could change something, or see it change by itself
	looked  uint64 // other accesses of registers
	scratch []byte // of Still

	sleep   sleep
	supply  supply
	request lx106.Stop // the reset that was asked for, else Budget
}

// New returns a machine before its first Reset, which is a Power one.
func New(cfg Config) (*Machine, error) {
	if cfg.SDIO == 0 {
		cfg.SDIO = 6
	}
	if cfg.FlashSize == 0 {
		cfg.FlashSize = 4 << 20
	}
	if n := len(cfg.MaskROM); n != 0 && n != ROMSize {
		return nil, fmt.Errorf("soc: mask ROM of %d bytes: it has %d", n, ROMSize)
	}
	if cfg.Flash == nil {
		var err error
		if cfg.Flash, err = nor.New(cfg.FlashSize); err != nil {
			return nil, fmt.Errorf("soc: %w", err)
		}
	}
	m := &Machine{
		Flash:  cfg.Flash,
		cfg:    cfg,
		DRAM:   lx106.Memory{Base: DRAMBase, Data: make([]byte, DRAMSize)},
		IRAM:   lx106.Memory{Base: IRAMBase, Data: make([]byte, IRAMSize)},
		rom:    lx106.Memory{Base: ROMBase, Data: cfg.MaskROM},
		window: lx106.Memory{Base: WindowBase},
	}
	m.CPU = lx106.New(&m.DRAM, (*bus)(m))
	if cfg.MaskROM == nil {
		m.CPU.TrapLo, m.CPU.TrapHi = ROMBase, ROMBase+ROMSize
	}
	m.clock = clock{cpu: m.CPU, double: 1}
	if m.Flash.Now == nil {
		m.Flash.Timing, m.Flash.Now = nor.Typical, m.Now
	}
	m.UART0 = &UART{machine: m, paced: cfg.Paced}
	m.UART1 = &UART{machine: m}
	m.SPI = &SPI{machine: m}
	m.GPIO = &GPIO{}
	m.RTC = &RTC{machine: m}
	m.sleep.at = never
	m.supply = held
	m.Link = newLink(cfg.Dial, cfg.Blocking)
	return m, nil
}

// Run executes up to n instructions, and the timers with them. It stops as
// [lx106.CPU.Run] does, with Idle also while the chip sleeps, and with
// SoftReset, WDTReset, WakeReset or PowerLoss where the chip wants, or after Cut
// has to have, the reset that is then the caller's to do.
func (m *Machine) Run(n uint64) (lx106.Stop, error) {
	m.followFlash()
	for end := m.CPU.Retired + n; ; {
		m.tick()
		if m.request != lx106.Budget {
			return m.request, nil
		}
		if m.sleep.depth != awake {
			return lx106.Idle, nil
		}
		stop, err := m.CPU.Run(min(end-m.CPU.Retired, m.quiet(), m.supply.at-m.CPU.Retired))
		if m.CPU.Retired >= m.supply.at {
			m.fail()
		}
		if stop == lx106.Idle && m.due() {
			continue
		}
		if stop != lx106.Budget || m.CPU.Retired >= end {
			if m.request != lx106.Budget && stop != lx106.Halted {
				return m.request, nil
			}
			return stop, err
		}
	}
}

// Now returns virtual time since New.
func (m *Machine) Now() time.Duration { return m.clock.now().duration() }

// Advance lets d pass without executing, rounded up to whole ticks of the
// 52 MHz clock. Timers that expire meanwhile raise their interrupts; where the
// watchdog does, the next Run says so.
func (m *Machine) Advance(d time.Duration) {
	for left := ticksOf(d); left > 0; {
		step := left
		if at, ok := m.nextEvent(); ok && at > m.clock.now() {
			step = min(left, at-m.clock.now())
		}
		m.clock.skip(step)
		m.tick()
		left -= step
	}
}

// NextEvent returns when, by the clock of Now, something happens without the
// program's doing: a timer that can interrupt, the watchdog, a byte or the
// silence after it, or the end of a sleep.
func (m *Machine) NextEvent() (time.Duration, bool) {
	at, ok := m.nextEvent()
	if m.CPU.INTENABLE>>compareIRQ&1 != 0 && m.sleep.depth == awake {
		cpu := m.clock.at(m.CPU.NextCompare())
		if !ok || cpu < at {
			at, ok = cpu, true
		}
	}
	return at.ceil(), ok
}

// Close closes the link's connection, for good. It may be called from any
// goroutine.
func (m *Machine) Close() error {
	m.Link.shutdown()
	return nil
}
