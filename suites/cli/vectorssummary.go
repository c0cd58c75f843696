package cli

import (
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/judge"
)

// mostDetails bounds the failures that are shown in full.
const mostDetails = 25

// summary writes what came out: failures, dialects, poison, the verdict.
func (s *inquiryScreen) summary(q *inquiry) {
	s.print("\n")
	shown := 0
	for _, r := range q.summary.Results {
		switch {
		case !r.Verdict.Red():
		case shown < mostDetails:
			shown++
			s.failure(q, r)
		default:
			if shown++; shown == mostDetails+1 {
				s.print(fmt.Sprintf("The others, one line each; all of it is in %s/report.json:\n", q.flags.out))
			}
			s.print(fmt.Sprintf("%s %s\n", s.paint("31", "✗"), printable(cut(string(r.Verdict)+" "+r.ID+": "+r.Reason, 150))))
		}
	}
	if shown > mostDetails {
		s.print("\n")
	}
	s.dialects(q)
	if gone := q.shim.Gone(); gone != nil {
		s.print("The shim was asked nothing more: " + printable(gone.Error()) + "\n\n")
	}
	s.verdict(q)
}

// failure writes all that is known of one.
func (s *inquiryScreen) failure(q *inquiry, r judge.Result) {
	found, _ := q.suite.Find(r.ID)
	c := found.Test.Common()
	s.print(fmt.Sprintf("%s %s %s\n", s.paint("31", "✗"), r.Verdict, r.ID))
	say := s.field
	say("test", c.Comment)
	for _, id := range r.Reqs {
		req := q.suite.Requirements[id]
		say("requires", fmt.Sprintf("%s: %s %s", id, q.level(req), req.Text))
	}
	before, got, two := strings.Cut(strings.TrimPrefix(r.Reason, "expected "), ", got ")
	if two && strings.HasPrefix(r.Reason, "expected ") {
		say("expected", before)
		say("got", got)
	} else {
		say("why", r.Reason)
	}
	if len(r.Dialects) > 0 {
		say("dialect", strings.Join(r.Dialects, ", "))
	}
	say("explain", "espalier vectors --explain "+r.ID)
	s.print("\n")
}

// dialects writes which were found, and what comes of each.
func (s *inquiryScreen) dialects(q *inquiry) {
	if len(q.summary.Dialects) == 0 {
		return
	}
	s.print("dialects found\n")
	for _, use := range q.summary.Dialects {
		d := q.suite.Dialects[use.Name]
		n := fmt.Sprintf("in %d", len(use.In))
		if !use.Consistent() {
			n += fmt.Sprintf(", and not in %d others that could show it", len(use.Not))
		}
		s.print(fmt.Sprintf("  %s  %s\n", s.paint("33", use.Name), s.faint(n)))
		s.print(fold("    "+d.Description+". "+d.Effect+".", s.widthOr(80), 4) + "\n")
	}
	s.print("\n")
}

// widthOr is the width, or other where lines have no end.
func (s *inquiryScreen) widthOr(other int) int {
	if w := s.width(); w > 0 {
		return w
	}
	return other
}

// verdicts are the words for how a run can end, by exit code.
var verdicts = map[report.Code]struct{ word, colour string }{
	report.CodeOK:            {"CONFORMANT", "32"},
	report.CodePartial:       {"PARTIAL", "33"},
	report.CodeNonconformant: {"NONCONFORMANT", "31"},
	report.CodeHarness:       {"FAIL", "31"},
}

// verdict writes how many there were of each kind, and what follows.
func (s *inquiryScreen) verdict(q *inquiry) {
	s.notes(q)
	var parts []string
	counts := q.summary.Counts()
	for _, v := range judge.Verdicts {
		if n := counts[v]; n > 0 || v == judge.Pass {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ReplaceAll(string(v), "_", " ")))
		}
	}
	code := q.run.Code()
	v := verdicts[code]
	s.print(fmt.Sprintf("%s by profile %s: %s in %.1f s · exit %d, %s\n", s.paint(v.colour, v.word), q.flags.profile, strings.Join(parts, ", "),
		q.run.Finished.Sub(q.run.Started).Seconds(), int(code), code))
	if code != report.CodeOK {
		s.print("repeat: " + q.run.Repeat + "\n")
	}
	s.print(left(q.flags.out))
}

// notes writes what was left out, and whether wrong expectations were noticed.
func (s *inquiryScreen) notes(q *inquiry) {
	partly, beyond, reported, unasked := 0, 0, 0, 0
	for _, r := range q.summary.Results {
		if r.Partly {
			partly++
		}
		if r.Beyond {
			beyond++
		}
	}
	for _, p := range q.summary.Poison {
		switch {
		case p.Survived():
			why := "for the code makes the very mistake that it expects"
			if p.Blind {
				why = "and even right code passes it: espalier compares too little"
			}
			s.print(fmt.Sprintf("%s %s, a wrong expectation, passed, %s: %s\n", s.paint("31", "✗"), p.ID, why, p.Poison))
		case p.Verdict.Red():
			reported++
		default:
			unasked++
		}
	}
	if partly > 0 {
		s.print(fmt.Sprintf("%d of the passed were judged in part, for the code does not implement the rest\n", partly))
	}
	if beyond > 0 {
		s.print(fmt.Sprintf("%d take a backend with a network, and are not held against the code\n", beyond))
	}
	s.print(fmt.Sprintf("%d of %d wrong expectations were noticed, %d could not be asked\n\n", reported, len(q.summary.Poison), unasked))
}
