package rom

import (
	"context"
	"fmt"
	"net"
	"time"
)

// Addresses that tell one chip from another.
const (
	magicAddr   = 0x40001000 // a word of the mask ROM
	magic       = 0xFFF0C101 // and what it is on an ESP8266
	efuse0      = 0x3FF00050 // 31:24 last byte of the MAC; 4 ESP8285
	efuse1      = 0x3FF00054 // 23:16 which OUI; 15:8, 7:0 fourth and fifth byte
	efuse2      = 0x3FF00058 // 16 ESP8285
	efuse3      = 0x3FF0005C // 23:0 the OUI, if not 0
	uartDivider = 0x60000014 // 19:0
)

// The flash controller, SPI0.
const (
	spiCmd   = 0x60000200 // 18 run the command set up by hand, 27 read the status; both clear themselves
	spiStat  = 0x60000210 // the status that was read: 0 busy
	spiUser  = 0x6000021C // 31 has a command byte; 28 has data in
	spiUser1 = 0x60000220 // 16:8 bits of data in, less one
	spiUser2 = 0x60000224 // 31:28 bits of the command, less one; 15:0 the command
	spiW0    = 0x60000240 // data in

	spiRun      = 1 << 18
	spiReadStat = 1 << 27
	spiBusy     = 1 << 0
	spiPolls    = 10
	jedecReadID = 0x9F
)

// FlashID is a flash chip's answer to JEDEC command 9F: manufacturer in bits
// 7:0, type in 15:8, capacity in 23:16.
type FlashID uint32

// Size returns the capacity in bytes that the chip claims: 2 to the power of
// its third byte. It is 0 where that is beyond what an ESP8266 can address.
func (f FlashID) Size() int {
	if n := f >> 16 & 0xFF; n >= 18 && n <= 24 {
		return 1 << n
	}
	return 0
}

// String returns the three bytes in the order in which the chip sends them.
func (f FlashID) String() string {
	return fmt.Sprintf("%02x %02x %02x", byte(f), byte(f>>8), byte(f>>16))
}

// Identity is what a chip in its loader tells about itself.
type Identity struct {
	Chip    string           // "ESP8266EX" or "ESP8285"
	MAC     net.HardwareAddr // of the station interface
	Crystal int              // Hz: 26 or 40 MHz, as the line's speed tells
	Flash   FlashID
}

// Identify asks the chip what it is. It returns ErrChip or ErrFlashID where the
// answers make no sense.
func (c *Conn) Identify(ctx context.Context) (Identity, error) {
	var id Identity
	word, err := c.ReadReg(ctx, magicAddr)
	if err != nil {
		return Identity{}, err
	}
	if word != magic {
		return Identity{}, fmt.Errorf("%w: the word at %x is %08x, want %08x", ErrChip, uint32(magicAddr), word, uint32(magic))
	}
	if err := c.readFuses(ctx, &id); err != nil {
		return Identity{}, err
	}
	divider, err := c.ReadReg(ctx, uartDivider)
	if err != nil {
		return Identity{}, err
	}
	id.Crystal = crystal(c.baud, divider&0xFFFFF)
	if id.Flash, err = c.readFlashID(ctx); err != nil {
		return Identity{}, err
	}
	if size := id.Flash.Size(); size > 0 {
		c.room = uint64(min(size, largestFlash))
	}
	return id, nil
}

// crystal returns the nominal frequency in Hz. The UART is clocked with twice
// the crystal, so the divider that fits baud gives it away.
func crystal(baud int, divider uint32) int {
	if baud*int(divider)/2 > 33e6 {
		return 40e6
	}
	return 26e6
}

func (c *Conn) readFuses(ctx context.Context, id *Identity) error {
	var w [4]uint32
	for i, addr := range []uint32{efuse0, efuse1, efuse2, efuse3} {
		var err error
		if w[i], err = c.ReadReg(ctx, addr); err != nil {
			return err
		}
	}
	id.Chip = "ESP8266EX"
	if w[0]&(1<<4) != 0 || w[2]&(1<<16) != 0 {
		id.Chip = "ESP8285"
	}
	oui := w[3]
	if oui == 0 {
		switch w[1] >> 16 & 0xFF {
		case 0:
			oui = 0x18FE34
		case 1:
			oui = 0xACD074
		default:
			return fmt.Errorf("%w: eFuse word %08x names no known OUI", ErrChip, w[1])
		}
	}
	id.MAC = net.HardwareAddr{byte(oui >> 16), byte(oui >> 8), byte(oui), byte(w[1] >> 8), byte(w[1]), byte(w[0] >> 24)}
	return nil
}

// readFlashID runs JEDEC command 9F by hand: the ROM has no command for it.
func (c *Conn) readFlashID(ctx context.Context) (FlashID, error) {
	// An empty FLASH_BEGIN connects the controller to its pins.
	if err := c.flashBegin(ctx, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("rom: FLASH_BEGIN to attach the flash: %w", err)
	}
	if err := c.awaitFlash(ctx); err != nil {
		return 0, err
	}
	user, err := c.ReadReg(ctx, spiUser)
	if err != nil {
		return 0, err
	}
	user2, err := c.ReadReg(ctx, spiUser2)
	if err != nil {
		return 0, err
	}
	for _, w := range []struct{ addr, value uint32 }{
		{spiUser1, (24 - 1) << 8},
		{spiUser, 1<<31 | 1<<28},
		{spiUser2, (8-1)<<28 | jedecReadID},
		{spiW0, 0},
		{spiCmd, spiRun},
	} {
		if err := c.WriteReg(ctx, w.addr, w.value); err != nil {
			return 0, err
		}
	}
	if err := c.awaitSPI(ctx); err != nil {
		return 0, err
	}
	id, err := c.ReadReg(ctx, spiW0)
	if err != nil {
		return 0, err
	}
	if id &= 0xFFFFFF; id == 0 || id == 0xFFFFFF {
		return 0, fmt.Errorf("%w: its id reads %06x", ErrFlashID, id)
	}
	if err := c.WriteReg(ctx, spiUser, user); err != nil {
		return 0, err
	}
	return FlashID(id), c.WriteReg(ctx, spiUser2, user2)
}

// flashTime bounds what FLASH_BEGIN leaves the flash to do.
const flashTime = time.Second

// awaitFlash waits until the flash has done what it is at. FLASH_BEGIN ends with
// a write of its status, which takes it some 10 ms, and a busy chip does not tell
// its id.
func (c *Conn) awaitFlash(ctx context.Context) error {
	for began := time.Now(); ; {
		if err := c.WriteReg(ctx, spiCmd, spiReadStat); err != nil {
			return err
		}
		if err := c.awaitSPI(ctx); err != nil {
			return err
		}
		status, err := c.ReadReg(ctx, spiStat)
		if err != nil || status&spiBusy == 0 {
			return err
		}
		if time.Since(began) > flashTime {
			return fmt.Errorf("%w: its status reads %02x, busy, for %v", ErrFlashID, status&0xFF, flashTime)
		}
	}
}

func (c *Conn) awaitSPI(ctx context.Context) error {
	for range spiPolls {
		cmd, err := c.ReadReg(ctx, spiCmd)
		if err != nil {
			return err
		}
		if cmd&(spiRun|spiReadStat) == 0 {
			return nil
		}
	}
	return fmt.Errorf("%w: its controller stays busy", ErrFlashID)
}
