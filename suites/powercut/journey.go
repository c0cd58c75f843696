package powercut

import (
	"context"
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// journey is the life of a device whose power never fails. On its way it leaves
// the acts to explore.
func (e *explorer) journey(ctx context.Context) error {
	b, err := newBench(e.cfg)
	if err != nil {
		return fmt.Errorf("powercut: %w", err)
	}
	defer b.board.Close()
	l := (&ledger{}).clone()
	if err := comesBack(b, l); err != nil {
		return unharmed(err)
	}
	l.losses = 0
	if err := e.setup(ctx, b, l, firstAct, provision(alpha)); err != nil {
		return err
	}
	if err := b.ready(); err != nil {
		return unharmed(err)
	}
	start, err := b.board.Snapshot()
	if err != nil {
		return unharmed(err)
	}
	changes, err := e.scout(ctx, b, l.clone())
	if err != nil {
		return err
	}
	if err := b.restore(start); err != nil {
		return unharmed(err)
	}
	return e.tour(ctx, b, l, changes)
}

// unharmed is the error of a device that does not work, and whose power has not
// been cut.
func unharmed(err error) error { return fmt.Errorf("powercut: before any cut: %w", err) }

// scout has the device send until it is beyond the last change of sectors, and
// returns which sends erase one.
func (e *explorer) scout(ctx context.Context, b *bench, l *ledger) (changes []int, err error) {
	const most = 1024 // sends in a sector, before it is taken for endless
	last := 0
	for n := 0; len(changes) < e.cfg.Size.Changes; n++ {
		if n > last+most {
			return nil, unharmed(fmt.Errorf("it erases no sector in %d sends: whatever its store is, it is not what this explores", most))
		}
		before := b.board.Stats().Erases
		if err := step(ctx, b, l); err != nil {
			return nil, err
		}
		if b.board.Stats().Erases > before {
			changes, last = append(changes, n), n
		}
	}
	return changes, nil
}

func step(ctx context.Context, b *bench, l *ledger) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := send(b, l); err != nil {
		return unharmed(err)
	}
	return nil
}

// tour has the device send once more, and leaves acts and lives on its way.
func (e *explorer) tour(ctx context.Context, b *bench, l *ledger, changes []int) error {
	size := e.cfg.Size
	last := changes[len(changes)-1] + size.Near
	for n := 0; n <= last; n++ {
		if !size.includes(n, changes) {
			if err := step(ctx, b, l); err != nil {
				return err
			}
			continue
		}
		s, err := b.board.Snapshot()
		if err != nil {
			return unharmed(err)
		}
		known := l.clone()
		before := b.board.Stats().Pulses
		if err := step(ctx, b, l); err != nil {
			return err
		}
		a := act{fmt.Sprintf("send-%d", n), s, known, int(b.board.Stats().Pulses - before), send}
		if err := e.explore(ctx, a, false); err != nil {
			return err
		}
		e.add(Count{Sends: 1})
		which := slices.Index(changes, n)
		if which < 0 {
			continue
		}
		e.add(Count{Changes: 1})
		if which == 0 {
			if err := e.setups(ctx, b, s, known); err != nil {
				return err
			}
		}
		for life := which; life < size.Lives; life += len(changes) {
			if err := e.live(ctx, life, s, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// includes reports whether send n is explored.
func (s Size) includes(n int, changes []int) bool {
	return n%s.Between == 0 || slices.ContainsFunc(changes, func(c int) bool { return n >= c-s.Near && n <= c+s.Near })
}

// setups leaves the two provisionings of a device that is somebody, at a moment
// at which its log changes sectors, and brings the board back to where it was.
func (e *explorer) setups(ctx context.Context, b *bench, at *virtual.Snapshot, known *ledger) error {
	on, err := b.board.Snapshot()
	if err != nil {
		return unharmed(err)
	}
	same := known.was
	same.next = known.spent[same.pass] + 1000
	for _, s := range []struct {
		name string
		who  identity
	}{{sameAct, same}, {otherAct, beta}} {
		if err := b.restore(at); err != nil {
			return unharmed(err)
		}
		if err := e.setup(ctx, b, known.clone(), s.name, provision(s.who)); err != nil {
			return err
		}
	}
	if err := b.restore(on); err != nil {
		return unharmed(err)
	}
	return nil
}

// setup has the device do something, and leaves that as an act.
func (e *explorer) setup(ctx context.Context, b *bench, l *ledger, name string, do func(*bench, *ledger) error) error {
	s, err := b.board.Snapshot()
	if err != nil {
		return unharmed(err)
	}
	known := l.clone()
	before := b.board.Stats().Pulses
	if err := do(b, l); err != nil {
		return unharmed(err)
	}
	return e.explore(ctx, act{name, s, known, int(b.board.Stats().Pulses - before), do}, true)
}
