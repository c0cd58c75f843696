package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/espalier-hil/espalier/suites/judge"
)

// inquiryScreen shows a run over the vectors: a row for each file while it goes
// on, and in the end what came out.
type inquiryScreen struct {
	*screen
	aside *aside
	each  map[string]time.Duration // what a test took, by id
	last  time.Time                // when the last result came
	row   row
}

// row is the results of one file, so far.
type row struct {
	name                 string
	passed, failed, left int
	took                 time.Duration
}

func newInquiryScreen(cmd *cobra.Command) *inquiryScreen {
	show := newScreen(cmd.OutOrStdout(), 0)
	return &inquiryScreen{screen: show, each: map[string]time.Duration{}, aside: &aside{w: cmd.ErrOrStderr(), live: show.live}}
}

// begin says what is about to be done.
func (s *inquiryScreen) begin(q *inquiry) {
	x := q.suite.Index
	s.print(s.entry(" ", "shim", printable(q.flags.shim)))
	s.print(s.entry(" ", "vectors", fmt.Sprintf("%s, spec %s; profile %s, seed %d", x.VectorsVersion, x.SpecVersion, q.flags.profile, q.flags.seed)))
	s.print(fmt.Sprintf("\n    %-14s %6s %7s %7s %8s\n", "", "tests", "passed", "failed", "not run"))
	s.last = time.Now()
}

// result takes a result in.
func (s *inquiryScreen) result(r judge.Result) {
	file, _, _ := strings.Cut(r.ID, "/")
	if file != s.row.name {
		s.flushRow()
		s.row = row{name: file}
	}
	s.each[r.ID] = time.Since(s.last)
	s.last = time.Now()
	s.row.took += s.each[r.ID]
	switch {
	case r.Verdict.Red():
		s.row.failed++
	case r.Verdict == judge.NotRun:
		s.row.left++
	default:
		s.row.passed++
	}
	s.draw("  … " + s.row.String())
}

func (r row) String() string {
	return fmt.Sprintf("%-14s %6d %7d %7d %8d", r.name, r.passed+r.failed+r.left, r.passed, r.failed, r.left)
}

// flushRow prints the row that is complete.
func (s *inquiryScreen) flushRow() {
	if s.row.name == "" {
		return
	}
	mark := s.paint("32", "✓")
	switch {
	case s.row.failed > 0:
		mark = s.paint("31", "✗")
	case s.row.left > 0:
		mark = s.paint("33", "–")
	}
	s.print(fmt.Sprintf("  %s %s%s\n", mark, s.row, s.took(s.row.took)))
	s.row = row{}
}

// end prints what is left to print of the table, and closes the shim's mouth.
func (s *inquiryScreen) end() {
	s.flushRow()
	s.aside.close()
}

// aside shows what the shim writes to its standard error, whole lines, beside a
// line that is being drawn over.
type aside struct {
	mu     sync.Mutex
	w      io.Writer
	live   bool
	closed bool
}

// Write implements [io.Writer].
func (a *aside) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return len(p), nil
	}
	clear := ""
	if f, ok := file(a.w); ok && a.live && term.IsTerminal(int(f.Fd())) {
		clear = "\r\x1b[K"
	}
	_, err := fmt.Fprintf(a.w, "%sshim: %s\n", clear, printable(strings.TrimSuffix(string(p), "\n")))
	return len(p), err
}

func (a *aside) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
}
