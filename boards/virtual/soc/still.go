package soc

import (
	"bytes"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// Still executes up to n instructions, and reports whether they showed that
// nothing more happens until the next event of [Machine.NextEvent] or a byte
// on RX: the program came back to where it was, with every register and all
// memory as before, having looked at no clock and at nothing else that changes
// by itself. Such a program goes round for ever, as ROMs do that poll.
func (m *Machine) Still(n int) bool {
	cpu := m.CPU
	before, stirred, clocked := cpu.State, m.stirred, cpu.Clocked
	m.scratch = append(m.scratch[:0], m.DRAM.Data...)
	for range n {
		if stop, _ := m.Run(1); stop != lx106.Budget || m.stirred != stirred || cpu.Clocked != clocked {
			return false
		}
		if cpu.PC == before.PC {
			now := cpu.State
			now.Cycles, now.Retired = before.Cycles, before.Retired
			if now == before {
				return bytes.Equal(m.DRAM.Data, m.scratch)
			}
		}
	}
	return false
}

// Glances counts what a program has looked at that may change, and what it
// has done to anything but the core and the data RAM. One that only looks, for
// long, waits.
func (m *Machine) Glances() (looks, deeds uint64) {
	return m.CPU.Clocked + m.looked, m.stirred
}

// note counts an access of the bus.
func (m *Machine) note(steady bool) {
	if steady {
		m.looked++
	} else {
		m.stirred++
	}
}

// steady reports whether a load of the register at off has no effect, and
// gives the same until the program, an event or a byte on RX changes it.
func steady(d device, off uint32) bool {
	switch d.(type) {
	case *UART:
		return off != 0 // the FIFO
	case *SPI, *GPIO, *mux, *pads, *dportRegs, *rtcRAM:
		return true
	}
	return false
}
