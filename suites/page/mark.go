package page

import (
	"fmt"
	"math"
	"strings"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// cell is a place in a picture, in steps of size pixels: as many messages as may
// be in it, it is one mark.
type cell struct{ x, y int }

// size is the pixels of a cell. It bounds what is drawn: no picture has more
// marks of a kind than cells, whatever the report says.
const size = 5

// marks are the marks of one picture, by outcome.
type marks map[evidence.Outcome]map[cell]int

func (m marks) add(o evidence.Outcome, x, y float64) {
	if m[o] == nil {
		m[o] = map[cell]int{}
	}
	m[o][cell{int(math.Round(x / size)), int(math.Round(y / size))}]++
}

// path returns all marks of an outcome as the data of one SVG path. Each outcome
// has a shape of its own: a disc, a cross, an open lozenge. A mark is larger
// where more messages fall together.
func (m marks) path(o evidence.Outcome) string {
	var b strings.Builder
	for _, c := range sortedCells(m[o]) {
		r := 1.8 + min(1.4, 0.35*math.Log2(float64(m[o][c])))
		x, y := float64(c.x*size), float64(c.y*size)
		b.WriteString(shape(o, x, y, r))
	}
	return b.String()
}

// shape returns one mark with its centre at x, y.
func shape(o evidence.Outcome, x, y, r float64) string {
	switch o {
	case evidence.Accepted:
		return fmt.Sprintf("M%s %sa%[3]s %[3]s 0 1 1 0 .01z", px(x-r), px(y), px(r)) // all around, clockwise
	case evidence.Refused:
		return fmt.Sprintf("M%s %sl%[3]s %[3]sm0-%[3]sl-%[3]s %[3]s", px(x-r), px(y-r), px(2*r))
	}
	r *= 1.5
	return fmt.Sprintf("M%s %sl%[3]s %[3]s-%[3]s %[3]s-%[3]s-%[3]sz", px(x), px(y-r), px(r))
}

// px writes a length with one digit behind the point, if it needs any.
func px(x float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
}
