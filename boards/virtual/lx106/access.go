package lx106

import (
	"encoding/binary"
	"errors"
)

// load and store are the ways of an access that the inner loop cannot serve
// from ram. ok is false where there was no access: an exception was entered,
// or the core has halted.

func (c *CPU) load(addr uint32, size int) (v uint32, ok bool) {
	if addr&uint32(size-1) != 0 {
		c.Exception(CauseUnaligned, addr)
		return 0, false
	}
	v, err := c.bus.Load(addr, size)
	if err != nil {
		c.fail(err, c.word())
		return 0, false
	}
	return v, true
}

func (c *CPU) store(addr uint32, size int, v uint32) (ok bool) {
	if addr&uint32(size-1) != 0 {
		c.Exception(CauseUnaligned, addr)
		return false
	}
	if err := c.bus.Store(addr, size, v); err != nil {
		c.fail(err, c.word())
		return false
	}
	return true
}

// word returns up to three bytes of code at PC.
func (c *CPU) word() uint32 {
	if !c.code.Contains(c.PC) {
		return 0
	}
	return c.code.word(c.PC - c.code.Base)
}

// word returns the up to three bytes at offset off, zero beyond the end.
func (m *Memory) word(off uint32) uint32 {
	var w uint32
	for i, b := range m.Data[off:min(int(off)+3, len(m.Data))] {
		w |= uint32(b) << (8 * i)
	}
	return w
}

// decodeAt decodes the instruction at PC, which is at offset off of the code.
// One that runs over the end of its memory fails like the fetch of its tail.
func (c *CPU) decodeAt(off uint32) bool {
	m := c.code
	in := decode(m.word(off), c.PC)
	if end := off + uint32(in.len) - 1; end >= uint32(len(m.Data)) {
		_, err := c.bus.Fetch(m.Base + end)
		if err == nil {
			err = errSplit
		}
		c.fail(err, c.word())
		return false
	}
	m.code[off] = in
	return true
}

var errSplit = errors.New("an instruction lies across two memories")

// literal loads what l32r does, from anywhere. Where LITBASE is on, it takes
// the place of PC.
func (c *CPU) literal(in *inst) (v uint32, ok bool) {
	addr := uint32(in.imm)
	if c.LITBASE&1 != 0 {
		addr += c.LITBASE&^0xfff - (c.PC+3)&^3
	}
	if c.ram.Contains(addr) {
		return binary.LittleEndian.Uint32(c.ram.Data[addr-c.ram.Base:]), true
	}
	return c.load(addr, 4)
}
