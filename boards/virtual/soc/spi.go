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

// Bits of USER.
const (
	userCommand = 1 << 31
	userAddr    = 1 << 30
	userDummy   = 1 << 29
	userIn      = 1 << 28
	userOut     = 1 << 27
	userHalves  = 3 << 24 // use W8..W15 alone
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

// Commands of the flash itself, for user transfers.
const (
	flashWriteStatus  = 0x01
	flashProgram      = 0x02
	flashRead         = 0x03
	flashWriteDisable = 0x04
	flashReadStatus   = 0x05
	flashWriteEnable  = 0x06
	flashSectorErase  = 0x20
	flashReadID       = 0x9f
	flashChipErase    = 0xc7
	flashBlockErase   = 0xd8
)

// user runs a transfer that the program has put together from its phases. They
// must be those that the command has.
func (s *SPI) user() error {
	user, user1, user2 := s.regs[spiUser], s.regs[spiUser1], s.regs[spiUser2]
	if user&userCommand == 0 || user2>>28 != 8-1 || user&(userDummy|userHalves) != 0 {
		return errSPICommand
	}
	// The address is sent from the register's top.
	addr := s.regs[spiAddr] >> 8
	hasAddr := user&userAddr != 0
	if hasAddr != takesAddr(byte(user2)) || hasAddr && user1>>26 != 24-1 {
		return errSPICommand
	}
	var in, out []byte
	if user&userIn != 0 {
		in = s.part(user1 >> 8)
	}
	if user&userOut != 0 {
		out = s.part(user1 >> 17)
	}
	flash := s.machine.Flash
	switch byte(user2) {
	case flashReadID:
		id := binary.LittleEndian.AppendUint32(nil, flash.ID())
		copy(in, id[:3])
	case flashReadStatus:
		for i := range in {
			in[i] = flash.Status()
		}
	case flashWriteStatus:
		if len(out) > 0 {
			flash.WriteStatus(out[0])
		}
	case flashWriteEnable:
		flash.WriteEnable()
	case flashWriteDisable:
		flash.WriteDisable()
	case flashRead:
		flash.Read(addr, in)
	case flashProgram:
		return s.changed(flash.Program(addr, out))
	case flashSectorErase:
		return s.changed(flash.Erase(addr, nor.SectorSize))
	case flashBlockErase:
		return s.changed(flash.Erase(addr, nor.BlockSize))
	case flashChipErase:
		return s.changed(flash.Erase(0, len(flash.Data)))
	default:
		return errSPICommand
	}
	return nil
}

// takesAddr reports whether a command of the flash is followed by an address.
func takesAddr(command byte) bool {
	switch command {
	case flashRead, flashProgram, flashSectorErase, flashBlockErase:
		return true
	}
	return false
}

// part returns the bytes of the buffer that a phase uses; bits 8:0 of field
// are its length in bits, less one.
func (s *SPI) part(field uint32) []byte {
	n := int(field&0x1ff+1+7) / 8
	return s.data[:min(n, len(s.data))]
}

// changed makes the rest of the chip see the new content of the flash.
func (s *SPI) changed(err error) error {
	s.machine.followFlash()
	return err
}
