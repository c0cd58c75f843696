package powercut

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/espalier-hil/espalier/boards/firmware"
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
	defer func() { e.add(b.count) }()
	for job := range e.jobs {
		if ctx.Err() != nil {
			return nil
		}
		if err := job(b); err != nil {
			return err
		}
	}
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

// cuts has a cut in each of these places, and returns how the device came back,
// by place, once all are done.
func (e *explorer) cuts(ctx context.Context, a act, places []Place) ([]came, error) {
	found := make([]came, len(places))
	done := make(chan struct{}, len(places))
	for i, place := range places {
		err := e.offer(ctx, func(b *bench) (err error) {
			found[i], err = e.cut(b, a, place)
			done <- struct{}{}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for range places {
		select {
		case <-done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return found, nil
}

// came is how a device came back from a cut.
type came struct {
	as     identity
	pulses int // that its boot took
}

// cut cuts a in one pulse; where that is a provisioning, then the boot behind it.
func (e *explorer) cut(b *bench, a act, place Place) (came, error) {
	l := a.known.clone()
	if err := b.restore(a.before); err != nil {
		return came{}, fmt.Errorf("powercut: %s: %w", place, err)
	}
	b.cutIn(place.Pulse, place, e.cfg)
	if err := a.do(b, l); !errors.Is(err, errLost) {
		return came{}, e.violation(b, place, noCut(err))
	}
	b.count.Cuts++
	if !a.setup {
		b.count.InSends++
		return e.proof(b, place, l, place.seed(e.cfg.Seed)%8 == 0)
	}
	b.count.InSetup++
	torn, err := b.board.Snapshot()
	if err != nil {
		return came{}, fmt.Errorf("powercut: %s: %w", place, err)
	}
	known := l.clone()
	back, err := e.proof(b, place, l, true)
	if err != nil {
		return came{}, err
	}
	return back, e.boots(b, place, torn, known, back.pulses)
}

// proof has the device come back from a cut, and prove itself.
func (e *explorer) proof(b *bench, place Place, l *ledger, twice bool) (came, error) {
	seen, missed, before := l.seen, l.missed, b.board.Stats().Pulses
	if err := comesBack(b, l); err != nil {
		return came{}, e.violation(b, place, err)
	}
	back := came{l.was, int(b.board.Stats().Pulses - before)}
	if err := proves(b, l, twice); err != nil {
		return came{}, e.violation(b, place, err)
	}
	b.settle(l.seen-seen, l.missed-missed)
	return back, nil
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
		place.Boot = pulse
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
	v := &Violation{Seed: e.cfg.Seed, Place: place, What: err.Error(), Last: b.last(), Given: e.cfg.Given}
	if v.Given == "" && !bytes.Equal(e.cfg.Image, firmware.Image) {
		v.Given = "--image FILE"
	}
	return v
}
