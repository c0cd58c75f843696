package soc

import "errors"

// GPIO is the block of pins at 0x60000300, with the straps.
type GPIO struct {
	// In holds the levels that the board applies to the pins.
	In uint16

	out, enable, status uint32
	pins                [16]uint32
	straps              uint32 // bits 2:0 the boot mode, 15:13 SDIO
	mux                 mux
	pads                pads
}

func (g *GPIO) reset() {
	*g = GPIO{In: g.In, straps: g.straps}
}

// Straps returns what was latched at the last reset, as in bits 31:16 of the
// IN register: bits 2:0 are the boot mode, 15:13 its second number.
func (g *GPIO) Straps() uint16 { return uint16(g.straps) }

// Out returns the levels that the program drives, and which pins it drives.
func (g *GPIO) Out() (levels, driven uint16) { return uint16(g.out), uint16(g.enable) }

const pinInterrupt = 7 << 7 // of a PIN register: when it interrupts

var errPinInterrupt = errors.New("pin interrupts are not modelled")

func (g *GPIO) load(off uint32) (uint32, error) {
	switch off {
	case 0x00:
		return g.out, nil
	case 0x0c:
		return g.enable, nil
	case 0x18:
		return g.straps<<16 | (g.out&g.enable|uint32(g.In)&^g.enable)&0xffff, nil
	case 0x1c:
		return g.status, nil
	}
	if n := (off - 0x28) / 4; n < 16 {
		return g.pins[n], nil
	}
	return 0, ErrUnknown
}

func (g *GPIO) store(off, v uint32) error {
	v16 := v & 0xffff
	switch off {
	case 0x00:
		g.out = v16
	case 0x04:
		g.out |= v16
	case 0x08:
		g.out &^= v16
	case 0x0c:
		g.enable = v16
	case 0x10:
		g.enable |= v16
	case 0x14:
		g.enable &^= v16
	case 0x1c:
		g.status = v16
	case 0x20:
		g.status |= v16
	case 0x24:
		g.status &^= v16
	default:
		n := (off - 0x28) / 4
		if n >= 16 {
			return ErrUnknown
		}
		if v&pinInterrupt != 0 {
			return errPinInterrupt
		}
		g.pins[n] = v
	}
	return nil
}

// mux is the pin multiplexer at 0x60000800: storage, since no pin but the
// straps and UART0 leads anywhere.
type mux [17]uint32

func (x *mux) load(off uint32) (uint32, error) {
	if off/4 >= uint32(len(x)) {
		return 0, ErrUnknown
	}
	return x[off/4], nil
}

func (x *mux) store(off, v uint32) error {
	if off/4 >= uint32(len(x)) {
		return ErrUnknown
	}
	x[off/4] = v
	return nil
}

// pads is the block at 0x60000d00, of which no description is public. The mask
// ROM clears one register of it when it connects the pins of the flash.
type pads struct{ flash uint32 }

const padsFlash = 0x48

func (p *pads) load(off uint32) (uint32, error) {
	if off != padsFlash {
		return 0, ErrUnknown
	}
	return p.flash, nil
}

func (p *pads) store(off, v uint32) error {
	if off != padsFlash {
		return ErrUnknown
	}
	p.flash = v
	return nil
}
