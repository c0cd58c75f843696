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
	sleep   uint32
	sources uint32 // that may wake the chip
	woken   uint32 // by which of them
	scratch [4]uint32
	kept    [rtcRegs / 4]uint32 // what has no effect here
	ram     rtcRAM
	started ticks // when the supply came
}

// What is known of the registers: the mask ROM's functions use 0x00 to 0x1c,
// and programs that sleep without an SDK the rest, with these values. 0x6000070c
// and 0x60000710 are times that supply and crystal are given.
const (
	rtcReset     = 1 << 31 // of 0x00: reset the chip
	rtcSleep     = 1 << 20 // of 0x08: fall asleep
	rtcByAlarm   = 1 << 3  // of 0x18: the counter wakes
	rtcWokenAt   = 8       // of 0x18, bits 13:8: who did; 8 the counter
	rtcPowerDown = 0x44
	rtcDeep      = 1 << 5 // of 0x44: everything else loses its supply
	rtcRegs      = 0xac

	// The RTC counts a slow oscillator of about 150 kHz.
	rtcDivider = 52_000 / 150
)

// rtcPlain reports whether the register at off holds what is written, and no
// more is known of it, or it does nothing here: the supply's times, what is
// powered down, and GPIO16, which is the RTC's: output 0x68, enable 0x74,
// function and pull-ups 0x90 to 0xa8.
func rtcPlain(off uint32) bool {
	switch off {
	case 0x0c, 0x10, 0x40, rtcPowerDown, 0x68, 0x74:
		return true
	}
	return off >= 0x90 && off < rtcRegs
}

// Cause returns the cause of the last reset as the chip shows it.
func (r *RTC) Cause() Cause { return r.cause }

func (r *RTC) powerOn(noise *random) {
	*r = RTC{machine: r.machine, started: r.machine.clock.now()}
	noise.fill(r.ram[:])
}

// reset shows the cause of a reset.
func (r *RTC) reset(cause Cause) {
	r.cause, r.woken = cause, 0
	if cause == Wake {
		r.woken = rtcByAlarm << rtcWokenAt
	}
}

// counter returns how many periods of the RTC's clock have passed.
func (r *RTC) counter() ticks { return (r.machine.clock.now() - r.started) / rtcDivider }

// deepens reports whether a sleep is a deep one.
func (r *RTC) deepens() bool { return r.kept[rtcPowerDown/4]&rtcDeep != 0 }

// wakes returns when the counter meets the alarm, if that may wake the chip. An
// alarm that is the counter's value of now is a whole turn away.
func (r *RTC) wakes() ticks {
	if r.sources&rtcByAlarm == 0 {
		return never
	}
	now := r.counter()
	turns := ticks(r.alarm - uint32(now))
	if turns == 0 {
		turns = 1 << 32
	}
	return r.started + (now+turns)*rtcDivider
}

func (r *RTC) load(off uint32) (uint32, error) {
	switch off {
	case 0x00:
		return r.ctrl, nil
	case 0x04:
		return r.alarm, nil
	case 0x08:
		return r.sleep, nil
	case 0x14:
		return uint32(r.cause), nil
	case 0x18:
		return r.sources | r.woken, nil
	case 0x1c:
		return uint32(r.counter()), nil
	case 0x30, 0x34, 0x38, 0x3c:
		return r.scratch[(off-0x30)/4], nil
	}
	if rtcPlain(off) {
		return r.kept[off/4], nil
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
		r.sleep = v &^ rtcSleep
		if v&rtcSleep != 0 {
			r.machine.sleep.fall(r.machine)
		}
	case 0x18:
		r.sources = v & 0xff
	case 0x30, 0x34, 0x38, 0x3c:
		r.scratch[(off-0x30)/4] = v
	default:
		if !rtcPlain(off) {
			return ErrUnknown
		}
		r.kept[off/4] = v
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
