package judge

import (
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/vectors"
)

// Verdict is what a test came to.
type Verdict string

// The verdicts that code without a server can earn. All but PASS and NOT_RUN
// are red.
const (
	Pass   Verdict = "PASS"
	Fail   Verdict = "FAIL"    // it answered, and the answer is wrong
	NotRun Verdict = "NOT_RUN" // it could not be asked
	Crash  Verdict = "CRASH"   // it died of the question
	Hang   Verdict = "HANG"    // it did not answer in time
	Error  Verdict = "ERROR"   // its answer is none, or the test itself is broken
)

// Verdicts is all of them, in the order in which people want to see them.
var Verdicts = []Verdict{Pass, Fail, Crash, Hang, Error, NotRun}

// Red reports whether the verdict is held against somebody.
func (v Verdict) Red() bool { return v != Pass && v != NotRun }

// Result is how one test went.
type Result struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"` // as in the group: KdfTest …
	Verdict    Verdict  `json:"verdict"`
	Reason     string   `json:"reason"` // one sentence: what was expected and what came, or why it was not run
	Reqs       []string `json:"reqs"`
	Flags      []string `json:"flags"`
	Importance string   `json:"importance"`

	Dialects    []string        `json:"dialects,omitempty"`    // what the outcome betrays, keys of dialects.json; several where it could be any of them
	Alternative int             `json:"alternative,omitempty"` // acceptable tests: which permitted outcome came, from 1
	Stage       vectors.Stage   `json:"stage,omitempty"`       // where the code says that it refused
	Stages      []vectors.Stage `json:"stages,omitempty"`      // where refusing is right
	Partly      bool            `json:"partly,omitempty"`      // PASS of what the code implements; the rest was not judged
	Beyond      bool            `json:"beyond,omitempty"`      // NOT_RUN, because it takes a backend with a network

	mute bool // the code refused, and did not say where
}

// Summary is how a run went.
type Summary struct {
	Profile  string       `json:"profile"`
	Results  []Result     `json:"results"`  // in the order of the files
	Dialects []DialectUse `json:"dialects"` // that were found, by name
	Poison   []Poisoned   `json:"poison"`
}

// Counts returns how many results have each verdict, poison not included.
func (s *Summary) Counts() map[Verdict]int {
	n := map[Verdict]int{}
	for _, r := range s.Results {
		n[r.Verdict]++
	}
	return n
}

// Ran returns how many tests were run, poison not included.
func (s *Summary) Ran() int { return len(s.Results) - s.Counts()[NotRun] }

// Code returns the exit code of the run. Of what makes it red, a wrong answer
// comes first. What takes a backend with a network leaves nothing out; what the
// code does not implement makes the run partial.
func (s *Summary) Code() report.Code {
	red, blind, partial := false, false, false
	for _, r := range s.Results {
		red = red || r.Verdict.Red()
		partial = partial || r.Partly || r.Verdict == NotRun && !r.Beyond
	}
	for _, p := range s.Poison {
		blind = blind || p.Blind
		red = red || p.Survived() && !p.Blind
	}
	switch {
	case red:
		return report.CodeNonconformant
	case blind:
		return report.CodeHarness
	case s.Ran() == 0:
		return report.CodeNothing
	case partial:
		return report.CodePartial
	}
	return report.CodeOK
}
