package live

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// times sends pairs of probes of two classes, in turns, and looks whether one
// of them takes longer. What it finds is advice: a difference leaves the test
// INCONCLUSIVE, for a network has times of its own; none leaves it PASS, with a
// note of what could not have been seen.
func (r *run) times(ctx context.Context, t *vectors.OracleTest, probes []probe) error {
	first, other := probes[0], probes[0]
	for _, p := range probes {
		if p.class != first.class {
			other = p
			break
		}
	}
	var differences []float64 // microseconds
	line := &line{run: r}
	defer line.close()
	for i := range t.Time.Pairs {
		pair := [2]probe{first, other}
		if i%2 == 1 { // neither always comes second
			slices.Reverse(pair[:])
		}
		var took [2]float64
		for j, p := range pair {
			a, _ := line.ask(ctx, p)
			if err := a.trouble(); err != nil {
				return err
			}
			if a.accepted {
				return failed("%s was accepted", p.what)
			}
			took[j] = float64(a.took) / float64(time.Microsecond)
		}
		if i%2 == 1 {
			slices.Reverse(took[:])
		}
		differences = append(differences, took[0]-took[1])
	}
	median, spread, chance := weigh(differences)
	if chance < t.Time.Alpha && math.Abs(median) >= t.Time.MinEffectUS {
		return found(Inconclusive, "%s takes %.0f µs longer than %s in the median of %d pairs; by chance that comes once in %.0f", first.what, median, other.what, len(differences), 1/chance)
	}
	r.result.note("median difference %.0f µs over %d pairs; below about %.0f µs nothing is seen", median, len(differences), max(t.Time.MinEffectUS, spread))
	return nil
}

// weigh returns the median of differences, its standard error, and the chance
// that as many of them or more have one sign where none has a preference (sign
// test, both sides, normal approximation).
func weigh(differences []float64) (median, spread, chance float64) {
	sorted := slices.Sorted(slices.Values(differences))
	n := float64(len(sorted))
	median = sorted[len(sorted)/2]
	spread = (sorted[len(sorted)*3/4] - sorted[len(sorted)/4]) / math.Sqrt(n)
	positive := 0.0
	for _, d := range sorted {
		if d > 0 {
			positive++
		}
	}
	z := (math.Abs(positive-n/2) - 0.5) / (math.Sqrt(n) / 2)
	return median, spread, math.Erfc(max(z, 0) / math.Sqrt2)
}
