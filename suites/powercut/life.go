package powercut

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// live leaves the n-th life, from s on.
func (e *explorer) live(ctx context.Context, n int, s *virtual.Snapshot, known *ledger) error {
	place := Place{Act: fmt.Sprintf("life-%d", n)}
	if e.only != nil && *e.only != place {
		return nil
	}
	return e.offer(ctx, func(b *bench) error {
		if err := b.restore(s); err != nil {
			return fmt.Errorf("powercut: %s: %w", place, err)
		}
		f := life{b, known.clone(), rand.New(rand.NewPCG(place.seed(e.cfg.Seed), 0)), e.cfg}
		for range e.cfg.Size.Cuts {
			if err := f.turn(); err != nil {
				return e.violation(b, place, err)
			}
		}
		b.settle(f.seen-known.seen, f.missed-known.missed)
		return nil
	})
}

// life is a device whose power fails again and again, in anything that it does.
type life struct {
	*bench
	*ledger
	rand *rand.Rand
	cfg  Config
}

// turn has the device do something, in which its power may fail, and come back.
func (f life) turn() error {
	do, pulses := f.something()
	f.threaten(pulses)
	err := do()
	if err == nil { // it went well, or the cut is still to come
		f.board.Cut(virtual.Cut{})
		return nil
	}
	if !errors.Is(err, errLost) {
		return err
	}
	f.cut()
	for f.rand.IntN(3) == 0 {
		f.threaten(360)
		switch err := f.returns(); {
		case err == nil:
			f.board.Cut(virtual.Cut{})
			return f.ready()
		case !errors.Is(err, errLost):
			return err
		}
		f.cut()
	}
	if err := comesBack(f.bench, f.ledger); err != nil {
		return err
	}
	return f.ready()
}

// returns is [comesBack] under a cut that may come right behind the greeting, before
// the host has heard it: that is a loss like any other.
func (f life) returns() error {
	err := comesBack(f.bench, f.ledger)
	if err == nil && !f.board.Powered() {
		return errLost
	}
	return err
}

func (f life) cut() { f.count.Cuts, f.count.InLives = f.count.Cuts+1, f.count.InLives+1 }

// something is what the device does next, and about how many pulses that takes.
func (f life) something() (do func() error, pulses int) {
	switch f.rand.IntN(6) {
	case 0:
		who := f.was
		who.next = f.spent[who.pass] + f.rand.Uint64N(20)
		return f.becomes(who), 400
	case 1:
		who := alpha
		if f.was.id == alpha.id {
			who = beta
		}
		who.next = max(who.next, f.spent[who.pass])
		return f.becomes(who), 400
	}
	n := 1 + f.rand.IntN(3)
	return func() error {
		for range n {
			if err := send(f.bench, f.ledger); err != nil {
				return err
			}
		}
		return nil
	}, 16 * n
}

func (f life) becomes(who identity) func() error {
	return func() error { return provision(who)(f.bench, f.ledger) }
}

// threaten cuts the power somewhere in what comes next, which takes about so many
// pulses, or else shortly after.
func (f life) threaten(pulses int) {
	c := virtual.Cut{Seed: f.rand.Uint64(), Whole: f.cfg.Whole}
	switch f.rand.IntN(5) {
	case 0:
		c.Of, c.After = virtual.Bytes, 1+f.rand.Uint64N(1000)
	case 1:
		c.Of, c.After = virtual.Instructions, 1+f.rand.Uint64N(500_000)
	default:
		c.Of, c.After = virtual.Pulses, 1+f.rand.Uint64N(uint64(pulses))
	}
	f.board.Cut(c)
}
