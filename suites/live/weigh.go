package live

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// weighing is what paired differences say, in microseconds.
type weighing struct {
	pairs     int
	effect    float64 // Hodges–Lehmann: the median of the means of any two of the differences
	low, high float64 // its confidence interval, at 1-alpha
	chance    float64 // of such a preference, where there is none (Wilcoxon's signed ranks, both sides)
	least     float64 // the least effect that would have been seen in 19 of 20 samples
}

// weigh weighs differences by their signed ranks, so that one answer that took
// long, as answers do on a machine with other things to do, counts as one.
func weigh(differences []float64, alpha float64) weighing {
	n := float64(len(differences))
	w := weighing{pairs: len(differences), chance: 1}
	if n < 10 { // too few for what follows
		w.low, w.high, w.least = math.Inf(-1), math.Inf(1), math.Inf(1)
		return w
	}
	mean, deviation := n*(n+1)/4, math.Sqrt(n*(n+1)*(2*n+1)/24)
	z := math.Max(math.Abs(positiveRanks(differences)-mean)-0.5, 0) / deviation
	w.chance = math.Erfc(z / math.Sqrt2)

	walsh := make([]float64, 0, len(differences)*(len(differences)+1)/2)
	for i, a := range differences {
		for _, b := range differences[i:] {
			walsh = append(walsh, (a+b)/2)
		}
	}
	slices.Sort(walsh)
	w.effect = walsh[len(walsh)/2]
	critical := math.Sqrt2 * math.Erfcinv(alpha)
	k := min(max(int(mean-critical*deviation), 0), len(walsh)-1)
	w.low, w.high = walsh[k], walsh[len(walsh)-1-k]
	const nineteenIn20 = 1.645
	w.least = (w.high - w.low) / 2 * (critical + nineteenIn20) / critical
	return w
}

// positiveRanks returns the sum of the ranks, by size, of the differences above
// 0; equal ones share theirs, and one that is 0 counts half.
func positiveRanks(differences []float64) (sum float64) {
	sorted := slices.SortedFunc(slices.Values(differences), func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	for from := 0; from < len(sorted); {
		to := from
		for to < len(sorted) && math.Abs(sorted[to]) == math.Abs(sorted[from]) {
			to++
		}
		rank := float64(from+1+to) / 2
		for _, d := range sorted[from:to] {
			switch {
			case d > 0:
				sum += rank
			case d == 0:
				sum += rank / 2
			}
		}
		from = to
	}
	return sum
}

// shows reports whether there is an effect that counts: it is no chance, and not
// too small to be of use to anybody.
func (w weighing) shows(alpha, least float64) bool {
	return w.chance < alpha && math.Abs(w.effect) >= least
}

// size is the effect whatever its sign.
func (w weighing) size() weighing {
	if w.effect < 0 {
		w.effect, w.low, w.high = -w.effect, -w.high, -w.low
	}
	return w
}

// String states the effect with its interval.
func (w weighing) String() string {
	return fmt.Sprintf("%+.0f µs (%+.0f to %+.0f, in %d pairs)", w.effect, w.low, w.high, w.pairs)
}
