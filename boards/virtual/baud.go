package virtual

import ()

const (
	crystalHz = 52_000_000 // what the UART divides: twice the crystal, with the PLL off
	// consoleBaud is what the ROM speaks, by its customary name.
	consoleBaud = 74880
	// tolerance is by how many percent the two ends may differ.
	tolerance = 4
)

// boardBaud is the speed of a UART with that divider.
func boardBaud(divider uint32) int { return crystalHz / int(max(divider, 1)) }

// alike reports whether a receiver at one speed understands the other.
func alike(a, b int) bool {
	return 100*max(a-b, b-a) <= tolerance*max(a, b)
}

// offer lets the chip hear p. Callers hold mu.
func (b *Board) offer(p []byte) {
	host, own := b.speed(), boardBaud(b.chip.UART0.Divider())
	b.chip.UART0.SetHostBaud(host)
	if !b.chip.UART0.Measuring() && !alike(host, own) {
		p = mishear(p, host, own)
	}
	b.chip.UART0.Offer(p)
}

// collect moves what the chip has sent to the host's side. Callers hold mu.
func (b *Board) collect(divider uint32) {
	p := b.chip.UART0.TakeTX()
	if len(p) == 0 {
		return
	}
	host, own := b.speed(), boardBaud(divider)
	if !alike(host, own) {
		p = mishear(p, own, host)
	}
	b.out = append(b.out, p...)
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

// mishear returns what a receiver at speed to makes of p sent back to back at
// speed from: it waits for a falling edge, takes ten samples at its own pace,
// each in the middle of a bit, and looks for the next edge.
func mishear(p []byte, from, to int) []byte {
	const frame = 10        // start bit 0, eight bits from the lowest, stop bit 1
	sent, taken := to, from // length of a bit, in units of 1/(from·to) s
	level := func(t int) byte {
		bit := t / sent
		i, n := bit/frame, bit%frame
		switch {
		case i >= len(p) || n == frame-1:
			return 1
		case n == 0:
			return 0
		}
		return p[i] >> (n - 1) & 1
	}
	var heard []byte
	over := len(p) * frame * sent
	for t := 0; t < over; {
		if level(t) == 1 { // edges lie on the sender's grid
			t = (t/sent + 1) * sent
			continue
		}
		var b byte
		for n := range 8 {
			b |= level(t+(n+1)*taken+taken/2) << n
		}
		heard = append(heard, b)
		t += (frame-1)*taken + taken/2
		for t < over && level(t) == 0 { // no stop bit: wait for the line to rise
			t = (t/sent + 1) * sent
		}
	}
	return heard
}
