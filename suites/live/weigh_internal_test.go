package live

import (
	"math"
	"math/rand/v2"
	"testing"
)

// noise is what a network adds: mostly little, now and then much.
func noise(rng *rand.Rand) float64 {
	d := rng.NormFloat64() * 40
	if rng.IntN(20) == 0 {
		d += rng.ExpFloat64() * 5000 * float64(1-2*rng.IntN(2))
	}
	return d
}

func drawn(rng *rand.Rand, n int, shift float64) (list []float64) {
	for range n {
		list = append(list, noise(rng)+shift)
	}
	return list
}

// Without a difference it is called one no more often than alpha says; one that
// is twice as large as what is said to be seen, is; and the interval holds what
// is true as often as it should.
func TestWeigh(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const rounds, alpha = 400, 0.01
	alarms, seen, held, twentieth := 0, 0, 0, 0
	for range rounds {
		flat := weigh(drawn(rng, 200, 0), alpha)
		if flat.shows(alpha, 0) {
			alarms++
		}
		leaky := weigh(drawn(rng, 200, flat.least), alpha)
		if leaky.shows(alpha, 0) {
			seen++
		}
		if leaky.low <= flat.least && flat.least <= leaky.high {
			held++
		}
		if weigh(drawn(rng, 200, 60), alpha).shows(alpha, 30) {
			twentieth++
		}
	}
	t.Logf("%d false alarms in %d; %d with the least difference that is said to be seen; the interval was right in %d; %d with 60 µs", alarms, rounds, seen, held, twentieth)
	if alarms > 12 {
		t.Errorf("%d false alarms in %d", alarms, rounds)
	}
	if seen < rounds*88/100 || held < rounds*97/100 || twentieth < rounds {
		t.Errorf("%d and %d seen, %d held of %d", seen, twentieth, held, rounds)
	}
}

// Known answers, and the ends.
func TestWeighKnown(t *testing.T) {
	// Signed ranks of 1 to 10, all positive: the sum is 55, and so is the mean 27.5.
	all := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if got := positiveRanks(all); got != 55 {
		t.Errorf("sum %v, want 55", got)
	}
	if got := positiveRanks([]float64{-3, 3, 0, 5}); got != 0.5+2.5+4 {
		t.Errorf("sum with ties %v, want 7", got)
	}
	w := weigh(all, 0.05)
	if w.effect != 5.5 || math.Abs(w.chance-0.0059) > 0.0003 {
		t.Errorf("%+v", w)
	}
	if w := weigh(make([]float64, 50), 0.05); w.chance != 1 || w.effect != 0 || w.shows(0.05, 0) {
		t.Errorf("nothing at all: %+v", w)
	}
	if w := weigh(all[:3], 0.05); w.shows(0.05, 0) || !math.IsInf(w.least, 1) {
		t.Errorf("three pairs: %+v", w)
	}
	if w := weigh([]float64{-1, -2, -3, -4, -5, -6, -7, -8, -9, -10}, 0.05).size(); w.effect != 5.5 || w.low > w.high {
		t.Errorf("%+v", w)
	}
}
