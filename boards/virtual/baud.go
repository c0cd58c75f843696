package virtual

import "github.com/espalier-hil/espalier/boards/virtual/soc"

// Baud is the speed that the ROM speaks, in bits per second, by its customary
// name.
const Baud = 74880

const (
	crystalHz = 52_000_000 // what the UART divides: twice the crystal, with the PLL off
	// tolerance is by how many percent the two ends may differ.
	tolerance = 4
)

// line is how one end of the wire sends and listens.
type line struct {
	baud   int
	format soc.Format
}

// host is the line of the host, which speaks 8N1 whatever its speed.
func host(baud int) line { return line{baud, soc.Format8N1} }

// guest is the line of a UART with that divider.
func guest(divider uint32, f soc.Format) line {
	return line{crystalHz / int(max(divider, 1)), f}
}

// understands reports whether one end hears what the other says.
func (l line) understands(o line) bool {
	return l.format == o.format && 100*max(l.baud-o.baud, o.baud-l.baud) <= tolerance*max(l.baud, o.baud)
}

// offer lets the chip hear p. Callers hold mu.
func (b *Board) offer(p []byte) {
	uart := b.chip.UART0
	p = p[:max(0, min(len(p), backlog-uart.Queued()))]
	from, to := host(b.speed()), guest(uart.Divider(), uart.Format())
	uart.SetHostBaud(from.baud)
	if b.pacer != nil {
		uart.HostSends(b.pacer.now(b.chip.Now()))
	}
	if uart.Measuring() || to.understands(from) {
		uart.Offer(p)
		return
	}
	uart.Hear(mishear(p, from, to))
}

// collect moves what the chip has sent to the host's side. Callers hold mu.
func (b *Board) collect() {
	for sent := b.chip.UART0.TakeSent(); len(sent) > 0; {
		first, n := sent[0], 1
		for n < len(sent) && sent[n].Divider == first.Divider && sent[n].Format == first.Format {
			n++
		}
		b.carry(sent[:n], guest(first.Divider, first.Format), host(b.speed()))
		sent = sent[n:]
	}
}

// carry lets the host hear bytes that were all sent in one way. Garbage comes
// when the last of them has been sent.
func (b *Board) carry(sent []soc.Sent, from, to line) {
	if to.understands(from) {
		for _, s := range sent {
			b.deliver(s.Byte, s.At)
		}
		return
	}
	p := make([]byte, len(sent))
	for i, s := range sent {
		p[i] = s.Byte
	}
	for _, h := range mishear(p, from, to) {
		b.deliver(h.Byte, sent[len(sent)-1].At)
	}
}

// speed is the host's, in bits per second.
func (b *Board) speed() int {
	if b.live != nil {
		if baud, err := b.live.baud(); err == nil && baud > 0 {
			b.board.baud = baud
		}
	}
	return b.board.baud
}
