package soc

// Format is what surrounds the bits of a byte: a start bit before them, then
// parity, if any, and stop bits.
type Format struct {
	Data   int // bits: 5..8
	Parity Parity
	Stop   int // bits: 1 or 2, which one and a half counts as
}

// Parity is a bit that makes the number of ones in a byte even or odd.
type Parity int

// NoParity is no such bit, Even and Odd what it makes the number.
const (
	NoParity Parity = iota
	Even
	Odd
)

// Format8N1 is what nearly everybody speaks.
var Format8N1 = Format{Data: 8, Stop: 1}

// Bits returns how many there are on the wire for each byte.
func (f Format) Bits() int {
	n := 1 + f.Data + f.Stop
	if f.Parity != NoParity {
		n++
	}
	return n
}

// Format returns how the port sends, and what it expects, by CONF0.
func (u *UART) Format() Format {
	c := u.state.conf0
	f := Format{Data: 5 + int(c>>2&3), Stop: 1}
	if c>>4&3 > 1 {
		f.Stop = 2
	}
	if c&conf0ParityOn != 0 {
		f.Parity = Even + Parity(c&conf0Odd)
	}
	return f
}

// feed moves what was offered into the FIFO, or onto the wire.
func (u *UART) feed() {
	s := &u.state
	switch now := u.machine.clock.now(); {
	case len(u.queue) == 0:
	case !u.paced && s.conf0&conf0Loopback != 0: // the pin leads nowhere
		u.queue = nil
	case u.paced && s.rxAt == never:
		s.rxAt = max(now, u.from) + u.hostByteTime()
	case !u.paced && s.conf0&conf0RxReset == 0:
		n := 0
		for n < len(u.queue) && s.rx.n < len(s.rx.data) {
			u.receive(u.queue[n], now)
			n++
		}
		u.queue = u.queue[n:]
	}
	u.update()
}

// send puts b on the wire's end, and on RX where the port is looped back.
func (u *UART) send(b byte, at ticks) {
	if u.machine.supply.lost {
		return
	}
	u.sent = append(u.sent, Sent{b, at.duration(), u.state.divider, u.Format()})
	if u.state.conf0&conf0Loopback != 0 {
		u.receive(Heard{Byte: b}, at)
	} else {
		u.machine.passed(u)
	}
}

// receive puts h into the FIFO, or loses it.
func (u *UART) receive(h Heard, at ticks) {
	s := &u.state
	u.count(h.Byte)
	s.heardAt = at
	s.raw |= uint32(h.Flaw)
	switch {
	case s.conf0&conf0RxReset != 0:
	case !s.rx.push(h.Byte):
		s.raw |= intOverflow
	}
	u.machine.passed(u)
}

func (u *UART) bitTime() ticks  { return ticks(max(u.state.divider, 1)) }
func (u *UART) byteTime() ticks { return ticks(u.Format().Bits()) * u.bitTime() }

// hostBitTimes returns how long n bits of the host last.
func (u *UART) hostBitTimes(n int) ticks {
	if u.baud <= 0 {
		return ticks(n) * u.bitTime()
	}
	return max(ticks(n)*perMicrosecond*1_000_000/ticks(u.baud), 1)
}

func (u *UART) hostByteTime() ticks { return u.hostBitTimes(Format8N1.Bits()) }

// silentAt returns when RX has been silent for so many bytes' time that the
// program is to be told of what lies in the FIFO.
func (u *UART) silentAt() ticks {
	s := &u.state
	if s.conf1&conf1Timeout == 0 || s.rx.n == 0 || len(u.queue) > 0 {
		return never
	}
	return s.heardAt + ticks(max(s.conf1>>24&0x7f, 1))*u.byteTime()
}

func (u *UART) next() ticks {
	at := min(u.state.rxAt, u.state.txAt)
	if u.state.raw&intTimeout == 0 {
		at = min(at, u.silentAt())
	}
	return at
}

// tick lets the bytes pass whose time has come.
func (u *UART) tick(now ticks) {
	s := &u.state
	if now < u.next() {
		return
	}
	for s.txAt <= now {
		if b, ok := s.tx.pop(); ok {
			u.send(b, s.txAt)
		}
		if s.txAt += u.byteTime(); s.tx.n == 0 {
			s.txAt = never
		}
	}
	for s.rxAt <= now {
		if s.conf0&conf0Loopback == 0 {
			u.receive(u.queue[0], s.rxAt)
		}
		u.queue = u.queue[1:]
		if s.rxAt += u.hostByteTime(); len(u.queue) == 0 {
			s.rxAt = never
		}
	}
	u.update()
}

// Measuring reports whether the port measures the host's speed.
func (u *UART) Measuring() bool { return u.state.autobaud&autobaudOn != 0 }

// Autobaud starts the edge counter from zero, or stops it.
func (u *UART) Autobaud(on bool) {
	v := u.state.autobaud &^ autobaudOn
	u.setAutobaud(v)
	if on {
		u.setAutobaud(v | autobaudOn)
	}
}

// Edges returns how many edges the counter has seen on RX, at most 1023, and
// the sum of the shortest low and high pulse, in ticks of the 52 MHz clock
// less what the glitch filter takes.
func (u *UART) Edges() (n, pulses uint32) { return u.state.edges, u.state.low + u.state.high }

// count lets the autobaud counters see b, sent by a host that speaks 8N1. The
// last pulse of a byte, which is high, ends with the next one.
func (u *UART) count(b byte) {
	s := &u.state
	if s.autobaud&autobaudOn == 0 {
		return
	}
	line := uint32(1) | uint32(b)<<2 | 1<<10 // idle, start, data, stop
	for i := range Format8N1.Bits() {
		old, level := line>>i&1, line>>(i+1)&1
		if old != level {
			u.edge(level)
		}
		s.run++
	}
}

// edge ends a pulse.
func (u *UART) edge(level uint32) {
	s := &u.state
	pulse := &s.low
	if level == 0 {
		pulse = &s.high
	}
	if s.edges > 0 { // the line was idle before
		width := uint32(min(u.hostBitTimes(s.run), pulseMax))
		*pulse = min(*pulse, max(width, glitch)-glitch)
	}
	s.edges = min(s.edges+1, edgesMax)
	s.run = 0
}
