package soc

import (
	"encoding/binary"
	"errors"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// SPI is the controller at 0x60000200, with the flash at its other end.
// Commands take no time of their own.
type SPI struct {
	machine *Machine
	regs    [0x40 / 4]uint32 // 0x00..0x3c
	data    [64]byte         // W0..W15
	ext     [4]uint32        // 0xf0..0xfc
}

// Registers, as indices of regs.
const (
	spiCmd    = 0
	spiAddr   = 0x04 / 4
	spiStatus = 0x10 / 4
	spiUser   = 0x1c / 4
	spiUser1  = 0x20 / 4
	spiUser2  = 0x24 / 4
)

// Bits of CMD, each of which starts a command and clears itself. Those below
// start nothing: esptool-js writes lengths there, to boards that survive it.
const (
	cmdRead         = 1 << 31
	cmdWriteEnable  = 1 << 30
	cmdWriteDisable = 1 << 29
	cmdReadID       = 1 << 28
	cmdReadStatus   = 1 << 27
	cmdWriteStatus  = 1 << 26
	cmdPageProgram  = 1 << 25
	cmdSectorErase  = 1 << 24
	cmdBlockErase   = 1 << 23
	cmdChipErase    = 1 << 22
	cmdWake         = 1 << 20 // release from deep power-down, where the chip never is
	cmdUser         = 1 << 18
)

var (
	errSPICommand = errors.New("this command to the flash is not modelled")
	errSPILength  = errors.New("the transfer is longer than the controller's buffer")
)

func (s *SPI) reset() { *s = SPI{machine: s.machine} }

func (s *SPI) load(off uint32) (uint32, error) {
	switch {
	case off < 0x40:
		return s.regs[off/4], nil
	case off < 0x80:
		return binary.LittleEndian.Uint32(s.data[off-0x40:]), nil
	case off >= 0xf0:
		return s.ext[(off-0xf0)/4], nil
	}
	return 0, ErrUnknown
}

func (s *SPI) store(off, v uint32) error {
	switch {
	case off == 4*spiCmd:
		return s.command(v)
	case off < 0x40:
		s.regs[off/4] = v
	case off < 0x80:
		binary.LittleEndian.PutUint32(s.data[off-0x40:], v)
	case off >= 0xf0:
		s.ext[(off-0xf0)/4] = v
	default:
		return ErrUnknown
	}
	return nil
}

// command runs what v starts, at once.
func (s *SPI) command(v uint32) error {
	flash := s.machine.Flash
	addr := s.regs[spiAddr] & 0xffffff
	n := int(s.regs[spiAddr] >> 24)
	if v < cmdUser {
		return nil
	}
	switch v {
	case cmdRead, cmdPageProgram:
		if n > len(s.data) {
			return errSPILength
		}
		if v == cmdRead {
			flash.Read(addr, s.data[:n])
			return nil
		}
		return s.changed(flash.Program(addr, s.data[:n]))
	case cmdWriteEnable:
		flash.WriteEnable()
	case cmdWriteDisable:
		flash.WriteDisable()
	case cmdReadID:
		binary.LittleEndian.PutUint32(s.data[:], flash.ID())
	case cmdReadStatus:
		s.regs[spiStatus] = uint32(flash.Status())
	case cmdWriteStatus:
		flash.WriteStatus(uint8(s.regs[spiStatus]))
	case cmdSectorErase:
		return s.changed(flash.Erase(addr, nor.SectorSize))
	case cmdBlockErase:
		return s.changed(flash.Erase(addr, nor.BlockSize))
	case cmdChipErase:
		return s.changed(flash.Erase(0, len(flash.Data)))
	case cmdWake:
	case cmdUser:
		return s.user()
	default:
		return errSPICommand
	}
	return nil
}

// changed makes the rest of the chip see the new content of the flash.
func (s *SPI) changed(err error) error {
	s.machine.followFlash()
	return err
}
