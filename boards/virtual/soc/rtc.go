package soc

import (
	"encoding/binary"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// RTC is the part of the chip that only loses its state with the supply:
// registers at 0x60000700, memory at RTCRAMBase.
type RTC struct {
	machine *Machine

	cause   Cause
	ctrl    uint32
	alarm   uint32
	wake    uint32 // how the chip is woken from deep sleep; the ROM clears bit 21
	scratch [4]uint32
	ram     rtcRAM
	started ticks // when the supply came
}

const (
	rtcReset = 1 << 31 // of CTRL0

	// The RTC counts a slow oscillator of about 150 kHz.
	rtcDivider = 52_000 / 150
)

// Cause returns the cause of the last reset as the chip shows it.
func (r *RTC) Cause() Cause { return r.cause }

func (r *RTC) powerOn(noise *random) {
	*r = RTC{machine: r.machine, started: r.machine.clock.now()}
	noise.fill(r.ram[:])
}

func (r *RTC) load(off uint32) (uint32, error) {
	switch off {
	case 0x00:
		return r.ctrl, nil
	case 0x04:
		return r.alarm, nil
	case 0x08:
		return r.wake, nil
	case 0x14:
		return uint32(r.cause), nil
	case 0x18: // refines cause 5, deep sleep, which there is not
		return 0, nil
	case 0x1c:
		return uint32((r.machine.clock.now() - r.started) / rtcDivider), nil
	case 0x30, 0x34, 0x38, 0x3c:
		return r.scratch[(off-0x30)/4], nil
	}
	return 0, ErrUnknown
}

func (r *RTC) store(off, v uint32) error {
	switch off {
	case 0x00:
		r.ctrl = v &^ rtcReset
		if v&rtcReset != 0 {
			r.machine.ask(lx106.SoftReset)
		}
	case 0x04:
		r.alarm = v
	case 0x08:
		r.wake = v
	case 0x30, 0x34, 0x38, 0x3c:
		r.scratch[(off-0x30)/4] = v
	default:
		return ErrUnknown
	}
	return nil
}

type rtcRAM [RTCRAMSize]byte

func (r *rtcRAM) load(off uint32) (uint32, error) {
	return binary.LittleEndian.Uint32(r[off:]), nil
}

func (r *rtcRAM) store(off, v uint32) error {
	binary.LittleEndian.PutUint32(r[off:], v)
	return nil
}
