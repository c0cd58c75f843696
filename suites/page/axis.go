package page

import (
	"cmp"
	"math"
	"slices"
)

// axis places numbers between 0, the lowest, and 1, the highest.
type axis struct {
	numbers []uint64 // distinct, rising
	places  []float64
	breaks  []float64 // where the axis is broken, since the numbers jump
}

const (
	mostBreaks = 5
	farJump    = 1 << 16 // a smaller jump is a step as any other
	gap        = 0.08    // that a break takes of the axis: room for a label on both sides
)

// ranked returns an axis on which each number is one step above the one before
// it, however far apart they are, and the farthest jumps are breaks. Numbers of
// a device lie close together in a few places, and up to 2^53 lies between.
func ranked(numbers []uint64) axis {
	a := axis{numbers: slices.Compact(slices.Sorted(slices.Values(numbers)))}
	type jump struct {
		at int // the number above it
		by uint64
	}
	var jumps []jump
	for i := 1; i < len(a.numbers); i++ {
		if by := a.numbers[i] - a.numbers[i-1]; by > farJump {
			jumps = append(jumps, jump{i, by})
		}
	}
	slices.SortStableFunc(jumps, func(x, y jump) int { return cmp.Compare(y.by, x.by) })
	broken := map[int]bool{}
	for _, j := range jumps[:min(mostBreaks, len(jumps))] {
		broken[j.at] = true
	}
	steps := max(1, len(a.numbers)-1-len(broken))
	step := (1 - gap*float64(len(broken))) / float64(steps)
	at := 0.0
	for i := range a.numbers {
		switch {
		case i == 0:
		case broken[i]:
			a.breaks = append(a.breaks, at+gap/2)
			at += gap
		default:
			at += step
		}
		a.places = append(a.places, min(at, 1))
	}
	return a
}

// place returns where a number of the axis lies.
func (a axis) place(n uint64) float64 {
	i, _ := slices.BinarySearch(a.numbers, n)
	return a.places[min(i, len(a.places)-1)]
}

// ends returns numbers worth a label: both ends of each unbroken part, in rising
// order.
func (a axis) ends() (list []uint64) {
	if len(a.numbers) == 0 {
		return nil
	}
	list = append(list, a.numbers[0])
	for _, b := range a.breaks {
		i, _ := slices.BinarySearch(a.places, b)
		list = append(list, a.numbers[i-1], a.numbers[i])
	}
	return slices.Compact(append(list, a.numbers[len(a.numbers)-1]))
}

// apartness is how far the numbers beside next lie from it, in powers of two:
// to be right and to be one off must not look alike.
const apartness = 5

// distance returns how far seqn lies above next, by powers of two: 0 is next
// itself, 1024 above it is 10 beyond the number above it, and what is below is
// the same downwards.
func distance(seqn, next uint64) float64 {
	switch {
	case seqn == next:
		return 0
	case seqn > next:
		return apartness + math.Log2(float64(seqn-next))
	}
	return -apartness - math.Log2(float64(next-seqn))
}
