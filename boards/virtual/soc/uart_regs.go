package soc

// Interrupt bits of a UART.
const (
	intRxFull   = 1 << 0
	intTxEmpty  = 1 << 1
	intOverflow = 1 << 4
	intTimeout  = 1 << 8
)

// Bits and limits of the other registers.
const (
	dividerMask = 0xfffff
	pulseMax    = 0xfffff
	edgesMax    = 1023
	autobaudOn  = 1 << 0
	glitch      = 12 // what the pulse counters miss of a bit, by the ROM's own correction

	conf0Odd      = 1 << 0
	conf0ParityOn = 1 << 1
	conf0Loopback = 1 << 14 // TX leads to RX, and the pin of RX nowhere
	conf0RxReset  = 1 << 17 // held empty while it is set
	conf0TxReset  = 1 << 18
	conf1Timeout  = 1 << 31
)

func (u *UART) load(off uint32) (uint32, error) {
	s := &u.state
	switch off {
	case 0x00:
		b, _ := u.RxByte() // an empty FIFO reads as zero
		return uint32(b), nil
	case 0x04:
		return s.raw, nil
	case 0x08:
		return s.raw & s.enable, nil
	case 0x0c:
		return s.enable, nil
	case 0x14:
		return s.divider, nil
	case 0x18:
		return s.autobaud, nil
	case 0x1c:
		return uint32(s.rx.n) | uint32(s.tx.n)<<16, nil
	case 0x20:
		return s.conf0, nil
	case 0x24:
		return s.conf1, nil
	case 0x28:
		return s.low, nil
	case 0x2c:
		return s.high, nil
	case 0x30:
		return s.edges, nil
	case 0x78:
		return 0x00062000, nil // date of the design
	case 0x7c:
		return 0x500, nil // its id
	}
	return 0, ErrUnknown
}

func (u *UART) store(off, v uint32) error {
	s := &u.state
	switch off {
	case 0x00:
		u.TxByte(byte(v))
	case 0x0c:
		s.enable = v
	case 0x10:
		s.raw &^= v
	case 0x14:
		s.divider = v & dividerMask
	case 0x18:
		u.setAutobaud(v)
	case 0x20:
		s.conf0 = v
		if v&conf0RxReset != 0 {
			s.rx = fifo{}
		}
		if v&conf0TxReset != 0 {
			s.tx, s.txAt = fifo{}, never
		}
		u.feed()
	case 0x24:
		s.conf1 = v
	default:
		return ErrUnknown
	}
	u.update()
	return nil
}

func (u *UART) setAutobaud(v uint32) {
	s := &u.state
	if v&^s.autobaud&autobaudOn != 0 {
		s.edges, s.low, s.high = 0, pulseMax, pulseMax
	}
	s.autobaud = v
}

// update makes the interrupts follow the FIFOs. Each stays until it is cleared,
// and comes back at once where its reason is still there.
func (u *UART) update() {
	s := &u.state
	if s.rx.n >= max(int(s.conf1&0x7f), 1) {
		s.raw |= intRxFull
	}
	if s.tx.n < int(s.conf1>>8&0x7f) {
		s.raw |= intTxEmpty
	}
	if u.silentAt() <= u.machine.clock.now() {
		s.raw |= intTimeout
	}
	m := u.machine
	if m.UART0.pending() || m.UART1.pending() {
		m.CPU.Raise(uartIRQ)
	} else {
		m.CPU.Lower(uartIRQ)
	}
	if at := u.next(); at != u.event {
		u.event = at
		m.CPU.Break()
	}
}

func (u *UART) pending() bool { return u.state.raw&u.state.enable != 0 }
