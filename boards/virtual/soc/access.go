package soc

import "github.com/espalier-hil/espalier/boards/virtual/lx106"

// The accessors below are for who emulates the mask ROM. They obey the rules
// that code on the chip obeys: where it would get an exception the error is a
// *[Fault], where the effect is not known it is [ErrUnknown].

// Read32 reads a word.
func (m *Machine) Read32(addr uint32) (uint32, error) { return m.read(addr, 4) }

// Write32 writes a word.
func (m *Machine) Write32(addr, v uint32) error { return m.write(addr, 4, v) }

// Read16 reads a halfword.
func (m *Machine) Read16(addr uint32) (uint16, error) {
	v, err := m.read(addr, 2)
	return uint16(v), err
}

// Write16 writes a halfword.
func (m *Machine) Write16(addr uint32, v uint16) error { return m.write(addr, 2, uint32(v)) }

// Read8 reads a byte.
func (m *Machine) Read8(addr uint32) (byte, error) {
	v, err := m.read(addr, 1)
	return byte(v), err
}

// Write8 writes a byte.
func (m *Machine) Write8(addr uint32, v byte) error { return m.write(addr, 1, uint32(v)) }

// ReadBytes reads n bytes at addr: in words where addr and n are multiples of
// four, as IRAM and the flash window demand it, else byte by byte. On error it
// returns what it has read.
func (m *Machine) ReadBytes(addr uint32, n int) ([]byte, error) {
	p := make([]byte, n)
	size := unit(addr, n)
	for i := 0; i < n; i += size {
		v, err := m.read(addr+uint32(i), size)
		if err != nil {
			return p[:i], err
		}
		store(p[i:], size, v)
	}
	return p, nil
}

// WriteBytes writes p to addr in the units of ReadBytes.
func (m *Machine) WriteBytes(addr uint32, p []byte) error {
	size := unit(addr, len(p))
	for i := 0; i < len(p); i += size {
		if err := m.write(addr+uint32(i), size, load(p[i:], size)); err != nil {
			return err
		}
	}
	return nil
}

func unit(addr uint32, n int) int {
	if addr&3 == 0 && n&3 == 0 {
		return 4
	}
	return 1
}

func (m *Machine) read(addr uint32, size int) (uint32, error) {
	if addr&uint32(size-1) != 0 {
		return 0, &Fault{Cause: lx106.CauseUnaligned, Addr: addr}
	}
	return (*bus)(m).Load(addr, size)
}

func (m *Machine) write(addr uint32, size int, v uint32) error {
	if addr&uint32(size-1) != 0 {
		return &Fault{Cause: lx106.CauseUnaligned, Addr: addr}
	}
	return (*bus)(m).Store(addr, size, v)
}
