package powercut

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// explorer is one exploration.
type explorer struct {
	cfg  Config
	only *Place // nil: everything
	jobs chan func(*bench) error

	mu    sync.Mutex
	count Count
}

func explore(ctx context.Context, cfg Config, only *Place) (Count, error) {
	if cfg.Workers <= 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	e := &explorer{cfg: cfg, only: only, jobs: make(chan func(*bench) error)}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var crew sync.WaitGroup
	for range cfg.Workers {
		crew.Go(func() {
			if err := e.work(ctx); err != nil {
				stop(err)
			}
		})
	}
	err := e.journey(ctx)
	close(e.jobs)
	if err != nil {
		stop(err)
	}
	crew.Wait()
	switch cause := context.Cause(ctx); {
	case cause != nil:
		return e.count, cause
	case only == nil && (e.count.Torn == 0 || e.count.Wavering == 0):
		return e.count, ErrKind
	case e.count.Cuts == 0:
		return e.count, fmt.Errorf("%w as %q: the device never comes there", ErrPlace, only)
	}
	return e.count, nil
}

// work does jobs on a board of its own until there are no more.
func (e *explorer) work(ctx context.Context) error {
	b, err := newBench(e.cfg)
	if err != nil {
		return fmt.Errorf("powercut: %w", err)
	}
	defer b.board.Close()
	for job := range e.jobs {
		if ctx.Err() != nil {
			return nil
		}
		if err := job(b); err != nil {
			return err
		}
	}
	e.add(b.count)
	return nil
}

// offer gives a job to whoever is free.
func (e *explorer) offer(ctx context.Context, job func(*bench) error) error {
	select {
	case e.jobs <- job:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// explore offers the cuts of an act, all its pulses or the one that is wanted.
func (e *explorer) explore(ctx context.Context, a act, nested bool) error {
	for pulse := 1; pulse <= a.pulses; pulse++ {
		if nested && e.only == nil && pulse%e.cfg.Size.Setups != 0 {
			continue
		}
		if e.only != nil && (e.only.Act != a.name || e.only.Pulse != pulse && e.only.Pulse != 0) {
			continue
		}
		if err := e.offer(ctx, func(b *bench) error { return e.cut(b, a, pulse, nested) }); err != nil {
			return err
		}
	}
	return nil
}

// cut cuts a in one pulse, and, if nested, then the boot behind it.
func (e *explorer) cut(b *bench, a act, pulse int, nested bool) error {
	place := Place{Act: a.name, Pulse: pulse}
	l := a.known.clone()
	if err := b.restore(a.before); err != nil {
		return fmt.Errorf("powercut: %s: %w", place, err)
	}
	b.cutIn(pulse, place, e.cfg)
	if err := a.do(b, l); !errors.Is(err, errLost) {
		return e.violation(b, place, noCut(err))
	}
	b.count.Cuts++
	if !nested {
		b.count.InSends++
		_, err := e.proof(b, place, l, place.seed(e.cfg.Seed)%4 == 0)
		return err
	}
	b.count.InSetup++
	torn, err := b.board.Snapshot()
	if err != nil {
		return fmt.Errorf("powercut: %s: %w", place, err)
	}
	known := l.clone()
	pulses, err := e.proof(b, place, l, true)
	if err != nil {
		return err
	}
	return e.boots(b, place, torn, known, pulses)
}

// proof has the device come back from a cut, and prove itself. It returns how
// many pulses it took to come back.
func (e *explorer) proof(b *bench, place Place, l *ledger, twice bool) (pulses int, err error) {
	seen, missed, before := l.seen, l.missed, b.board.Stats().Pulses
	if err := comesBack(b, l); err != nil {
		return 0, e.violation(b, place, err)
	}
	pulses = int(b.board.Stats().Pulses - before)
	if err := proves(b, l, twice); err != nil {
		return 0, e.violation(b, place, err)
	}
	b.settle(l.seen-seen, l.missed-missed)
	return pulses, nil
}

// boots cuts the boot behind a cut, which takes so many pulses: in each of them,
// or in one.
func (e *explorer) boots(b *bench, place Place, torn *virtual.Snapshot, known *ledger, pulses int) error {
	stride := 1
	if whole := place.Pulse%e.cfg.Size.Boots == 0; !whole && e.only == nil {
		stride = max(pulses, 1)
	}
	first := 1 + int(place.seed(e.cfg.Seed)>>8%uint64(stride))
	for pulse := first; pulse <= pulses; pulse += stride {
		place := Place{place.Act, place.Pulse, pulse}
		if e.only != nil && e.only.Boot != 0 && *e.only != place {
			continue
		}
		l := known.clone()
		if err := b.restore(torn); err != nil {
			return fmt.Errorf("powercut: %s: %w", place, err)
		}
		b.cutIn(pulse, place, e.cfg)
		if err := comesBack(b, l); !errors.Is(err, errLost) {
			return e.violation(b, place, noCut(err))
		}
		b.count.Cuts++
		b.count.InBoots++
		if _, err := e.proof(b, place, l, place.seed(e.cfg.Seed)%4 == 0); err != nil {
			return err
		}
	}
	return nil
}

// noCut is what is wrong where an act ended otherwise than by its cut.
func noCut(err error) error {
	if err == nil {
		return errors.New("the cut never came: twice the same, and the device does not do the same")
	}
	return err
}

// add adds to what was explored.
func (e *explorer) add(c Count) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count.add(c)
}

// violation makes a Violation of what a device did.
func (e *explorer) violation(b *bench, place Place, err error) error {
	if errors.Is(err, errLost) {
		err = errors.New("its supply has failed though nobody cut it")
	}
	said := b.said[max(0, len(b.said)-400):]
	return &Violation{e.cfg.Seed, place, err.Error(), string(slices.Clone(said))}
}
