package live

import (
	"context"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// leak is how much longer the leaky control takes over one class. From half of
// it on the flat one is called wrong.
const leak = 200 * time.Microsecond

const leakUS = float64(leak / time.Microsecond)

// times sends pairs of probes of two classes, and looks whether one of them
// takes longer. Whatever it finds is advice, for a network has times of its own.
// It says something only if it can tell right from wrong here and now: between
// the pairs come others at two controls, one that takes as long over both
// classes, and one that takes longer over one of them. And what it finds has to
// be there in a second sample, too.
func (r *run) times(ctx context.Context, t *vectors.OracleTest, devices map[string]*device) error {
	timing := t.Time
	alpha := timing.Alpha / float64(max(1, r.comparisons()))
	var all []sample
	var first, other probe
	for range 2 {
		probes, err := r.probes(t, devices)
		if err != nil {
			return err
		}
		first, other = two(probes)
		s, err := r.sample(ctx, timing, first, other, alpha)
		if err != nil {
			return err
		}
		all = append(all, s)
		switch {
		case s.flat.shows(alpha, leakUS/2):
			return inconclusive("from here a backend of ours that takes as long over both seems to take %v longer over one: this machine is too restless", s.flat)
		case !s.leaky.shows(alpha, leakUS/2):
			return inconclusive("from here a backend of ours that takes %s longer over one is not found: %v", leak, s.leaky)
		case !s.target.shows(alpha, timing.MinEffectUS) && s.target.least > timing.MinEffectUS:
			return inconclusive("answers of the backend are so uneven that only differences of %.0f µs or more can be seen, and %.0f µs count: %v", s.target.least, timing.MinEffectUS, s.target)
		case !s.target.shows(alpha, timing.MinEffectUS) && len(all) == 1:
			small := ""
			if s.target.shows(alpha, 0) {
				small = ", which is there, but too little to count"
			}
			r.result.note("to refuse %s takes %v longer than to refuse %s%s; what counts is %.0f µs; %.0f µs would be seen in 19 of 20 samples; chance of a false alarm %.2g", first.class, s.target, other.class, small, timing.MinEffectUS, s.target.least, alpha)
			r.result.note("beside it a backend of ours that takes %s longer over one was found: %v; and one that does not was not: %v", leak, s.leaky, s.flat)
			return nil
		case !s.target.shows(alpha, timing.MinEffectUS), len(all) == 2 && (s.target.effect > 0) != (all[0].target.effect > 0):
			return inconclusive("to refuse %s took %v longer than to refuse %s, and then in a second sample %v", first.class, all[0].target, other.class, s.target)
		}
	}
	r.result.note("chance of a false alarm %.2g in each of two samples; beside them a backend of ours that takes %s longer over one was found: %v, %v; and one that does not was not: %v, %v",
		alpha, leak, all[0].leaky, all[1].leaky, all[0].flat, all[1].flat)
	longer, shorter := first, other
	if all[0].target.effect < 0 {
		longer, shorter = other, first
	}
	return against("REQ-RSP-004", "to refuse %s takes longer than to refuse %s: by %v, and in a second sample %v; who measures it learns which of the two it was", longer.class, shorter.class, all[0].target.size(), all[1].target.size())
}

// comparisons returns how many differences the tests of the suite look for: the
// chance of a false alarm is shared among them.
func (r *run) comparisons() (n int) {
	for _, file := range r.suite.Files {
		for _, g := range file.Groups {
			for _, t := range g.Tests {
				if o, is := t.(*vectors.OracleTest); is && o.Time != nil {
					n++
				}
			}
		}
	}
	return n
}

// two returns the first probe, and the first of another class.
func two(probes []probe) (first, other probe) {
	first, other = probes[0], probes[0]
	for _, p := range probes {
		if p.class != first.class {
			return first, p
		}
	}
	return first, other
}

// sample is how much longer the first probe took than the other one: at the
// target, and at the controls.
type sample struct{ target, flat, leaky weighing }

const (
	warmUp     = 10              // pairs that are not counted
	sampleTime = 5 * time.Second // for one sample of a backend that is slow
)

// sample measures pairs at the target and the controls in turns, so that what
// else goes on here or on the way meets all of them alike. Which comes first is
// left to chance.
func (r *run) sample(ctx context.Context, timing *vectors.Timing, first, other probe, alpha float64) (s sample, err error) {
	lines := []*line{{run: r}, nil, nil}
	for i, leak := range []time.Duration{0, leak} {
		c, err := newControl(1000)
		if err != nil {
			return s, err
		}
		defer c.close()
		c.before = func(msg string) {
			if leak > 0 && msg == first.message.msg {
				spin(leak)
			}
		}
		lines[1+i] = &line{run: c.aim(r)}
	}
	differences := make([][]float64, len(lines))
	end := time.Now().Add(sampleTime)
	for i := range warmUp + timing.Pairs {
		if i >= 2*warmUp && time.Now().After(end) {
			break // with fewer pairs less can be seen, which is said
		}
		for _, k := range r.rng.Perm(len(lines)) {
			l := lines[k]
			l.quiet = i >= 2*warmUp
			took, err := l.pair(ctx, first, other, r.rng.IntN(2) == 1)
			if err != nil && k > 0 {
				return s, fmt.Errorf("a control beside the backend: %w", err)
			}
			if err != nil {
				return s, err
			}
			if i >= warmUp {
				differences[k] = append(differences[k], took)
			}
		}
	}
	for _, l := range lines {
		l.close()
	}
	return sample{weigh(differences[0], alpha), weigh(differences[1], alpha), weigh(differences[2], alpha)}, nil
}

// pair sends both probes, and returns how much longer the first one took, in
// microseconds.
func (l *line) pair(ctx context.Context, first, other probe, turned bool) (float64, error) {
	pair, sign := []probe{first, other}, 1.0
	if turned {
		pair, sign = []probe{other, first}, -1
	}
	var took [2]time.Duration
	for i, p := range pair {
		a, _ := l.ask(ctx, p)
		if err := a.trouble(); err != nil {
			return 0, err
		}
		if a.accepted {
			return 0, failed("%s was accepted", p.what)
		}
		took[i] = a.took
	}
	return sign * float64(took[0]-took[1]) / float64(time.Microsecond), nil
}
