package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

// screen shows a run while it goes on: a line for each step of the bring-up,
// then a line for each group of specs. On a terminal the line under way is
// drawn over; elsewhere only what is complete is printed.
type screen struct {
	w       io.Writer
	live    bool
	colour  bool
	specs   int // that are to come
	ran     int
	running bool      // the bring-up is over
	under   rig.Step  // the step under way; one that is over has no name
	began   time.Time // when that was
	shown   map[string]string
	group   group
}

// group is the specs of one container, which come one after another.
type group struct {
	name         string
	passed, all  int
	took         time.Duration
	failedSpecs  []string
	skippedSpecs int
}

func newScreen(w io.Writer, specs int) *screen {
	f, ok := file(w)
	return &screen{
		w: w, specs: specs, shown: map[string]string{}, colour: colourful(w),
		live: ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb",
	}
}

// width returns how many columns there are now, or 0 where lines have no end.
func (s *screen) width() int {
	if !s.live {
		return 0
	}
	f, ok := file(s.w)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// field prints a line of what is known of a failure.
func (s *screen) field(label, text string) {
	s.print(fold(fmt.Sprintf("    %-9s %s", label, printable(text)), s.width(), 14) + "\n")
}

const barWidth = 24

// step shows a moment of the bring-up. Once specs run, resets are their
// business and go unmentioned, unless somebody has to lend a hand.
func (s *screen) step(st rig.Step) {
	st.Detail = printable(st.Detail) // some of it is the board's own words
	if st.Name != s.under.Name {
		s.began = time.Now()
	}
	if st.Total > 0 {
		filled := barWidth * st.Done / st.Total
		st.Detail = fmt.Sprintf("%s%s %5.1f of %.1f KiB", strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled),
			float64(st.Done)/1024, float64(st.Total)/1024)
	}
	switch {
	case st.Ask:
		s.under = st
		s.print(s.entry(" ", st.Name, s.paint("33", "→ "+st.Detail)))
	case s.running:
	case st.Over:
		s.under = rig.Step{}
		if s.shown[st.Name] != st.Detail {
			s.shown[st.Name] = st.Detail
			s.print(s.entry(" ", st.Name, st.Detail+s.took(time.Since(s.began))))
		}
	default:
		s.under = st
		s.draw(fmt.Sprintf("  %-7s %s", st.Name, st.Detail))
	}
}

// failed marks the step under way as the one that failed.
func (s *screen) failed() {
	if s.under.Name != "" {
		s.print(s.entry(s.paint("31", "✗"), s.under.Name, s.under.Detail+s.took(time.Since(s.began))))
	}
}

// ready says what the specs are about to work on.
func (s *screen) ready(run *report.Run, r *rig.Rig) {
	s.running = true
	s.print(s.entry(" ", "ready", fmt.Sprintf("%d specs, evidence grade %s, seed %d", s.specs, r.Grade(), run.Seed)) + "\n")
}

// nameWidth returns the room for the name of a group: what its numbers leave.
func (s *screen) nameWidth() int {
	const most, numbers = 52, 24
	if w := s.width(); w > 0 {
		return max(10, min(most, w-numbers))
	}
	return most
}

// result shows how a spec of the group called name ended.
func (s *screen) result(name string, res report.Result) {
	if name != s.group.name {
		s.flush()
		s.group = group{name: name}
	}
	s.ran++
	s.group.all++
	s.group.took += res.Duration
	switch res.Status {
	case report.Pass:
		s.group.passed++
	case report.Skip:
		s.group.skippedSpecs++
	default:
		s.group.failedSpecs = append(s.group.failedSpecs, strings.TrimPrefix(res.ID, name+" "))
	}
	n := s.nameWidth()
	s.draw(fmt.Sprintf("  … %-*s %3d     (%d of %d)", n, cut(s.group.name, n), s.group.all, s.ran, max(s.ran, s.specs)))
}

// flush prints the line of the group that is complete.
func (s *screen) flush() {
	g := s.group
	if g.all == 0 {
		return
	}
	mark := s.paint("32", "✓")
	if len(g.failedSpecs) > 0 {
		mark = s.paint("31", "✗")
	} else if g.skippedSpecs > 0 {
		mark = s.paint("33", "–")
	}
	n := s.nameWidth()
	line := fmt.Sprintf("  %s %-*s %3d of %-3d%s", mark, n, cut(g.name, n), g.passed, g.all, s.took(g.took))
	s.print(strings.TrimRight(line, " ") + "\n")
	for _, text := range g.failedSpecs {
		s.print(fold("      "+s.paint("31", text), s.width(), 8) + "\n")
	}
}

// done closes the list of specs.
func (s *screen) done() {
	s.flush()
	s.group = group{}
	s.print("\n")
}

// entry is the line of a step, or several where it is too long for one.
func (s *screen) entry(mark, name, detail string) string {
	return fold(fmt.Sprintf("%s %-7s %s", mark, name, detail), s.width(), 10) + "\n"
}

// took says how long something took, if anybody would have noticed.
func (s *screen) took(d time.Duration) string {
	if d < 50*time.Millisecond {
		return ""
	}
	return s.faint(fmt.Sprintf("  %.1f s", d.Seconds()))
}

// draw shows a line that will be drawn over. It must not reach the last column,
// from which a terminal goes on to the next line.
func (s *screen) draw(line string) {
	if s.live {
		fmt.Fprint(s.w, "\r\x1b[K"+cut(line, max(1, s.width()-1)))
	}
}

// now returns what shows how something stands that goes on for long: a line that
// is drawn over where that can be, and elsewhere a line that stays, one each time
// that pause is over.
func (s *screen) now(pause time.Duration) func(line string) {
	last := time.Now()
	return func(line string) {
		s.draw(line)
		if !s.live && time.Since(last) >= pause {
			s.print(line + "\n")
			last = time.Now()
		}
	}
}

// print shows lines that stay.
func (s *screen) print(lines string) {
	if s.live {
		lines = "\r\x1b[K" + lines
	}
	fmt.Fprint(s.w, lines)
}

func (s *screen) paint(colour, text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (s *screen) faint(text string) string { return s.paint("2", text) }
