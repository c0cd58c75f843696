package soc

import (
	"context"
	"net"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// RNG says what the register of random numbers holds.
type RNG int

const (
	Repeat RNG = iota // the same sequence after each reset, given by the seed
	Stuck             // one value, given by the seed
	Free              // a sequence given by the seed, which goes on over resets
)

// Config is what a chip is made of. The zero Config is a whole one: 4 MiB of
// blank flash, MAC zero.
type Config struct {
	// Flash is the chip's flash, which stays the caller's to close. nil makes a
	// blank one of FlashSize bytes in memory. One without a clock gets the
	// chip's, and takes the time that is typical.
	Flash     *nor.Chip
	FlashSize int // 0: 4 MiB; not used with Flash

	MAC  [6]byte
	Seed uint64 // of random numbers, and of what the RAM holds at power-on
	RNG  RNG
	SDIO uint8 // second number of "boot mode:(1,6)", bits 31:29 of the straps; 0: 6

	// SoftCause makes a software reset show as cause 3. Without it the cause
	// before it stays, as on the chip.
	SoftCause bool

	// NoWake leaves GPIO16 unconnected, as many boards do: a deep sleep then
	// ends by another reset only. Without it GPIO16 is wired to EN.
	NoWake bool

	// Paced gives bytes on UART0 their time on the wire. Without it they take
	// none.
	Paced bool

	// ROMWord returns the words that can be read from the mask ROM where there
	// is none; other reads halt. nil: none can.
	ROMWord func(addr uint32) (uint32, bool)
	// MaskROM is executed at ROMBase; nil makes that range the trap window.
	// Its length is ROMSize.
	MaskROM []byte

	// Dial opens the link's connections, or gives up with its context; nil: a
	// net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Blocking makes reading the link's STATUS wait for the peer, so that the
	// number of instructions executed does not depend on the host's timing.
	Blocking bool
}
