package virtual

import "time"

// A program that waits should do so by the instruction for it. A mask ROM does
// not: it goes round and round until a register or a variable changes, or looks
// at the clock again and again. What such a board is up to is judged at the end
// of a slice.

// habits say for how long the board has done the same, slice after slice, without
// the host's doing anything.
type habits struct {
	polls  time.Duration // it only looked
	chants time.Duration // it only spoke
}

const (
	rounds = 500 // instructions in the way round a loop that is known for one

	// A board that has polled for a second sleeps through most of what follows:
	// it looks every 10 ms or so, or when something happens.
	longPoll = time.Second
	drowse   = 10 * time.Millisecond

	// One that has spoken for 20 ms without being spoken to speaks on as fast as
	// its wire would let it, as one that reports the same exception for ever.
	longChant = 20 * time.Millisecond
)

// glance is what the chip had done by some time, and how much there was to say.
type glance struct {
	at           time.Duration
	looks, deeds uint64
	said         int
}

func (b *Board) glance() glance {
	looks, deeds := b.chip.Glances()
	return glance{b.chip.Now(), looks, deeds, len(b.out)}
}

// demeanour tells a program that works from one that waits, at the end of a
// slice. Callers hold mu.
func (b *Board) demeanour(before glance) motion {
	h, now := &b.board.habits, b.glance()
	polls, chants := h.polls+now.at-before.at, h.chants+now.at-before.at
	*h = habits{}
	switch {
	case now.said > before.said && b.cfg.Pace == NoPace:
		if h.chants = chants; h.chants > longChant {
			b.pass(b.wireTime(now.said - before.said))
			return crashed
		}
	case now.deeds != before.deeds || now.said > before.said:
	case b.chip.Still(rounds):
		return idle
	case now.looks != before.looks:
		if h.polls = polls; h.polls > longPoll {
			b.drowse()
		}
		return polling
	}
	return busy
}

// drowse lets some time pass, up to the next event.
func (b *Board) drowse() {
	d := drowse
	if at, ok := b.chip.NextEvent(); ok {
		d = min(d, at-b.chip.Now())
	}
	b.pass(d)
}

// wireTime is how long n bytes take at the board's speed.
func (b *Board) wireTime(n int) time.Duration {
	uart := b.chip.UART0
	bit := time.Duration(max(uart.Divider(), 1)) * time.Second / crystalHz
	return time.Duration(n*uart.Format().Bits()) * bit
}
