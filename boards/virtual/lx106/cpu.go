package lx106

// Stop is why a run ended.
type Stop int

const (
	Budget    Stop = iota // all instructions asked for were executed, or Break was called
	Idle                  // waiti, and no interrupt to take
	Trapped               // PC entered the trap window; nothing there was executed
	Halted                // the error says why, for ever
	SoftReset             // the chip asked for a software reset (never by the core alone)
	WDTReset              // the watchdog bit (never by the core alone)
)

// State is all that the core remembers: copy it, and you have it.
type State struct {
	A  [16]uint32
	PC uint32
	PS uint32 // bits 3:0 INTLEVEL, 4 EXCM, 5 UM

	SAR        uint32 // 0..32
	LITBASE    uint32
	EPC        [4]uint32 // EPC1..EPC3 at their own number, 0 unused
	EPS        [4]uint32 // EPS2, EPS3
	EXCSAVE    [4]uint32 // EXCSAVE1..EXCSAVE3
	EXCCAUSE   uint32
	EXCVADDR   uint32
	DEPC       uint32
	VECBASE    uint32
	INTENABLE  uint32
	INTERRUPT  uint32 // latched: software, timer and NMI; the level lines are in Lines
	Lines      uint32 // level interrupt lines that are raised
	CCOMPARE0  uint32
	DEBUGCAUSE uint32

	Cycles  uint64 // since New, idle ones included; CCOUNT is its low word plus CCountBias
	Retired uint64 // instructions executed
	Waiting bool   // in waiti

	CCountBias uint32
}

// CPU is one core. It is not safe for concurrent use.
type CPU struct {
	State

	// TrapLo and TrapHi bound the window [TrapLo, TrapHi) in which nothing is
	// executed: a run ends with Trapped when PC enters it. Both zero: none.
	TrapLo, TrapHi uint32

	// Simcall, if set, serves the simcall instruction, which is otherwise a
	// halt. Tests use it.
	Simcall func(*CPU) error

	ram  *Memory
	code *Memory
	bus  Bus
}

// New returns a core in its reset state. Loads and stores that hit ram, which
// takes any access size, do not go through bus.
func New(ram *Memory, bus Bus) *CPU {
	c := &CPU{ram: ram, bus: bus}
	c.Reset()
	return c
}

// Reset puts the registers to their reset values: PC 0x40000080, PS 0x1f,
// VECBASE 0x40000000. Cycles and Retired keep counting.
func (c *CPU) Reset() {}

// Run executes up to n instructions. With Halted the error is a *[Halt].
func (c *CPU) Run(n uint64) (Stop, error) { return Budget, nil }

// Break ends the run in progress after the current instruction, with Budget.
func (c *CPU) Break() {}

// Refetch makes the core ask the bus again where it executes from.
func (c *CPU) Refetch() {}

// Raise raises the level interrupt line irq (0..14).
func (c *CPU) Raise(irq int) {}

// Lower lowers the interrupt line irq.
func (c *CPU) Lower(irq int) {}

// Exception enters the vector for cause, with vaddr in EXCVADDR where the
// cause has an address.
func (c *CPU) Exception(cause, vaddr uint32) {}

// Skip lets n cycles pass in which nothing executes.
func (c *CPU) Skip(n uint64) {}

// CCOUNT returns the cycle counter.
func (c *CPU) CCOUNT() uint32 { return 0 }

// NextCompare returns in how many cycles CCOUNT meets CCOMPARE0 (1..2³²).
func (c *CPU) NextCompare() uint64 { return 0 }
