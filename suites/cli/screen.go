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
	w      io.Writer
	live   bool
	colour bool
	began  time.Time // of the step under way
	name   string    // of the step under way
	shown  map[string]string
	group  group
}

// group is the specs of one container, which come one after another.
type group struct {
	name         string
	passed, all  int
	took         time.Duration
	failedSpecs  []string
	skippedSpecs int
}

func newScreen(w io.Writer) *screen {
	f, ok := w.(*os.File)
	return &screen{w: w, live: ok && term.IsTerminal(int(f.Fd())), colour: report.Colourful(w), shown: map[string]string{}}
}

const barWidth = 24

// step shows a moment of the bring-up. Once specs run, resets are their
// business and go unmentioned.
func (s *screen) step(st rig.Step) {
	if s.group.name != "" {
		return
	}
	if st.Name != s.name {
		s.name, s.began = st.Name, time.Now()
	}
	detail := st.Detail
	if st.Total > 0 {
		filled := barWidth * st.Done / st.Total
		detail = fmt.Sprintf("%s%s %5.1f of %.1f KiB", strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled),
			float64(st.Done)/1024, float64(st.Total)/1024)
	}
	switch {
	case st.Over && s.shown[st.Name] != detail:
		s.shown[st.Name] = detail
		s.print(fmt.Sprintf("  %-7s %s  %s\n", st.Name, detail, s.faint(seconds(time.Since(s.began)))))
	case !st.Over:
		s.draw(fmt.Sprintf("  %-7s %s", st.Name, detail))
	}
}

// ready says what the specs are about to work on.
func (s *screen) ready(run *report.Run, r *rig.Rig) {
	s.print(fmt.Sprintf("  ready   evidence grade %s, seed %d\n\n", r.Grade(), run.Seed))
}

// result shows how a spec of the group called name ended.
func (s *screen) result(name string, res report.Result) {
	if name != s.group.name {
		s.flush()
		s.group = group{name: name}
	}
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
	s.draw(fmt.Sprintf("  … %-52s %3d", s.group.name, s.group.all))
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
	s.print(fmt.Sprintf("  %s %-52s %3d of %-3d %s\n", mark, g.name, g.passed, g.all, s.faint(seconds(g.took))))
	for _, text := range g.failedSpecs {
		s.print("      " + s.paint("31", text) + "\n")
	}
}

// done closes the list of specs.
func (s *screen) done() {
	s.flush()
	s.group = group{}
	s.print("\n")
}

// draw shows a line that will be drawn over.
func (s *screen) draw(line string) {
	if s.live {
		fmt.Fprint(s.w, "\r\x1b[K"+line)
	}
}

// print shows a line that stays.
func (s *screen) print(line string) {
	if s.live {
		line = "\r\x1b[K" + line
	}
	fmt.Fprint(s.w, line)
}

func (s *screen) paint(colour, text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (s *screen) faint(text string) string { return s.paint("2", text) }

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
