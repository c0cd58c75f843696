package explore

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Mix says what histories are made of.
type Mix struct {
	Steps   int
	Devices int
	Recipes []string // what Refused is made by, the plainest first; none: there is no such step
	Far     uint64   // the widest gap; 2^20 if 0, which is the widest that every backend accepts
	Bursts  bool
	Again   []Kind // Restart or Kill
}

// farthest is the jump that every backend accepts.
const farthest = 1 << 20

// Generate makes a history. Not every kind of step is in each, so that some
// consist of refusals and others of none: what one kind hides another shows. It
// ends, for each device, with the number below next and next, which show where
// the device stands.
func Generate(rng *rand.Rand, mix Mix) (h History) {
	weights := mix.weigh(rng)
	var kind Kind
	for len(h) < mix.Steps {
		if kind == "" || rng.IntN(3) > 0 { // else once more the same
			kind = choose(rng, weights)
		}
		s := Step{ID: len(h), Kind: kind, Device: rng.IntN(mix.Devices)}
		switch kind {
		case Gap:
			s.N = 1 + spread(rng, cmp.Or(mix.Far, farthest))
		case Stale:
			s.N = 1 + spread(rng, farthest)
		case Burst:
			s.N = 2 + rng.Uint64N(5)
		case Refused:
			s.What = mix.Recipes[rng.IntN(len(mix.Recipes))]
		case Replay:
			of, found := earlier(rng, h)
			if !found {
				s.Kind, kind = Next, ""
				break
			}
			s.Of, s.Device = of.ID, of.Device
		}
		h = append(h, s)
	}
	for d := range mix.Devices {
		h = append(h, Step{ID: len(h), Kind: Stale, Device: d, N: 1}, Step{ID: len(h) + 1, Kind: Next, Device: d})
	}
	return h
}

// weight is how often a kind comes.
type weight struct {
	kind   Kind
	weight int
}

// weigh chooses the kinds of one history.
func (mix Mix) weigh(rng *rand.Rand) []weight {
	all := []weight{{Gap, 2}, {Stale, 2}, {Replay, 3}, {Stranger, 1}}
	if len(mix.Recipes) > 0 {
		all = append(all, weight{Refused, 3})
	}
	if mix.Bursts {
		all = append(all, weight{Burst, 2})
	}
	for _, k := range mix.Again {
		all = append(all, weight{k, 1})
	}
	chosen := []weight{{Next, 2 + rng.IntN(6)}}
	for _, w := range all {
		if slices.Contains(mix.Again, w.kind) || rng.IntN(4) > 0 {
			chosen = append(chosen, w)
		}
	}
	return chosen
}

func choose(rng *rand.Rand, weights []weight) Kind {
	sum := 0
	for _, w := range weights {
		sum += w.weight
	}
	at := rng.IntN(sum)
	for _, w := range weights {
		if at -= w.weight; at < 0 {
			return w.kind
		}
	}
	panic("explore: internal error: weights do not add up")
}

// spread returns a number below n, small ones as often as large ones.
func spread(rng *rand.Rand, n uint64) uint64 {
	for bound := uint64(2); bound < n; bound *= 4 {
		if rng.IntN(3) == 0 {
			return rng.Uint64N(bound)
		}
	}
	return rng.Uint64N(n)
}

// earlier chooses a step whose message can be sent again, a late one more often
// than an early one.
func earlier(rng *rand.Rand, h History) (Step, bool) {
	var sent History
	for _, s := range h {
		if s.sends() && s.Kind != Replay && s.Kind != Stranger {
			sent = append(sent, s)
		}
	}
	if len(sent) == 0 {
		return Step{}, false
	}
	back := min(int(spread(rng, uint64(len(sent)))), len(sent)-1)
	return sent[len(sent)-1-back], true
}
