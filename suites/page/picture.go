package page

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// picture is a timeline drawn for one width. Lengths are pixels of its own.
//
//	chapters    which tests were under way
//	numbers     time → the number sent, by rank
//	distances   time → how far from next, logarithmic
//	failures    when what failed began
//	seconds
type picture struct {
	Width, Height int
	Left, Right   int // of the panels
	Chapters      []band
	Numbers       panel
	Distances     panel
	Zero          int // where next lies among the distances
	Failures      string
	FailuresAt    int
	Seconds       []tick
	SecondsAt     int
}

// panel is one coordinate system with its marks.
type panel struct {
	Top, Bottom                          int
	Ticks                                []tick
	Breaks                               []int
	Accepted, Refused, Unanswered, Early string
}

// tick is a labelled place on an axis.
type tick struct {
	At    int
	Label string
}

// band is a chapter on the time axis.
type band struct {
	X, Width int
	Label    string // empty where it does not fit
	Odd      bool
}

const (
	leftMargin, rightMargin = 68, 10
	chapterHeight           = 20
	numbersHeight           = 190
	distancesHeight         = 170
	letter                  = 7 // pixels that a letter takes at most
)

func newPicture(t *timeline, width int) *picture {
	p := &picture{Width: width, Left: leftMargin, Right: width - rightMargin}
	p.Numbers.Top = chapterHeight + 30
	p.Numbers.Bottom = p.Numbers.Top + numbersHeight
	p.Distances.Top = p.Numbers.Bottom + 34
	p.Distances.Bottom = p.Distances.Top + distancesHeight
	p.FailuresAt = p.Distances.Bottom + 14
	p.SecondsAt = p.FailuresAt + 22
	p.Height = p.SecondsAt + 8
	p.time(t)
	p.number(t)
	p.distance(t)
	return p
}

// x returns where a moment lies.
func (p *picture) x(t *timeline, at time.Duration) float64 {
	return float64(p.Left) + float64(p.Right-p.Left)*min(1, max(0, float64(at)/float64(t.length)))
}

// time draws what depends on time alone.
func (p *picture) time(t *timeline) {
	const gap = 6 // between labels
	free := 0
	for i, s := range t.spans {
		b := band{X: int(p.x(t, s.from)), Odd: i%2 == 1}
		b.Width = max(1, int(p.x(t, s.to))-b.X)
		if len([]rune(s.name))*letter+gap < b.Width && b.X >= free {
			b.Label, free = s.name, b.X+b.Width
		}
		if len(p.Chapters) < p.Width { // more could not be told apart
			p.Chapters = append(p.Chapters, b)
		}
	}
	step := niceStep(t.length.Seconds(), (p.Right-p.Left)/80)
	for s := 0.0; s <= t.length.Seconds() && len(p.Seconds) < 64; s += step {
		p.Seconds = append(p.Seconds, tick{int(p.x(t, time.Duration(s*1e9))), fmt.Sprintf("%.4g s", s)})
	}
	at := map[int]bool{}
	for _, f := range t.failed {
		at[int(p.x(t, f))/size*size] = true
	}
	for _, x := range slices.Sorted(maps.Keys(at)) {
		p.Failures += fmt.Sprintf("M%d %dl4 8h-8z", x, p.FailuresAt-4)
	}
}

// niceStep returns a round number of seconds, so that there are at most n steps.
func niceStep(seconds float64, n int) float64 {
	least := seconds / float64(max(1, n))
	power := math.Pow(10, math.Floor(math.Log10(max(least, 1e-6))))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= least {
			return k * power
		}
	}
	return 10 * power
}

// number draws the numbers that were sent.
func (p *picture) number(t *timeline) {
	var all []uint64
	for _, m := range t.moments {
		all = append(all, m.seqn)
	}
	a := ranked(all)
	y := func(place float64) float64 { return float64(p.Numbers.Bottom) - place*numbersHeight }
	p.Numbers.mark(t, func(m moment) (float64, float64, bool) { return p.x(t, m.at), y(a.place(m.seqn)), true })
	for _, b := range a.breaks {
		p.Numbers.Breaks = append(p.Numbers.Breaks, int(y(b)))
	}
	var ticks []tick
	ends := a.ends()
	for _, n := range append([]uint64{ends[len(ends)-1]}, ends...) { // the highest is named in any case
		ticks = append(ticks, tick{int(y(a.place(n))), t.above(n)})
	}
	p.Numbers.Ticks = apart(ticks)
}

// distance draws how far from next they were.
func (p *picture) distance(t *timeline) {
	low, high := -2.0*apartness, 2.0*apartness
	for _, m := range t.moments {
		if m.known {
			d := distance(m.seqn, m.next)
			low, high = min(low, d), max(high, d)
		}
	}
	p.Zero = p.Distances.Bottom + int(low/(high-low)*distancesHeight)
	p.Zero -= p.Zero % size // so that what is next lies on the line
	y := func(d float64) float64 { return float64(p.Zero) - d/(high-low)*distancesHeight }
	p.Distances.mark(t, func(m moment) (float64, float64, bool) {
		return p.x(t, m.at), y(distance(m.seqn, m.next)), m.known
	})
	ticks := []tick{{p.Zero, "next"}}
	for _, s := range []struct {
		power float64
		name  string
	}{{0, "1"}, {10, "1k"}, {20, "1M"}, {30, "1G"}, {40, "1T"}, {50, "1P"}} {
		if at := apartness + s.power; at <= high {
			ticks = append(ticks, tick{int(y(at)), "+" + s.name})
		}
		if at := -apartness - s.power; at >= low {
			ticks = append(ticks, tick{int(y(at)), "−" + s.name})
		}
	}
	p.Distances.Ticks = apart(ticks)
}

// apart returns those ticks, the first before the others, whose labels do not
// overlap.
func apart(ticks []tick) (list []tick) {
	const height = 14
	for _, t := range ticks {
		if !slices.ContainsFunc(list, func(other tick) bool { return max(t.At-other.At, other.At-t.At) < height }) {
			list = append(list, t)
		}
	}
	return list
}

// mark puts each moment where place says.
func (p *panel) mark(t *timeline, place func(moment) (x, y float64, there bool)) {
	m, early := marks{}, marks{}
	for _, each := range t.moments {
		x, y, there := place(each)
		switch {
		case !there:
		case each.early():
			early.add(evidence.Accepted, x, y)
		default:
			m.add(each.outcome, x, y)
		}
	}
	p.Accepted, p.Refused, p.Unanswered = m.path(evidence.Accepted), m.path(evidence.Refused), m.path(evidence.Unanswered)
	for _, c := range sortedCells(early[evidence.Accepted]) {
		x, y := float64(c.x*size), float64(c.y*size)
		p.Early += shape(evidence.Accepted, x, y, 2.4) + shape(evidence.Accepted, x, y, 5)
	}
}

func sortedCells(cells map[cell]int) []cell {
	return slices.SortedFunc(maps.Keys(cells), func(a, b cell) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
}

// Span is the width of the panels.
func (p *picture) Span() int { return p.Right - p.Left }

// LabelAt is where the labels of the vertical axes end.
func (p *picture) LabelAt() int { return p.Left - 12 }

// BelowHeight is that of the part below next.
func (p *picture) BelowHeight() int { return max(0, p.Distances.Bottom-p.Zero) }

// Zigzag is the way of a broken axis, from the left on.
func (p *picture) Zigzag() string { return "m-8 0" + strings.Repeat("l2 -4l4 8l2 -4", 2) }

// Height is the panel's.
func (p panel) Height() int { return p.Bottom - p.Top }

// Caption is where the panel's title stands.
func (p panel) Caption() int { return p.Top - 8 }

// On is what the template of a panel takes.
func (p *picture) On(of panel) any {
	return struct {
		P  *picture
		Of panel
	}{p, of}
}

// On is what the template of a picture takes.
func (t timeline) On(class string) any {
	p := t.Wide
	if class == "narrow" {
		p = t.Narrow
	}
	return struct {
		Class, ID string
		P         *picture
		T         timeline
	}{class, t.Anchor + class, p, t}
}
