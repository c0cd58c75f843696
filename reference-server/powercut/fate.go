package powercut

import "math/rand/v2"

// Fate decides what becomes of changes that were not flushed.
type Fate interface {
	Sticks() bool                           // a name, or a truncation
	Write() (piece int, sticks func() bool) // a write, in pieces of so many bytes
}

// Forgetful keeps nothing that was not flushed.
type Forgetful struct{}

// Sticks says no.
func (Forgetful) Sticks() bool { return false }

// Write keeps no piece.
func (f Forgetful) Write() (int, func() bool) { return 4096, f.Sticks }

// Faithful keeps everything, as the kernel does when only a process dies.
type Faithful struct{}

// Sticks says yes.
func (Faithful) Sticks() bool { return true }

// Write keeps all.
func (f Faithful) Write() (int, func() bool) { return 4096, f.Sticks }

// Chance keeps each change with a probability of its own, and tears some writes
// at the sectors of a disk.
type Chance struct{ *rand.Rand }

// Sticks tosses a coin.
func (c Chance) Sticks() bool { return c.IntN(2) == 0 }

// Write keeps a write whole, or not, or what chance leaves of its sectors.
func (c Chance) Write() (int, func() bool) {
	switch c.IntN(6) {
	case 0, 1:
		return 4096, Faithful{}.Sticks
	case 2, 3:
		return 4096, Forgetful{}.Sticks
	case 4:
		return 4096, c.Sticks
	}
	return 512, c.Sticks
}
