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
	if err := e.setup(ctx, b, l, firstAct, alpha); err != nil {
		return err
	}
	if e.only != nil && e.only.Act == firstAct {
		return nil
	}
	if err := b.ready(); err != nil {
		return unharmed(err)
	}
	if n := e.wanted(); n >= 0 {
		return e.tour(ctx, b, l, []int{n})
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

// wanted is the one send that is to be explored, or -1.
func (e *explorer) wanted() int {
	if e.only == nil {
		return -1
	}
	return e.only.number("send-")
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
	for n := 0; n <= changes[len(changes)-1]+size.Near; n++ {
		sends := e.cfg.Parts.has(Sends) && size.includes(n, changes)
		which := slices.Index(changes, n)
		middle := n == changes[0]/2
		if !sends && which < 0 && !middle {
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
		if err := e.setups(ctx, b, s, known, middle, which == 0); err != nil {
			return err
		}
		for life := 0; which == 0 && life < size.Lives && e.cfg.Parts.has(Lives); life++ {
			if err := e.live(ctx, life, s, known); err != nil {
				return err
			}
		}
		before := b.board.Stats().Pulses
		if err := step(ctx, b, l); err != nil {
			return err
		}
		if !sends {
			continue
		}
		a := act{fmt.Sprintf("send-%d", n), s, known, int(b.board.Stats().Pulses - before), false, send}
		if err := e.sends(ctx, a, which >= 0); err != nil {
			return err
		}
	}
	return nil
}

// sends offers the cuts of a send.
func (e *explorer) sends(ctx context.Context, a act, change bool) error {
	places := e.places(a, 1)
	if len(places) == 0 {
		return nil
	}
	n := Count{Sends: 1}
	if change {
		n.Changes = 1
	}
	e.add(n)
	for _, place := range places {
		err := e.offer(ctx, func(b *bench) error {
			_, err := e.cut(b, a, place)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// places are those of the cuts in an act, in each so-manieth pulse: all, or the
// one that is wanted.
func (e *explorer) places(a act, stride int) (places []Place) {
	if e.only != nil {
		if p := *e.only; p.Act == a.name && p.Pulse > 0 && p.Pulse <= a.pulses {
			p.Boot = 0
			places = append(places, p)
		}
		return places
	}
	for pulse := stride; pulse <= a.pulses; pulse += stride {
		places = append(places, Place{Act: a.name, Pulse: pulse})
	}
	return places
}

// includes reports whether send n is explored.
func (s Size) includes(n int, changes []int) bool {
	return n%s.Between == 0 || slices.ContainsFunc(changes, func(c int) bool { return n >= c-s.Near && n <= c+s.Near })
}

// setups explores the provisionings of a device that is somebody: in the middle
// of a sector with its own passphrase, and at a change of sectors as another. It
// brings the board back to where it was.
func (e *explorer) setups(ctx context.Context, b *bench, at *virtual.Snapshot, known *ledger, same, other bool) error {
	if same {
		who := known.was
		who.next = known.spent[who.pass] + 1000
		if err := e.setup(ctx, b, known.clone(), sameAct, who); err != nil {
			return err
		}
	}
	if other {
		if err := e.setup(ctx, b, known.clone(), otherAct, beta); err != nil {
			return err
		}
	}
	if err := b.restore(at); err != nil {
		return unharmed(err)
	}
	return nil
}

// setup makes the device who, and explores that.
func (e *explorer) setup(ctx context.Context, b *bench, l *ledger, name string, who identity) error {
	s, err := b.board.Snapshot()
	if err != nil {
		return unharmed(err)
	}
	known, do := l.clone(), provision(who)
	before := b.board.Stats().Pulses
	if err := do(b, l); err != nil {
		return unharmed(err)
	}
	if !e.cfg.Parts.has(Setups) {
		return nil
	}
	a := act{name, s, known, int(b.board.Stats().Pulses - before), true, do}
	places := e.places(a, e.cfg.Size.Setups)
	found, err := e.cuts(ctx, a, places)
	if err != nil || e.only != nil {
		return err
	}
	places, found, err = e.refine(ctx, a, places, found, who)
	if err != nil {
		return err
	}
	_, err = e.cuts(ctx, a, e.again(places, found, who))
	return err
}

// turns are the indices of those places, of cuts in ascending pulses, behind
// which a provisioning comes true: from such a cut the device comes back as it
// was, and from the next as it is to be.
func turns(found []came, who identity) (at []int) {
	for i := range found {
		next := who
		if i+1 < len(found) {
			next = found[i+1].as
		}
		if found[i].as != next {
			at = append(at, i)
		}
	}
	return at
}

// refine cuts all the pulses that were left out where a provisioning comes true,
// and returns these places.
func (e *explorer) refine(ctx context.Context, a act, places []Place, found []came, who identity) ([]Place, []came, error) {
	if e.cfg.Size.Setups == 1 {
		return places, found, nil
	}
	var between []Place
	for _, i := range turns(found, who) {
		end := a.pulses + 1
		if i+1 < len(places) {
			end = places[i+1].Pulse
		}
		for pulse := places[i].Pulse; pulse < end; pulse++ {
			between = append(between, Place{Act: a.name, Pulse: pulse})
		}
	}
	found, err := e.cuts(ctx, a, between)
	return between, found, err
}

// again returns the places once more in which a provisioning comes true: what
// makes the difference is one pulse, so it deserves more than one cut.
func (e *explorer) again(places []Place, found []came, who identity) (more []Place) {
	for _, i := range turns(found, who) {
		place := places[i]
		for place.Again = 1; place.Again <= e.cfg.Size.Again; place.Again++ {
			more = append(more, place)
		}
	}
	return more
}
