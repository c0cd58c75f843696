package virtual

import (
	"math/bits"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// wave is what p does to the level of a wire, sent back to back.
type wave struct {
	p    []byte
	line line
	bit  int // how long a bit lasts
}

// level is that of the wire at t: start bit 0, data from the lowest bit on,
// parity if any, stop bits 1; and 1 where nothing is sent.
func (w wave) level(t int) uint {
	f := w.line.format
	i, n := t/w.bit/f.Bits(), t/w.bit%f.Bits()
	switch {
	case i >= len(w.p) || n > f.Data+1 || n > f.Data && f.Parity == soc.NoParity:
		return 1
	case n == 0:
		return 0
	case n > f.Data:
		return parity(w.p[i]&(1<<f.Data-1), f.Parity)
	}
	return uint(w.p[i]>>(n-1)) & 1
}

// edge is the first moment after t at which the level can change.
func (w wave) edge(t int) int { return (t/w.bit + 1) * w.bit }

// parity is the bit that goes with b.
func parity(b byte, p soc.Parity) uint {
	odd := uint(bits.OnesCount8(b) & 1)
	if p == soc.Odd {
		return odd ^ 1
	}
	return odd
}

// mishear returns what the receiver to makes of p sent back to back by from: it
// waits for a falling edge, takes a sample in the middle of each of its bits,
// and looks for the next edge once it has seen a stop bit.
func mishear(p []byte, from, to line) []soc.Heard {
	w := wave{p, from, to.baud} // in units of 1/(from·to) s
	bit := from.baud
	f := to.format
	var heard []soc.Heard
	for t, end := 0, len(p)*from.format.Bits()*w.bit; t < end; {
		if w.level(t) == 1 {
			t = w.edge(t)
			continue
		}
		sample := func(n int) uint { return w.level(t + n*bit + bit/2) }
		if sample(0) == 1 { // too short for a start bit
			t += bit / 2
			continue
		}
		var h soc.Heard
		for n := range f.Data {
			h.Byte |= byte(sample(1+n) << n)
		}
		n, ones := 1+f.Data, uint(h.Byte)
		if f.Parity != soc.NoParity {
			if ones |= sample(n); sample(n) != parity(h.Byte, f.Parity) {
				h.Flaw |= soc.ParityError
			}
			n++
		}
		if sample(n) == 0 {
			h.Flaw |= soc.FrameError
			if ones == 0 {
				h.Flaw |= soc.Break
			}
		}
		heard = append(heard, h)
		for t += n*bit + bit/2; t < end && w.level(t) == 0; { // no stop bit: the line must rise first
			t = w.edge(t)
		}
	}
	return heard
}
