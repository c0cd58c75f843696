package soc

// UART is one serial port of the chip: registers on the guest's side, Offer
// and TakeTX on the host's.
type UART struct {
	machine *Machine
	paced   bool

	state uartState
	queue []byte // offered, not yet on the wire
	sent  []byte // left the wire, not yet taken
	baud  int    // of the host, 0: the port's own
}

// uartState is what a reset of the chip resets.
type uartState struct {
	raw, enable  uint32 // interrupts: seen, and enabled
	divider      uint32
	autobaud     uint32
	conf0, conf1 uint32
	edges        uint32
	pulse        uint32 // shortest, in ticks
	rx, tx       fifo
	rxAt, txAt   ticks // when the byte on the wire has passed; never: there is none
}

// reset drops what is under way on the wire; what the host has not taken yet
// stays.
func (u *UART) reset() {
	u.state = uartState{
		divider: 0x2b6, autobaud: 0x1000, conf0: 0x1c, conf1: 0x6060,
		pulse: pulseMax, rxAt: never, txAt: never,
	}
	u.queue = nil
	u.update()
}

// Offer queues bytes that arrive on RX. They enter the FIFO as there is room
// or, on a paced port, at their time, room or not.
func (u *UART) Offer(p []byte) {
	u.queue = append(u.queue, p...)
	u.feed()
}

// Queued returns how many offered bytes have not entered the FIFO.
func (u *UART) Queued() int { return len(u.queue) }

// Drop forgets the offered bytes that have not entered the FIFO.
func (u *UART) Drop() { u.queue, u.state.rxAt = nil, never }

// TakeTX returns what was sent since the last call, nil where that is nothing.
func (u *UART) TakeTX() []byte {
	p := u.sent
	u.sent = nil
	return p
}

// Divider returns CLKDIV: the port runs at 52 MHz / Divider bits per second.
func (u *UART) Divider() uint32 { return u.state.divider }

// SetDivider sets CLKDIV and resets both FIFOs, as the ROM's uart_div_modify
// does.
func (u *UART) SetDivider(d uint32) {
	u.state.divider = d & dividerMask
	u.ResetFIFOs()
}

// SetHostBaud says at how many bits per second Offer's bytes arrive, which
// the autobaud counters measure. 0 means at the port's own rate.
func (u *UART) SetHostBaud(baud int) { u.baud = baud }

// TxByte sends b, as a write to the FIFO register does.
func (u *UART) TxByte(b byte) {
	s := &u.state
	switch {
	case !u.paced:
		u.send(b)
	case s.tx.push(b) && s.txAt == never:
		s.txAt = u.machine.clock.now() + u.byteTime()
	}
	u.update()
}

// TxPending returns how many bytes are in the TX FIFO; none, ever, on a port
// that is not paced.
func (u *UART) TxPending() int { return u.state.tx.n }

// RxByte takes a byte from the RX FIFO, as a read of its register does.
func (u *UART) RxByte() (b byte, ok bool) {
	b, ok = u.state.rx.pop()
	u.feed()
	return b, ok
}

// ResetFIFOs empties both FIFOs.
func (u *UART) ResetFIFOs() {
	u.state.rx, u.state.tx, u.state.txAt = fifo{}, fifo{}, never
	u.feed()
}

// Autobaud starts the edge counter from zero, or stops it.
func (u *UART) Autobaud(on bool) {
	v := u.state.autobaud &^ autobaudOn
	u.setAutobaud(v)
	if on {
		u.setAutobaud(v | autobaudOn)
	}
}

// Measuring reports whether the edge counter runs.
func (u *UART) Measuring() bool { return u.state.autobaud&autobaudOn != 0 }

// Edges returns how many edges the counter has seen on RX, at most 1023, and
// the sum of the shortest low and high pulse, in ticks of the 52 MHz clock
// less what the glitch filter takes.
func (u *UART) Edges() (n, pulses uint32) { return u.state.edges, 2 * u.state.pulse }

// feed moves what was offered into the FIFO, or onto the wire.
func (u *UART) feed() {
	s := &u.state
	switch {
	case len(u.queue) == 0:
	case u.paced && s.rxAt == never:
		s.rxAt = u.machine.clock.now() + u.hostByteTime()
	case !u.paced:
		n := 0
		for n < len(u.queue) && s.rx.push(u.queue[n]) {
			u.count(u.queue[n])
			n++
		}
		u.queue = u.queue[n:]
	}
	u.update()
}

// send puts b on the wire's end, and on RX where the port is looped back.
func (u *UART) send(b byte) {
	u.sent = append(u.sent, b)
	if u.state.conf0&conf0Loopback != 0 {
		u.receive(b)
	}
}

// receive puts b into the FIFO, or loses it.
func (u *UART) receive(b byte) {
	u.count(b)
	if !u.state.rx.push(b) {
		u.state.raw |= intOverflow
	}
}

// frameBits are on the wire for each byte: start, eight data, stop.
const frameBits = 10

func (u *UART) byteTime() ticks { return frameBits * ticks(max(u.state.divider, 1)) }

func (u *UART) hostByteTime() ticks {
	if u.baud <= 0 {
		return u.byteTime()
	}
	return max(frameBits*perMicrosecond*1_000_000/ticks(u.baud), 1)
}

func (u *UART) next() ticks { return min(u.state.rxAt, u.state.txAt) }

// tick lets the bytes pass whose time has come.
func (u *UART) tick(now ticks) {
	s := &u.state
	if now < u.next() {
		return
	}
	for s.txAt <= now {
		if b, ok := s.tx.pop(); ok {
			u.send(b)
		}
		if s.txAt += u.byteTime(); s.tx.n == 0 {
			s.txAt = never
		}
	}
	for s.rxAt <= now {
		u.receive(u.queue[0])
		u.queue = u.queue[1:]
		if s.rxAt += u.hostByteTime(); len(u.queue) == 0 {
			s.rxAt = never
		}
	}
	u.update()
}

// count lets the autobaud counter see b: the frame is start bit 0, the bits
// of b, stop bit 1, on a line that idles at 1.
func (u *UART) count(b byte) {
	s := &u.state
	if s.autobaud&autobaudOn == 0 {
		return
	}
	frame := uint32(b)<<1 | 1<<9
	for prev, i := uint32(1), 0; i < frameBits; i++ {
		bit := frame >> i & 1
		if bit != prev && s.edges < edgesMax {
			s.edges++
		}
		prev = bit
	}
	width := uint32(u.hostByteTime() / frameBits)
	s.pulse = min(s.pulse, max(width, glitch)-glitch)
}
