package soc

import (
	"context"
	"net"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// RNG says what the random number register returns.
type RNG int

const (
	Repeat RNG = iota // the same sequence after each reset, from the seed
	Stuck             // one constant value, derived from the seed
	Free              // a sequence from the seed that goes on over resets
)

// Config is what a chip is made of.
type Config struct {
	Flash *nor.Chip // nil: a blank one of FlashSize
	// FlashSize in bytes; 0 means 4 MiB. Ignored where Flash is given.
	FlashSize int

	MAC  [6]byte
	Seed uint64 // of the random numbers and of the RAM's power-on pattern
	RNG  RNG
	// SDIO is the second digit of "boot mode:(1,6)", bits 31:29 of the straps.
	// 0 means 6.
	SDIO uint8
	// Paced gives UART0 its byte times; without it bytes take no time.
	Paced bool

	// ROMWord gives the readable words of a mask ROM that is not there as
	// code; any other data access to it halts.
	ROMWord func(addr uint32) (uint32, bool)
	// MaskROM, 64 KiB, is executed at 0x40000000 in place of the trap window.
	MaskROM []byte

	// Dial opens the link's connections; nil is net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Blocking makes a read of the link's STATUS wait for its peer, so that
	// the number of instructions does not depend on the host.
	Blocking bool
}
