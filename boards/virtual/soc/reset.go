package soc

import "github.com/espalier-hil/espalier/boards/virtual/lx106"

// Cause is why the chip was reset, as the RTC shows it in 0x60000714.
type Cause uint8

const (
	Power Cause = 1 // the supply
	Ext   Cause = 2 // the EN pin
	Soft  Cause = 3 // bit 31 of 0x60000700
	WDT   Cause = 4 // the hardware watchdog
	Wake  Cause = 5 // the end of a deep sleep, by way of GPIO16 and EN
)

// Straps as the first number of "boot mode:(3,6)": GPIO15<<2 | GPIO0<<1 | GPIO2.
const (
	StrapDownload = 1
	StrapFlash    = 3
)

// Reset resets the chip: registers to their reset values, PC to 0x40000080.
//
// RAM keeps what it holds, except at Power, where it and the RTC's memory get
// a pattern given by the seed; a deep sleep has lost it before its Wake. straps
// are latched, except at Soft, which also leaves the watchdog as it was.
func (m *Machine) Reset(cause Cause, straps uint8) {
	m.request = lx106.Budget
	if cause == Power {
		noise := random{state: m.cfg.Seed ^ 0x5eed}
		m.forget(&noise)
		m.RTC.powerOn(&noise)
		m.Flash.Reset()
		m.supply.lost = false
	}
	m.sleep = sleep{at: never}
	if cause != Soft {
		m.GPIO.straps = uint32(straps&7) | uint32(m.cfg.SDIO&7)<<13
		m.wdt = wdt{}
	}
	if cause != Soft || m.cfg.SoftCause {
		m.RTC.reset(cause)
	}
	m.peripherals()
	m.random.reset(m.cfg, cause)
	m.CPU.Lines = 0
	m.CPU.Reset()
}

// peripherals puts to their reset values all registers but those that some
// resets leave alone.
func (m *Machine) peripherals() {
	m.clock.setDouble(1)
	m.dport = dport{}
	m.window.Data = nil
	m.timers = timers{}
	m.timers.reset(m.clock.now())
	m.UART0.reset()
	m.UART1.reset()
	m.SPI.reset()
	m.GPIO.reset()
	m.Link.reset()
}

// forget fills the RAM with what it holds when its supply comes.
func (m *Machine) forget(noise *random) {
	noise.fill(m.DRAM.Data)
	noise.fill(m.IRAM.Data)
	m.IRAM.Invalidate(0, IRAMSize)
}

// ask makes Run end with the reset that the chip wants.
func (m *Machine) ask(reset lx106.Stop) {
	m.request = reset
	m.CPU.Break()
}
