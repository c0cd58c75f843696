package explore

import (
	"context"
	"slices"
	"time"
)

// Limit bounds a search for the shortest history.
type Limit struct {
	Tries int
	Time  time.Duration
	Keep  func() // is called when a history has failed in place of the one before; may be nil
}

// repeats is how often a history is tried again before it is said not to fail
// again.
const repeats = 3

// Shortest is what came of the search.
type Shortest struct {
	History History
	Failure *Failure // of the last try that failed, which was of History
	Tries   int
	Again   bool  // it failed again; otherwise History is the first one, as it was
	Err     error // why it could not be tried again, if it could not even once
	Done    bool  // no step can be left out or made plainer; otherwise a limit ended the search
}

// Shrink looks for a shorter history that fails like h did, by leaving steps out
// and making others plainer, each time on the backend. An error of a try counts
// as one that does not fail.
func Shrink(ctx context.Context, b Backend, h History, f *Failure, recipes []string, limit Limit) Shortest {
	s := &search{ctx: ctx, backend: b, end: time.Now().Add(limit.Time), limit: limit.Tries, keep: limit.Keep, found: Shortest{History: h, Failure: f}}
	s.found.History = cut(h, f)
	for range repeats {
		if s.fails(s.found.History) {
			s.found.Again, s.found.Err = true, nil
			break
		}
	}
	if !s.found.Again {
		s.found.History, s.found.Failure = h, f
		return s.found
	}
	for before := (History)(nil); !slices.Equal(before, s.found.History); {
		before = slices.Clone(s.found.History)
		s.leaveOut()
		s.makePlain(recipes)
	}
	s.found.Done = !s.over()
	return s.found
}

type search struct {
	ctx     context.Context
	backend Backend
	end     time.Time
	limit   int
	keep    func()
	found   Shortest
}

func (s *search) over() bool {
	return s.found.Tries >= s.limit || !time.Now().Before(s.end) || s.ctx.Err() != nil
}

// fails tries a history, and takes it if it fails in the same way.
func (s *search) fails(h History) bool {
	if s.over() {
		return false
	}
	s.found.Tries++
	f, err := Try(s.ctx, s.backend, h)
	if err != nil && !s.found.Again {
		s.found.Err = err
	}
	if err != nil || !s.found.Failure.alike(f) {
		return false
	}
	s.found.History, s.found.Failure = cut(h, f), f
	if s.keep != nil {
		s.keep()
	}
	return true
}

// cut leaves out what follows a failure.
func cut(h History, f *Failure) History { return slices.Clone(h[:min(f.At+1, len(h))]) }

// leaveOut takes parts away, large ones first, from the end on: what comes late
// is needed least, but for the last step, which fails.
func (s *search) leaveOut() {
	for size := len(s.found.History) / 2; size > 0; size /= 2 {
		for at := len(s.found.History) - size; at > -size; at -= size {
			from, to := max(at, 0), at+size
			if to > len(s.found.History) {
				continue
			}
			s.fails(without(s.found.History, from, to))
		}
	}
}

// without leaves out steps, and those that repeat one of them.
func without(h History, from, to int) History {
	gone := map[int]bool{}
	for _, s := range h[from:to] {
		gone[s.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(h), func(s Step) bool { return gone[s.ID] || s.Kind == Replay && gone[s.Of] })
}

// makePlain makes each step plainer.
func (s *search) makePlain(recipes []string) {
	for i := 0; i < len(s.found.History); i++ {
		for _, plain := range plainer(s.found.History[i], recipes) {
			h := slices.Clone(s.found.History)
			if h[i] = plain; plain.Device != s.found.History[i].Device {
				follow(h, plain)
			}
			if i < len(s.found.History) && s.fails(h) {
				break
			}
		}
	}
	one := slices.Clone(s.found.History)
	for i := range one {
		one[i].Device = 0
	}
	if !slices.Equal(one, s.found.History) {
		s.fails(one)
	}
}

// follow moves the replays of a step to its device.
func follow(h History, first Step) {
	for i := range h {
		if h[i].Kind == Replay && h[i].Of == first.ID {
			h[i].Device = first.Device
		}
	}
}

// plainer returns steps that are plainer than s, the plainest first.
func plainer(s Step, recipes []string) (list []Step) {
	as := func(kind Kind, n uint64, what string) {
		list = append(list, Step{ID: s.ID, Kind: kind, Device: s.Device, N: n, What: what})
	}
	switch s.Kind {
	case Gap:
		as(Next, 0, "")
		for _, n := range below(s.N) {
			as(Gap, n, "")
		}
	case Stale:
		for _, n := range below(s.N) {
			as(Stale, n, "")
		}
	case Refused:
		as(Stale, 1, "")
		if len(recipes) > 0 && s.What != recipes[0] {
			as(Refused, 0, recipes[0])
		}
	case Stranger:
		as(Stale, 1, "")
	case Replay:
		as(Stale, 1, "")
	case Burst:
		as(Next, 0, "")
		for _, n := range []uint64{2, s.N / 2} {
			if n > 1 && n < s.N {
				as(Burst, n, "")
			}
		}
	case Kill:
		as(Restart, 0, "")
	}
	return list
}

// below returns numbers below n, the lowest first, so that the least that is
// enough is found in few tries.
func below(n uint64) (list []uint64) {
	if n > 1 {
		list = append(list, 1)
	}
	for d := n / 2; d > 0; d /= 2 {
		if n-d > 1 {
			list = append(list, n-d)
		}
	}
	return list
}
