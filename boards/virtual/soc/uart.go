package soc

import "time"

// UART is one serial port of the chip: registers on the guest's side, Offer,
// Hear and TakeTX on the host's.
type UART struct {
	machine *Machine
	paced   bool

	state uartState
	queue []Heard // offered, not yet on the wire
	sent  []Sent  // left the wire, not yet taken
	baud  int     // of the host, 0: the port's own
	from  ticks   // when the host began to send
	event ticks   // next(), as the machine's run knows it
}

// Heard is a byte as the receiver hears it.
type Heard struct {
	Byte byte
	Flaw Flaw
}

// Flaw is what is wrong with a frame, as the interrupt bits that tell it.
type Flaw uint32

const (
	ParityError Flaw = 1 << 2 // the parity bit is the other one
	FrameError  Flaw = 1 << 3 // there is no stop bit
	Break       Flaw = 1 << 7 // nor any other bit
)

// Sent is a byte that has left the chip, and how.
type Sent struct {
	Byte    byte
	At      time.Duration // when its last bit did, by the clock of Now
	Divider uint32
	Format  Format
}

// uartState is what a reset of the chip resets.
type uartState struct {
	raw, enable  uint32 // interrupts: seen, and enabled
	divider      uint32
	autobaud     uint32
	conf0, conf1 uint32
	edges        uint32
	low, high    uint32 // the shortest pulses, in ticks
	run          int    // bits since the last edge
	rx, tx       fifo
	rxAt, txAt   ticks // when the byte on the wire has passed; never: there is none
	heardAt      ticks // when the last byte came
}

// reset drops what is under way on the wire; what the host has not taken yet
// stays.
func (u *UART) reset() {
	u.state = uartState{
		divider: 0x2b6, autobaud: 0x1000, conf0: 0x1c, conf1: 0x6060,
		low: pulseMax, high: pulseMax, rxAt: never, txAt: never,
	}
	u.queue = nil
	u.update()
}

// Offer queues bytes that arrive on RX. They enter the FIFO as there is room
// or, on a paced port, at their time, room or not.
func (u *UART) Offer(p []byte) {
	for _, b := range p {
		u.queue = append(u.queue, Heard{Byte: b})
	}
	u.feed()
}

// Hear queues bytes as Offer does, flaws and all.
func (u *UART) Hear(p []Heard) {
	u.queue = append(u.queue, p...)
	u.feed()
}

// HostSends says that, on a paced port, the first bit of what is offered next
// comes at that time at the earliest.
func (u *UART) HostSends(at time.Duration) { u.from = ticksOf(at) }

// Queued returns how many offered bytes have not entered the FIFO.
func (u *UART) Queued() int { return len(u.queue) }

// Drop forgets the offered bytes that have not entered the FIFO.
func (u *UART) Drop() {
	u.queue, u.state.rxAt = nil, never
	u.update()
}

// TakeTX returns what was sent since the last call, nil where that is nothing.
func (u *UART) TakeTX() []byte {
	var p []byte
	for _, s := range u.TakeSent() {
		p = append(p, s.Byte)
	}
	return p
}

// TakeSent is TakeTX with all that is known of each byte.
func (u *UART) TakeSent() []Sent {
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
	case s.conf0&conf0TxReset != 0:
	case !u.paced:
		u.send(b, u.machine.clock.now())
	case s.tx.push(b) && s.txAt == never:
		s.txAt = u.machine.clock.now() + u.byteTime()
	}
	u.update()
}

// TxPending returns how many bytes are in the TX FIFO; none, ever, on a port
// that is not paced.
func (u *UART) TxPending() int { return u.state.tx.n }

// Flush lets time pass, as Advance does, until the TX FIFO is empty.
func (u *UART) Flush() {
	for m := u.machine; u.state.tx.n > 0; {
		m.Advance((u.state.txAt - m.clock.now()).ceil())
	}
}

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
