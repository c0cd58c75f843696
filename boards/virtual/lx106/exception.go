package lx106

// Bits of PS.
const (
	psIntLevel = 15
	psEXCM     = 1 << 4
	psUM       = 1 << 5
)

// Vectors, from VECBASE.
const (
	vectorDebug  = 0x10
	vectorNMI    = 0x20
	vectorKernel = 0x30
	vectorUser   = 0x50
	vectorDouble = 0x70
)

// Kinds of interrupt, and the levels above 1.
const (
	levelIRQs    = 0x003f // follow their line
	timerIRQ     = 6
	softwareIRQs = 1 << 7
	edgeIRQs     = 0x3f00 // latched until INTCLEAR
	nmiIRQ       = 14

	excmLevel  = 1
	debugLevel = 2
	nmiLevel   = 3
)

// Exception enters the vector for cause from PC: user or kernel, or double if
// one was being served. vaddr goes to EXCVADDR where the cause has an address.
func (c *CPU) Exception(cause, vaddr uint32) {
	switch cause {
	case CauseIllegal, CauseSyscall, CauseInterrupt, CausePrivileged:
	default:
		c.EXCVADDR = vaddr
	}
	c.EXCCAUSE = cause
	vector := uint32(vectorKernel)
	switch {
	case c.PS&psEXCM != 0:
		c.DEPC = c.PC
		vector = vectorDouble
	case c.PS&psUM != 0:
		vector = vectorUser
		fallthrough
	default:
		c.EPC[1] = c.PC
	}
	c.PS |= psEXCM
	c.PC = c.VECBASE + vector
}

// enter enters the vector of a level above 1.
func (c *CPU) enter(level, vector uint32) {
	c.EPC[level] = c.PC
	c.EPS[level] = c.PS
	c.PS = c.PS&^psIntLevel | level | psEXCM
	c.PC = c.VECBASE + vector
}

// level returns the interrupt level below and at which nothing is taken.
func (c *CPU) level() uint32 {
	level := c.PS & psIntLevel
	if c.PS&psEXCM != 0 {
		level = max(level, excmLevel)
	}
	return level
}

// interrupt takes the pending interrupt of the highest level, and reports
// whether there was one. It ends waiti. The NMI is taken whatever PS and
// INTENABLE say, even in its own handler.
func (c *CPU) interrupt() bool {
	switch pending := (c.INTERRUPT | c.Lines) & (c.INTENABLE | 1<<nmiIRQ); {
	case pending == 0:
		return false
	case pending>>nmiIRQ&1 != 0:
		c.INTERRUPT &^= 1 << nmiIRQ
		c.enter(nmiLevel, vectorNMI)
	case c.level() == 0:
		c.Exception(CauseInterrupt, 0)
	default:
		return false
	}
	c.Waiting = false
	return true
}

// Raise raises interrupt irq: 0..5 stay until Lower, 8..14 are latched on this
// call. 6 and 7 are the core's own.
func (c *CPU) Raise(irq int) {
	bit := uint32(1) << irq
	if bit&levelIRQs != 0 {
		c.Lines |= bit
	} else {
		c.INTERRUPT |= bit & (edgeIRQs | 1<<nmiIRQ)
	}
	c.recheck()
}

// Lower lowers the line of interrupt irq.
func (c *CPU) Lower(irq int) {
	c.Lines &^= 1 << irq
}
