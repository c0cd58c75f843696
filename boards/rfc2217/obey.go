package rfc2217

// What the pins of a board's USB bridge say that nobody has soldered to
// anything: none of CD, RI, DSR, CTS is there. A line is always ready.
const (
	modemState byte = 0
	lineState  byte = 1<<6 | 1<<5 // shift register and holding register are empty
)

// slowest and fastest are the speeds, in bits per second, that the bridges on
// ESP8266 boards have between them.
const (
	slowest = 50
	fastest = 4_000_000
)

// obey carries out a command, and answers with what is in effect then.
func (c *session) obey(command Command, value []byte) error {
	var v byte
	if len(value) > 0 {
		v = value[0]
	}
	switch command {
	case Signature:
		if len(value) == 0 {
			return c.answer(Signature, []byte(c.server.cfg.Signature)...)
		}
	case SetBaud:
		if asked, ok := Baud(value); ok {
			return c.reply(func(dst []byte) []byte { return AppendBaud(dst, Answer+SetBaud, c.server.setBaud(asked)) })
		}
	case SetDataSize:
		return c.answer(command, dataBits8)
	case SetParity:
		return c.answer(command, parityNone)
	case SetStopSize:
		return c.answer(command, stopBits1)
	case SetControl:
		return c.answer(command, byte(c.server.control(Control(v))))
	case NotifyLine:
		return c.answer(command, lineState)
	case NotifyModem:
		return c.answer(command, modemState)
	case Suspend, Resume:
		c.suspend(command == Suspend)
	case SetLineMask, SetModemMask: // of states that never change
		return c.answer(command, v)
	case Purge:
		if v == purgeReceived || v == purgeBoth { // the port keeps nothing of what it is sent
			c.purge()
		}
		return c.answer(command, v)
	}
	return nil
}

func (c *session) suspend(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.suspended = yes
	c.changed.Broadcast()
}

func (c *session) purge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = nil
}

// setBaud sets a speed that the port has, and returns the one in effect.
func (s *Server) setBaud(baud int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if baud >= slowest && baud <= fastest && s.port.SetBaud(baud) == nil {
		s.baud = baud
	}
	return s.baud
}

// control moves a line, and returns how it is then. There is no flow control,
// and no break.
func (s *Server) control(v Control) Control {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch v {
	case DTROn, DTROff:
		if s.port.SetDTR(v == DTROn) == nil {
			s.dtr = v == DTROn
		}
	case RTSOn, RTSOff:
		if s.port.SetRTS(v == RTSOn) == nil {
			s.rts = v == RTSOn
		}
	}
	switch {
	case v >= AskDTR && v <= DTROff:
		return either(s.dtr, DTROn, DTROff)
	case v >= AskRTS && v <= RTSOff:
		return either(s.rts, RTSOn, RTSOff)
	case v >= AskBreak && v <= BreakOff:
		return BreakOff
	case v >= AskFlowIn && v <= flowInLast || v == DTRFlowIn:
		return NoFlowIn
	}
	return NoFlow
}

func either(is bool, on, off Control) Control {
	if is {
		return on
	}
	return off
}
