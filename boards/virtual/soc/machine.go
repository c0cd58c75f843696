package soc

import (
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// Memory map (facts of the chip; sizes in bytes).
const (
	DRAMBase  = 0x3ffe8000
	DRAMSize  = 0x18000 // ends at 0x40000000
	ROMBase   = 0x40000000
	ROMSize   = 0x10000
	IRAMBase  = 0x40100000
	IRAMSize  = 0x10000
	CacheBase = 0x40200000 // flash window, while the cache is on
	CacheSize = 0x100000
)

// Cause is a reset cause, as the RTC shows it in 0x60000714.
type Cause uint8

const (
	Power Cause = 1 // supply
	Ext   Cause = 2 // EN pin
	Soft  Cause = 3 // 0x60000700 bit 31
	WDT   Cause = 4 // hardware watchdog
)

// Straps as the mode number of the boot line: GPIO15<<2 | GPIO0<<1 | GPIO2.
const (
	StrapDownload = 1
	StrapFlash    = 3
)

// A Fault is an access that the chip answers with an exception.
type Fault = lx106.Fault

// Machine is one chip with its flash.
type Machine struct {
	CPU   *lx106.CPU
	Flash *nor.Chip
	UART0 *UART
	UART1 *UART
	Link  *Link

	DRAM lx106.Memory
	IRAM lx106.Memory

	cfg Config
}

// New returns a machine that has not been reset: call Reset(Power, straps).
func New(cfg Config) (*Machine, error) { return &Machine{cfg: cfg}, nil }

// Reset resets the chip for cause: registers to their reset values, PC
// 0x40000080. RAM is kept, except at Power, where it gets a pattern derived
// from the seed. straps (StrapDownload, StrapFlash …) are latched unless the
// cause is Soft, which keeps the last straps and the last cause.
func (m *Machine) Reset(c Cause, straps uint8) {}

// Run executes up to n instructions with all timers. It ends early as
// [lx106.CPU.Run] does, and with SoftReset or WDTReset where the chip asks for
// its reset, which is the caller's to do.
func (m *Machine) Run(n uint64) (lx106.Stop, error) { return lx106.Budget, nil }

// Now returns virtual time since the machine was made.
func (m *Machine) Now() time.Duration { return 0 }

// Advance lets d pass without executing; timers that expire raise their
// interrupts. The watchdog may expire too: the next Run reports it.
func (m *Machine) Advance(d time.Duration) {}

// NextEvent returns when, by Now's clock, a timer that is armed expires.
func (m *Machine) NextEvent() (time.Duration, bool) { return 0, false }

// Close closes the link's sockets. The flash is the caller's to close, if it
// gave it.
func (m *Machine) Close() error { return nil }
