package lx106

// State is all that the core remembers: copy it, and you have it.
type State struct {
	A  [16]uint32
	PC uint32
	PS uint32 // bits 3:0 INTLEVEL, 4 EXCM, 5 UM

	SAR        uint32
	LITBASE    uint32
	EPC        [4]uint32 // EPC1..EPC3 at their own number
	EPS        [4]uint32 // EPS2, EPS3
	EXCSAVE    [4]uint32 // EXCSAVE1..EXCSAVE3
	EXCCAUSE   uint32
	EXCVADDR   uint32
	DEPC       uint32
	VECBASE    uint32
	INTENABLE  uint32
	INTERRUPT  uint32 // latched interrupts: timer, software, edge, NMI
	Lines      uint32 // level interrupts, as their sources hold them
	CCOMPARE0  uint32
	CCountBias uint32 // CCOUNT less the low word of Cycles

	DEBUGCAUSE, DDR, IBREAKA0, DBREAKA0, ICOUNT uint32

	Cycles  uint64 // since New, idle ones included
	Retired uint64 // instructions executed since New
	Waiting bool   // in waiti
}

// CPU is one core. It is not safe for concurrent use.
type CPU struct {
	State

	// TrapLo and TrapHi bound the window [TrapLo, TrapHi) in which nothing is
	// executed: a run ends with Trapped where PC enters it. Both zero: none.
	TrapLo, TrapHi uint32

	// Simcall, if set, serves the simcall instruction, on which the core
	// otherwise halts. An error halts it too. Tests use it.
	Simcall func(*CPU) error

	// Clocked counts the instructions that looked at the time: reads of CCOUNT,
	// and of INTERRUPT, where a match of CCOMPARE0 shows.
	Clocked uint64

	ram  *Memory
	bus  Bus
	code *Memory // where it executes from; never nil

	until  uint64 // the inner loop ends at this cycle; see recheck
	broken bool   // Break was called
	halt   *Halt
}

// nowhere holds no code.
var nowhere = new(Memory)

// New returns a core in its reset state. Loads and stores of any size that hit
// ram do not go through bus.
func New(ram *Memory, bus Bus) *CPU {
	c := &CPU{ram: ram, bus: bus, code: nowhere}
	c.Reset()
	return c
}

// ResetPC is where the core starts.
const ResetPC = 0x40000080

// Reset puts the registers to their reset values; A gets zeros, which silicon
// does not promise. Cycles and Retired keep counting, and a Halt is forgotten.
func (c *CPU) Reset() {
	c.State = State{
		PC:         ResetPC,
		PS:         psIntLevel | psEXCM,
		VECBASE:    0x40000000,
		Lines:      c.Lines,
		CCountBias: -uint32(c.Cycles),
		Cycles:     c.Cycles,
		Retired:    c.Retired,
	}
	c.halt = nil
	c.code = nowhere
	c.recheck()
}

// CCOUNT returns the cycle counter.
func (c *CPU) CCOUNT() uint32 { return uint32(c.Cycles) + c.CCountBias }

// NextCompare returns in how many cycles CCOUNT meets CCOMPARE0: 1..2³².
func (c *CPU) NextCompare() uint64 {
	if d := c.CCOMPARE0 - c.CCOUNT(); d != 0 {
		return uint64(d)
	}
	return 1 << 32
}

// Skip lets n cycles pass, between two runs, in which nothing executes; the
// comparator's interrupt is raised if it falls in them.
func (c *CPU) Skip(n uint64) {
	if n >= c.NextCompare() {
		c.INTERRUPT |= 1 << timerIRQ
	}
	c.Cycles += n
}

// Break ends the run in progress, with Budget, before the next instruction.
func (c *CPU) Break() {
	c.broken = true
	c.recheck()
}

// Refetch makes the core ask the bus again where it executes from.
func (c *CPU) Refetch() {
	c.code = nowhere
	c.recheck()
}

// Resume makes the core go on from State after that was set: nothing else of
// before counts, a Halt neither.
func (c *CPU) Resume() {
	c.halt = nil
	c.Refetch()
}

// recheck makes the inner loop end after the current instruction, so that the
// outer one looks for interrupts and timers again. What a bus may call during
// an access needs it; rare instructions and exceptions end the loop anyway.
func (c *CPU) recheck() { c.until = 0 }
