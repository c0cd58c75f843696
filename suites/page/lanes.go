package page

import (
	"fmt"
	"strings"
	"time"

	clock "github.com/espalier-hil/espalier/harness/timeline"
)

// lanes is what was heard while one spec was under way, drawn lane by lane.
type lanes struct {
	ID     string
	Span   string // how long it took
	Wide   lanePicture
	Narrow lanePicture
	Lines  []heardLine // the last of them, all lanes together
	More   int         // earlier ones, which are not listed
	Fell   int         // tests that failed meanwhile, each shaded
}

// stretch is a part of the time.
type stretch struct{ from, to time.Duration }

// heardLine is an event.
type heardLine struct{ At, Lane, Text string }

// On is what the template of a picture takes.
func (l *lanes) On(p lanePicture) any {
	return struct {
		ID     string
		P      lanePicture
		Listed bool
	}{l.ID, p, len(l.Lines) > 0}
}

// lanePicture is the lanes drawn for one width. Lengths are pixels of its own.
type lanePicture struct {
	Class         string
	Width, Height int
	Left, Right   int
	Rows          []laneRow
	Fell          []shade
	Foot          int // where the rows end
	Seconds       []stop
	SecondsAt     int
}

// laneRow is one lane: a mark for each event, as one path.
type laneRow struct {
	Name    string
	N       int
	Y, Mid  int
	Path    string
	Odd     bool
	LabelAt int
}

// shade is a stretch as it is drawn.
type shade struct{ X, Width int }

// stop is a label on the axis of time.
type stop struct {
	At    int
	Label string
}

// What is drawn and listed of a spec.
const (
	rowHeight  = 26
	mostHeard  = 60
	leastShade = 4 // wide, or nobody sees it
)

// laneNames are what people call the lanes.
var laneNames = map[clock.Lane]string{
	clock.Spec: "spec", clock.Host: "to device", clock.Device: "from device", clock.Lines: "lines",
	clock.Power: "power", clock.Flash: "flash", clock.Request: "request", clock.Reply: "reply", clock.Server: "server log",
}

// heardIn makes the picture of events, which are in the order of time, and shades
// the stretches in which tests fell; nil where there are no events.
func heardIn(id string, events []clock.Event, fell ...stretch) *lanes {
	if len(events) == 0 {
		return nil
	}
	from, to := events[0].At, events[len(events)-1].At
	l := &lanes{ID: id, Span: took(to - from), Fell: len(fell),
		Wide: drawLanes("wide", 940, 96, events, fell), Narrow: drawLanes("narrow", 350, 84, events, fell)}
	l.More = max(0, len(events)-mostHeard)
	for _, e := range events[l.More:] {
		l.Lines = append(l.Lines, heardLine{At: fmt.Sprintf("+%.3f s", (e.At - from).Seconds()), Lane: laneNames[e.Lane], Text: line(e.Text)})
	}
	return l
}

// drawLanes draws the lanes on which anything was heard.
func drawLanes(class string, width, left int, events []clock.Event, fell []stretch) lanePicture {
	p := lanePicture{Class: class, Width: width, Left: left, Right: width - 28}
	from, to := events[0].At, events[len(events)-1].At
	span := max(to-from, time.Microsecond)
	x := func(at time.Duration) int {
		return p.Left + int(float64(at-from)/float64(span)*float64(p.Right-p.Left))
	}
	for _, lane := range clock.Lanes {
		row := laneRow{Name: laneNames[lane], Y: len(p.Rows) * rowHeight, LabelAt: left - 8, Odd: len(p.Rows)%2 == 1}
		row.Mid = row.Y + rowHeight/2
		var path strings.Builder
		last := -1
		for _, e := range events {
			if e.Lane != lane {
				continue
			}
			row.N++
			if at := x(e.At); at != last { // events that would be drawn over each other are drawn once
				fmt.Fprintf(&path, "M%d %dv14", at, row.Y+6)
				last = at
			}
		}
		if row.N > 0 {
			row.Path = path.String()
			p.Rows = append(p.Rows, row)
		}
	}
	for _, f := range fell {
		a, b := x(min(max(f.from, from), to)), x(min(max(f.to, from), to))
		p.Fell = append(p.Fell, shade{a, max(b-a, leastShade)})
	}
	p.Foot = len(p.Rows) * rowHeight
	p.SecondsAt = p.Foot + 16
	p.Height = p.SecondsAt + 6
	for i := range 5 {
		at := from + span*time.Duration(i)/4
		p.Seconds = append(p.Seconds, stop{x(at), took(at - from)})
	}
	return p
}
