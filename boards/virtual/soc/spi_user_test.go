package soc_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Phases of a user transfer, and how many bits of each.
const (
	phCommand = 1 << 31
	phAddr    = 1 << 30
	phDummy   = 1 << 29
	phIn      = 1 << 28
	phOut     = 1 << 27
	outHigh   = 1 << 25
	inHigh    = 1 << 24
)

func bitsOf(addr, dummy, out, in uint32) (user1 uint32) {
	return (addr-1)&0x3f<<26 | (out-1)&0x1ff<<17 | (in-1)&0x1ff<<8 | (dummy-1)&0xff
}

// Every phase of a user transfer, by what the flash makes of it (ESP8266.md 4.2 for
// the registers, 1.5 for the order of bits of the JEDEC id). The flash holds its
// own addresses.
func TestSPIUserPhases(t *testing.T) {
	for _, tt := range []struct {
		name               string
		user, user1, user2 uint32
		addr               uint32
		w0, w8             uint32 // before
		in0, in8           uint32 // after
	}{
		{"id, as flashers ask for it", phCommand | phIn, bitsOf(1, 1, 1, 24), 7<<28 | 0x9f, 0, 0, 0, 0x1340ef, 0},
		{"id, into the upper half", phCommand | phIn | inHigh, bitsOf(1, 1, 1, 24), 7<<28 | 0x9f, 0, 0x11111111, 0, 0x11111111, 0x1340ef},
		{"read", phCommand | phAddr | phIn, bitsOf(24, 1, 1, 32), 7<<28 | 0x03, 0x1234 << 8, 0, 0, 0x1234, 0},
		{"fast read, its dummy byte as eight cycles", phCommand | phAddr | phDummy | phIn, bitsOf(24, 8, 1, 32), 7<<28 | 0x0b, 0x1238 << 8, 0, 0, 0x1238, 0},
		{"fast read, its dummy byte in the address", phCommand | phAddr | phIn, bitsOf(32, 1, 1, 32), 7<<28 | 0x0b, 0x1238<<8 | 0x77, 0, 0, 0x1238, 0},
		{"command of 16 bits, low byte first", phCommand | phAddr | phIn, bitsOf(16, 1, 1, 32), 15<<28 | 0x0003, 0x1240 << 16, 0, 0, 0x1240, 0},
		{"command as address", phAddr | phIn, bitsOf(32, 1, 1, 32), 0, 0x03<<24 | 0x1244, 0, 0, 0x1244, 0},
		{"command and address as data", phOut | phIn, bitsOf(1, 1, 32, 32), 0, 0, 0x48120003, 0, 0x1248, 0},
		{"the same from the upper half", phOut | phIn | outHigh, bitsOf(1, 1, 32, 32), 0, 0, 0, 0x4c120003, 0x124c, 0x4c120003},
		{"half bytes that make whole ones", phCommand | phAddr | phIn, bitsOf(28, 1, 1, 32), 3 << 28, 0x3<<28 | 0x1250<<4, 0, 0, 0x1250, 0},
		{"nothing is sent", phIn, bitsOf(1, 1, 1, 16), 0, 0, 0, 0, 0xffff, 0},
		{"nothing at all", 0, 0, 0, 0, 0x5555, 0, 0x5555, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, soc.Config{Flash: flashOf(t, nor.MinSize)})
			for addr, v := range map[uint32]uint32{spiUser: tt.user, spiUser1: tt.user1, spiUser2: tt.user2, spiAddr: tt.addr, spiW0: tt.w0, spiW0 + 32: tt.w8} {
				b.set(addr, v)
			}
			b.do(spiUserDefined)
			b.want("W0", spiW0, tt.in0)
			b.want("W8", spiW0+32, tt.in8)
		})
	}
}

// Out follows the address, 64 bytes at most, in the order of the buffer.
func TestSPIUserProgram(t *testing.T) {
	b := newBench(t, soc.Config{})
	want := make([]byte, 64)
	for i := range want {
		want[i] = byte(0x80 - i)
	}
	if err := b.WriteBytes(spiW0, want); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		addr uint32
		high uint32
		n    int
		want []byte
	}{{0x400, 0, 64, want}, {0x500, outHigh, 32, want[32:]}} {
		b.do(spiWriteEnable)
		b.set(spiUser, phCommand|phAddr|phOut|tt.high)
		b.set(spiUser1, bitsOf(24, 1, uint32(8*tt.n), 1))
		b.set(spiUser2, 7<<28|0x02)
		b.set(spiAddr, tt.addr<<8)
		b.do(spiUserDefined)
		if got := b.Flash.Data[tt.addr:][:tt.n]; !bytes.Equal(got, tt.want) {
			t.Errorf("0x%x: % x", tt.addr, got)
		}
	}
}

func TestSPIUserRefuses(t *testing.T) {
	for _, tt := range []struct {
		name               string
		user, user1, user2 uint32
		says               string
	}{
		{"unknown command", phCommand, 0, 7<<28 | 0x77, "no such command"},
		{"seven bits", phCommand, 0, 6<<28 | 0x9f, "no whole bytes"},
		{"more than half of the buffer in", phCommand | phIn | inHigh, bitsOf(1, 1, 1, 264), 7<<28 | 0x9f, "longer than the controller's buffer"},
		{"more than half of the buffer out", phOut | outHigh, bitsOf(1, 1, 264, 1), 0, "longer than the controller's buffer"},
		{"both at once", phOut | phIn | 1, bitsOf(1, 1, 8, 8), 0, "more than one line"},
		{"address over two lines", phCommand | 1<<14, 0, 7<<28 | 0x9f, "more than one line"},
	} {
		b := newBench(t, soc.Config{})
		b.set(spiUser, tt.user)
		b.set(spiUser1, tt.user1)
		b.set(spiUser2, tt.user2)
		if err := b.Write32(spiCmd, spiUserDefined); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
	b := newBench(t, soc.Config{})
	if err := b.user(0x77, noAddr, 0, 0); !errors.Is(err, nor.ErrCommand) {
		t.Errorf("%v", err)
	}
}
