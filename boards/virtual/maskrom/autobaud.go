package maskrom

import (
	"math/bits"
	"time"
)

// The ROM learns the host's speed once in each boot: it counts edges on RX,
// looks at the count every 1.54 ms, and once there are more than 29 takes the
// shortest pulses for the length of a bit. What has arrived until then is
// lost, so the first SYNC is normally never answered.
const (
	enoughEdges  = 29
	pollInterval = 1540 * time.Microsecond // ets_delay_us(1000) at 52 MHz
)

// baudMeter counts what has come in.
type baudMeter struct {
	edges int
	span  time.Duration // wire time since the count was last looked at
}

// listen is download mode.
func (r *ROM) listen() (Outcome, error) {
	r.Phase = Autobaud
	r.loader = loader{blocks: leftover}
	r.cpu.PC = parked
	r.m.UART0.Autobaud(true)
	return r.measure()
}

// measure eats bytes until it knows the speed. Bytes may come without taking
// time, so it lets each take what it takes on the wire, and looks whenever the
// interval is over or the line falls silent.
func (r *ROM) measure() (Outcome, error) {
	for {
		b, ok := r.m.UART0.RxByte()
		if ok {
			_, pulses := r.m.UART0.Edges()
			r.baud.edges += edges(b)
			r.baud.span += 10 * time.Duration(pulses/2+glitch) * time.Microsecond / cpuMHz
		}
		if ok && r.baud.span < pollInterval {
			continue
		}
		r.baud.span = 0
		if r.baud.edges > enoughEdges {
			break
		}
		if !ok {
			return Waits, nil
		}
	}
	_, pulses := r.m.UART0.Edges()
	r.m.UART0.Autobaud(false)
	// Not SetDivider: of the bytes that are queued none has arrived yet.
	if err := r.m.Write32(uartDiv, pulses/2+glitch); err != nil {
		return Waits, err
	}
	r.Phase = Loader
	return r.receive()
}

// glitch is by how much the glitch filter shortens each pulse, in cycles.
const glitch = 12

// edges counts the level changes of a byte on the wire: a start bit 0, eight
// bits, a stop bit 1, from an idle line.
func edges(b byte) int {
	line := 1 | uint16(b)<<2 | 1<<10 // idle, start, data, stop
	return bits.OnesCount16((line ^ line>>1) & 0x3ff)
}
