package live

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// sight is what bursts from this machine can see, measured on controls, with
// the same code as the backend and in the same run.
type sight struct {
	windows []window
}

// window is a control that checks and then stores, and in how many rounds that
// showed. One with no time between the two does both in one step.
type window struct {
	open         time.Duration
	seen, rounds int
}

// The windows of the controls, and the burst that is fired at them.
var (
	windows  = []time.Duration{0, 50 * time.Microsecond, 200 * time.Microsecond, time.Millisecond, 5 * time.Millisecond}
	atWindow = []vectors.Salvo{{Device: "a", SEQN: "1000", Copies: 16, SameBytes: true}}
)

const windowRounds = 12

// sight measures, once for each engine.
func (r *run) sight(ctx context.Context) (*sight, error) {
	if r.Engine.sharp != nil {
		return r.Engine.sharp, nil
	}
	s := &sight{}
	for _, open := range windows {
		w, err := r.look(ctx, open)
		if err != nil {
			return nil, err
		}
		s.windows = append(s.windows, w)
	}
	r.Engine.sharp = s
	return s, nil
}

// look fires at one control.
func (r *run) look(ctx context.Context, open time.Duration) (window, error) {
	w := window{open: open}
	c, err := newControl(1000)
	if err != nil {
		return w, err
	}
	defer c.close()
	switch {
	case open >= time.Millisecond:
		c.between = func() { time.Sleep(open) }
	case open > 0:
		c.between = func() { spin(open) }
	}
	aimed := c.aim(r)
	d := c.device
	for w.rounds < windowRounds {
		ops, err := aimed.burst(ctx, atWindow, true, map[string]*device{"a": d})
		if err != nil {
			return w, fmt.Errorf("a control beside the backend: %w", err)
		}
		w.rounds++
		if explain(vectors.ExactlyOneOK, d, ops, false) != nil {
			w.seen++
		}
		d.shift = int64(d.next) - 1000
	}
	return w, nil
}

// limit returns the shortest window from which on all showed in each round, or
// 0 if not even the longest did.
func (s *sight) limit() (limit time.Duration) {
	for i := len(s.windows) - 1; i > 0 && s.windows[i].seen == s.windows[i].rounds; i-- {
		limit = s.windows[i].open
	}
	return limit
}

// doubt returns what a test found, or INCONCLUSIVE where the controls say that
// it means nothing.
func (s *sight) doubt(found error) error {
	right, longest := s.windows[0], s.windows[len(s.windows)-1]
	switch {
	case right.seen > 0:
		return inconclusive("a backend of ours that checks and stores in one step was called wrong in %d of %d rounds, so that no race that is seen from here means anything", right.seen, right.rounds)
	case found == nil && longest.seen < longest.rounds/2:
		return inconclusive("of a backend of ours that checks and stores %s apart that showed in %d of %d rounds only: from here no race can be seen", longest.open, longest.seen, longest.rounds)
	}
	return found
}

// String states the limit of detection.
func (s *sight) String() string {
	var seen []string
	for _, w := range s.windows[1:] {
		seen = append(seen, fmt.Sprintf("%s in %d of %d", w.open, w.seen, w.rounds))
	}
	text := "what can be seen from here, by bursts of 16 at backends of ours that check and store apart: "
	if limit := s.limit(); limit > 0 {
		text = fmt.Sprintf("windows of %s and more between check and store are found in each round; by bursts of 16 at backends of ours: ", limit)
	}
	return text + strings.Join(seen, ", ") + fmt.Sprintf(" rounds; one that does both in one step was suspected in %d of %d", s.windows[0].seen, s.windows[0].rounds)
}

func inconclusive(format string, args ...any) error { return found(Inconclusive, format, args...) }
