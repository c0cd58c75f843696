package soc

import (
	"encoding/binary"
	"errors"
)

// Registers of a user transfer, which the program puts together from phases:
//
//	USER   31 command, 30 address, 29 dummy, 28 in, 27 out, each of them or not;
//	       25, 24 out, in use W8..W15; 16:12 more than one line, 0 both at once
//	USER1  31:26 bits of the address, 25:17 of out, 16:8 of in, 7:0 dummy
//	       cycles, each less one
//	USER2  31:28 bits of the command, less one, 15:0 the command
//
// The phases come in the order of command, address, dummy, out, in, as those of
// the later chips of this family (ESP32 Technical Reference, 7.4.2). The
// command's low byte is the first; the address is sent from the register's
// top; data by bytes from the first word's lowest. All begin with their
// highest bit.
const (
	userCommand = 1 << 31
	userAddr    = 1 << 30
	userDummy   = 1 << 29
	userIn      = 1 << 28
	userOut     = 1 << 27
	userOutHigh = 1 << 25
	userInHigh  = 1 << 24
	userLines   = 0x1f<<12 | 1
)

var (
	errSPILines = errors.New("transfers over more than one line are not modelled")
	errSPIBits  = errors.New("a transfer that sends no whole bytes is not modelled")
)

// stream collects bits, the highest first.
type stream struct {
	p []byte
	n int
}

// add appends the first n bits of p, and zeros where it is shorter.
func (s *stream) add(p []byte, n int) {
	for i := range n {
		if s.n%8 == 0 {
			s.p = append(s.p, 0)
		}
		if i/8 < len(p) {
			s.p[len(s.p)-1] |= p[i/8] << (i % 8) & 0x80 >> (s.n % 8)
		}
		s.n++
	}
}

// user runs a user transfer.
func (s *SPI) user() error {
	user, user1, user2 := s.regs[spiUser], s.regs[spiUser1], s.regs[spiUser2]
	if user&userLines != 0 {
		return errSPILines
	}
	var out stream
	if user&userCommand != 0 {
		out.add([]byte{byte(user2), byte(user2 >> 8)}, int(user2>>28)+1)
	}
	if user&userAddr != 0 {
		out.add(binary.BigEndian.AppendUint32(nil, s.regs[spiAddr]), int(user1>>26)+1)
	}
	if user&userDummy != 0 {
		out.add(nil, int(user1&0xff)+1)
	}
	if user&userOut != 0 {
		p, n, err := s.part(user&userOutHigh != 0, user1>>17)
		if err != nil {
			return err
		}
		out.add(p, n)
	}
	if out.n%8 != 0 {
		return errSPIBits
	}
	var in []byte
	if user&userIn != 0 {
		p, _, err := s.part(user&userInHigh != 0, user1>>8)
		if err != nil {
			return err
		}
		in = p
	}
	return s.changed(s.machine.Flash.Transfer(out.p, in))
}

// part returns the bytes of the buffer that a phase uses, and how many bits of
// them: bits 8:0 of field, and one.
func (s *SPI) part(high bool, field uint32) (p []byte, bits int, err error) {
	p, bits = s.data[:], int(field&0x1ff)+1
	if high {
		p = s.data[len(s.data)/2:]
	}
	n := (bits + 7) / 8
	if n > len(p) {
		return nil, 0, errSPILength
	}
	return p[:n], bits, nil
}
