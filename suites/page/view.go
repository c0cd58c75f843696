package page

import (
	"html/template"
	"slices"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
)

// view is what the template shows. Every text in it is bounded and shows as
// itself; see [shown].
type view struct {
	Style  template.CSS
	Policy string

	Title    string
	Subject  string // what was tested
	Command  string // that wrote the report
	Verdict  badge
	Why      string
	Notices  []string
	Profiles []profile
	Facts    []fact
	Counts   []count

	Broken    []group // by requirement
	Unclear   []group // by verdict
	Expected  []test
	Limits    []test
	Dialects  []dialect
	Timelines []timeline
	Others    string // how many devices have no picture
	Lanes     *lanes // of the whole run
	Measured  []fact
	Columns   []string // of the matrix: profiles
	Matrix    []row
	Foreign   string // how many requirements demand nothing of what was tested
	Left      []reason
	Chapters  []chapter
}

// Failures is how many tests there are below what is broken.
func (v *view) Failures() string {
	n := 0
	for _, g := range v.Broken {
		n += len(g.Tests)
	}
	return plural(n, "test")
}

// tone is how something is meant, and the name of a class of the style sheet.
type tone string

const (
	good tone = "good"
	bad  tone = "bad"
	warn tone = "warn"
	mute tone = "mute"
	know tone = "know" // it is so, and nobody is to blame
)

// mark is a sign that tells tones apart without their colours.
func (t tone) mark() string {
	return map[tone]string{good: "✓", bad: "✗", warn: "!", know: "≈"}[t]
}

// badge is a word with its tone.
type badge struct {
	Word string
	Tone tone
}

// Mark is the sign before the word.
func (b badge) Mark() string {
	if m := b.Tone.mark(); m != "" {
		return m
	}
	return "–"
}

// Broken reports whether the badge blames somebody.
func (b badge) Broken() bool { return b.Tone == bad || b.Word == string(evidence.XFail) }

// Told reports whether the test stands elsewhere on the page in full.
func (b badge) Told() bool {
	return b.Tone == bad || b.Tone == know || b.Tone == warn && b.Word != statusBadges[report.Skip].Word
}

// profile is what the run says of one.
type profile struct {
	Name  string
	Asked bool // the backend is to conform to it
	Badge badge
	Why   string
	Bar   []segment
	Lists []named
}

// segment is a part of a bar; X and Width are per mille.
type segment struct {
	X, Width, N int
	Name        string
	Tone        tone
}

// bar returns the segments that show these numbers, those of 0 left out.
func bar(segments ...segment) (list []segment) {
	sum, x := 0, 0
	for _, s := range segments {
		sum += s.N
	}
	for _, s := range segments {
		if s.N > 0 {
			s.X, s.Width = x, s.N*1000/sum
			x += s.Width
			list = append(list, s)
		}
	}
	return list
}

// named is a list of requirements with its name.
type named struct {
	Name string
	Reqs []requirement
}

type fact struct {
	Name, Value string
	Code        bool // the value is for programs
}

type count struct {
	N     int
	Badge badge
	Means string
}

// requirement is one, in words.
type requirement struct {
	ID, Short, Text, Section, Anchor string
	Levels                           string // in words
}

// group is tests under one heading.
type group struct {
	Req   *requirement
	Title string
	Tests []test
}

// atFirst is how many tests of a group are seen without asking.
const atFirst = 4

// First returns the tests of a group that are seen at once, and Rest the others.
func (g group) First() []test { return g.Tests[:min(atFirst, len(g.Tests))] }

// Rest is what First leaves.
func (g group) Rest() []test { return g.Tests[min(atFirst, len(g.Tests)):] }

// test is one with all that helps with it.
type test struct {
	ID, Anchor string
	Badge      badge
	Comment    string
	Importance string
	Reqs       []requirement
	Why        string
	Dialect    *dialect
	Notes      []string
	Facts      []fact // what else is known
	Log        []string
	Lanes      *lanes // what was heard meanwhile; nil if nothing was, or is not shown
	Transcript []exchange
	More       int // exchanges that are not shown
	Messages   int // exchanges in all
	Replay     string
	Shell      []string
	Took       string
	Expected   string
	Open       bool // it is seen in full without asking
}

// exchange is one line of a transcript.
type exchange struct {
	At, What, Device, SEQN, From string
	Outcome                      badge
	Sent, Answer                 string
	Raw                          bool
	Skipped                      int // exchanges left out before this one
}

// dialect is a known mistake.
type dialect struct {
	Name, What, Effect, SeenIn string
	Or                         string // others that it may be
	Anchor                     string
	Tests                      []test // that point to it, without their details
	Fewer                      int    // that are not listed
}

// Seen says how many tests point to it.
func (d dialect) Seen() string { return plural(len(d.Tests)+d.Fewer, "test") }

// row is a line of the matrix of requirements.
type row struct {
	Req                    requirement
	State                  badge
	Levels                 []string // by column; empty where the profile demands nothing
	Passed, Broken, NotRun int
	Tests                  []test // that broke it, without their details
	Fewer                  int
}

// reason is why tests were not run.
type reason struct {
	Verdict, Why string
	Tests        []string
	N            int
}

// chapter is all tests of one.
type chapter struct {
	Name, Anchor string
	Badge        badge
	Counts       []count
	Tests        []test
}

// links returns the first tests as links need them, and how many it left out.
func links(tests []test, most int) (list []test, fewer int) {
	for _, t := range tests[:min(most, len(tests))] {
		list = append(list, test{ID: t.ID, Anchor: t.Anchor, Badge: t.Badge})
	}
	return list, len(tests) - len(list)
}

// summed counts tests by badge, in that order.
func summed(tests []test, order []badge) (list []count) {
	for _, b := range order {
		n := 0
		for _, t := range tests {
			if t.Badge == b {
				n++
			}
		}
		if n > 0 {
			list = append(list, count{N: n, Badge: b})
		}
	}
	return list
}

// worst returns the badge that comes first in order.
func worst(tests []test, order []badge) badge {
	for _, b := range order {
		if slices.ContainsFunc(tests, func(t test) bool { return t.Badge == b }) {
			return b
		}
	}
	return badge{Word: "nothing", Tone: mute}
}
