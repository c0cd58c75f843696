package soc

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// Memory map.
const (
	DRAMBase   = 0x3ffe8000
	DRAMSize   = 0x18000
	ROMBase    = 0x40000000
	ROMSize    = 0x10000
	IRAMBase   = 0x40100000
	IRAMSize   = 0x10000
	WindowBase = 0x40200000 // of the flash, while the cache is on
	WindowSize = 0x100000
	RTCRAMBase = 0x60001000
	RTCRAMSize = 0x400

	protected = 0x20000000 // below, every access is an exception
)

// A Fault is an access that the chip answers with an exception.
type Fault = lx106.Fault

// ErrUnknown is the class of an access whose effect on the chip is not known.
var ErrUnknown = errors.New("what the chip does is not known")

// device is a block of 32-bit registers. Its errors, ErrUnknown for an offset
// it does not know, halt the machine.
type device interface {
	load(off uint32) (uint32, error)
	store(off, v uint32) error
}

// device returns what answers at addr, and the address of its first register.
func (m *Machine) device(addr uint32) (d device, base uint32) {
	base = addr &^ 0xff
	switch base {
	case 0x3ff00000:
		return (*dportRegs)(m), base
	case 0x3ff20c00, 0x3ff20e00:
		return (*wdev)(m), 0x3ff20c00
	case 0x60000000:
		return m.UART0, base
	case 0x60000200:
		return m.SPI, base
	case 0x60000300:
		return m.GPIO, base
	case 0x60000600:
		return (*timerRegs)(m), base
	case 0x60000700:
		return m.RTC, base
	case 0x60000800:
		return &m.GPIO.mux, base
	case 0x60000900:
		return (*wdtRegs)(m), base
	case 0x60000d00:
		return &m.GPIO.pads, base
	case 0x60000f00:
		return m.UART1, base
	case LinkBase:
		return m.Link, base
	}
	if addr-RTCRAMBase < RTCRAMSize {
		return &m.RTC.ram, RTCRAMBase
	}
	return nil, 0
}

// bus is the machine as its core sees it.
type bus Machine

// Load is [lx106.Bus].
func (b *bus) Load(addr uint32, size int) (uint32, error) {
	m := (*Machine)(b)
	switch {
	case addr < protected:
		return 0, &Fault{Cause: lx106.CauseLoadProhibited, Addr: addr}
	case m.DRAM.Contains(addr):
		return load(m.DRAM.Data[addr-DRAMBase:], size), nil
	}
	if mem := m.wordMemory(addr); mem != nil {
		if size != 4 {
			return 0, &Fault{Cause: lx106.CauseLoadStoreError, Addr: addr}
		}
		return m.loadWord(mem, addr)
	}
	if d, base := m.device(addr); d != nil && size == 4 {
		m.note(steady(d, addr-base))
		v, err := d.load(addr - base)
		if err != nil {
			err = fmt.Errorf("soc: read 0x%08x: %w", addr, err)
		}
		return v, err
	}
	return 0, fmt.Errorf("soc: read %d bytes at 0x%08x: %w", size, addr, ErrUnknown)
}

// Store is [lx106.Bus].
func (b *bus) Store(addr uint32, size int, v uint32) error {
	m := (*Machine)(b)
	switch {
	case addr < protected:
		return &Fault{Cause: lx106.CauseStoreProhibited, Addr: addr}
	case m.DRAM.Contains(addr):
		store(m.DRAM.Data[addr-DRAMBase:], size, v)
		return nil
	}
	if mem := m.wordMemory(addr); mem != nil {
		if size != 4 {
			return &Fault{Cause: lx106.CauseLoadStoreError, Addr: addr}
		}
		m.note(false)
		if mem == &m.IRAM {
			store(mem.Data[addr-mem.Base:], size, v)
			mem.Invalidate(int(addr-mem.Base), size)
			return nil
		}
	} else if d, base := m.device(addr); d != nil && size == 4 {
		m.note(false)
		if err := d.store(addr-base, v); err != nil {
			return fmt.Errorf("soc: write 0x%08x to 0x%08x: %w", v, addr, err)
		}
		return nil
	}
	return fmt.Errorf("soc: write 0x%x, %d bytes, to 0x%08x: %w", v, size, addr, ErrUnknown)
}

// Fetch is [lx106.Bus].
func (b *bus) Fetch(pc uint32) (*lx106.Memory, error) {
	m := (*Machine)(b)
	switch {
	case pc < protected:
		return nil, &Fault{Cause: lx106.CauseFetchProhibited, Addr: pc}
	case m.IRAM.Contains(pc):
		return &m.IRAM, nil
	case m.window.Contains(pc):
		return &m.window, nil
	case m.rom.Contains(pc):
		return &m.rom, nil
	case m.wordMemory(pc) != nil:
		return nil, fmt.Errorf("soc: execute at 0x%08x, where no code is mapped: %w", pc, ErrUnknown)
	}
	// Seen on boards as exception 2 with epc1 = excvaddr in DRAM.
	return nil, &Fault{Cause: lx106.CauseFetchError, Addr: pc}
}

// wordMemory returns the memory around addr that allows whole words only,
// which may hold nothing at addr at the moment.
func (m *Machine) wordMemory(addr uint32) *lx106.Memory {
	switch {
	case addr-IRAMBase < IRAMSize:
		return &m.IRAM
	case addr-ROMBase < ROMSize:
		return &m.rom
	case addr-WindowBase < WindowSize:
		return &m.window
	}
	return nil
}

func (m *Machine) loadWord(mem *lx106.Memory, addr uint32) (uint32, error) {
	if mem.Contains(addr) {
		return load(mem.Data[addr-mem.Base:], 4), nil
	}
	if mem == &m.rom && m.cfg.ROMWord != nil {
		if v, ok := m.cfg.ROMWord(addr); ok {
			return v, nil
		}
	}
	return 0, fmt.Errorf("soc: read 0x%08x, where no memory is mapped: %w", addr, ErrUnknown)
}

func load(p []byte, size int) uint32 {
	switch size {
	case 1:
		return uint32(p[0])
	case 2:
		return uint32(binary.LittleEndian.Uint16(p))
	}
	return binary.LittleEndian.Uint32(p)
}

func store(p []byte, size int, v uint32) {
	switch size {
	case 1:
		p[0] = byte(v)
	case 2:
		binary.LittleEndian.PutUint16(p, uint16(v))
	default:
		binary.LittleEndian.PutUint32(p, v)
	}
}
