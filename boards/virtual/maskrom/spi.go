package maskrom

import "github.com/espalier-hil/espalier/boards/virtual/nor"

// The SPI controller of the flash, and the multiplexer of its pins, as far as
// the ROM sets them up. What it transfers is in flash.go.
const (
	spiCtrl   = 0x60000208
	spiUser   = 0x6000021c
	pinMux    = 0x60000800 // 13 the chip's first two SPI clocks are not divided
	spiPins   = 0x6000081c // six registers from here: CLK, DATA0..DATA3 and CMD
	dportIO   = 0x3ff0000c // of the cache
	cacheRAM  = 0x3ff00024 // 3 and 4: which memory the cache takes
	pinFunc   = 0x130      // 8, 5, 4: function of a pin
	pinPullUp = 1 << 7
	pinSPI    = 1 << 4

	ctrlCache     = 1 << 17 // the cache may read the flash
	ctrlTwoBytes  = 1 << 22 // of the status register
	ctrlReadModes = ^uint32(0xfe6f9fff)
)

// modify clears bits of a register, and then sets some.
func (r *ROM) modify(addr, clear, set uint32) error {
	v, err := r.m.Read32(addr)
	if err != nil {
		return err
	}
	return r.m.Write32(addr, v&^clear|set)
}

// selectSPI is SelectSpiFunction(): the pins are the flash's.
func (r *ROM) selectSPI() error {
	for i := range uint32(6) {
		if err := r.modify(spiPins+4*i, pinFunc|pinPullUp, pinSPI); err != nil {
			return err
		}
	}
	return nil
}

// flashAttach is spi_flash_attach(): pins, a clock of 20 MHz, plain reads.
func (r *ROM) flashAttach() error {
	if err := r.selectSPI(); err != nil {
		return err
	}
	if err := r.modify(spiUser, 0, 1<<2); err != nil {
		return err
	}
	if err := r.modify(spiCtrl, 1<<12, 0); err != nil {
		return err
	}
	if err := r.modify(pinMux, 1<<8, 0); err != nil {
		return err
	}
	if err := r.m.Write32(spiCtrl, 0x288000|0x313); err != nil {
		return err
	}
	return r.readMode(5)
}

// readModes are the bits of CTRL for QIO, QOUT, DIO, DOUT and fast reads; any
// other number is a plain read.
var readModes = []uint32{0x1002000, 0x102000, 0x802000, 0x6000, 0x2000}

// readMode sets how the flash is read. For four data lines it writes the
// flash's status, and with it lifts any write protection.
func (r *ROM) readMode(mode uint32) error {
	if err := r.modify(spiCtrl, ctrlReadModes, ctrlTwoBytes); err != nil {
		return err
	}
	if mode < 2 {
		r.writeStatus(0)
	} else {
		r.writeStatus(r.m.Flash.Status() &^ (nor.StatusBusy | nor.StatusWEL))
	}
	if mode >= uint32(len(readModes)) {
		return nil
	}
	return r.modify(spiCtrl, 0, readModes[mode])
}

// writeStatus writes the flash's status, and waits before and after.
func (r *ROM) writeStatus(v uint8) {
	r.writeEnable()
	r.m.Flash.WriteStatus(v)
	r.await()
}

// The functions of this file that programs call return 0: all is well.

func (r *ROM) spiReadMode() error   { return r.status(true, r.readMode(r.cpu.A[2])) }
func (r *ROM) spiEnableQuad() error { return r.status(true, r.quad()) }

func (r *ROM) quad() error {
	r.writeStatus(0)
	return r.modify(spiCtrl, 0, ctrlTwoBytes)
}

// spiWaitIdle is Wait_SPI_Idle(chip): for the controller, which is idle always,
// and for the flash.
func (r *ROM) spiWaitIdle() error {
	r.await()
	return r.status(true, nil)
}

// writeEnable is SPI_write_enable: it waits until the flash listens.
func (r *ROM) writeEnable() {
	r.await()
	r.m.Flash.WriteEnable()
}

func (r *ROM) spiWriteEnable() error {
	r.writeEnable()
	return r.status(true, nil)
}

// spiWriteStatus is SPI_write_status(chip, status). It needs a write enable
// before it.
func (r *ROM) spiWriteStatus() error {
	r.await()
	r.m.Flash.WriteStatus(uint8(r.cpu.A[3]))
	return r.status(true, nil)
}

// spiReadStatus is SPI_read_status(chip, *status): it waits until the flash is
// ready.
func (r *ROM) spiReadStatus() error {
	r.await()
	mask, err := r.m.Read32(r.cpu.A[2] + chipStatusMask)
	if err != nil {
		return err
	}
	return r.status(true, r.m.Write32(r.cpu.A[3], uint32(r.m.Flash.Status())&mask))
}

const chipStatusMask = 20 // in flashchip

func (r *ROM) spiEraseChip() error {
	r.writeEnable()
	err := r.m.Flash.Erase(0, len(r.m.Flash.Data))
	r.await()
	return r.status(true, err)
}
