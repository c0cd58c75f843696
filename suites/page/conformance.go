package page

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/vectors"
)

// How much of a report is shown. The rest is counted, and is in report.json.
const (
	mostNotes   = 12
	mostReasons = 40
	mostLinks   = 12
	mostSegment = 12 // exchanges of a transcript
	mostBrief   = 6  // exchanges of a test of which nobody needs more
)

// study makes the view of one conformance report.
type study struct {
	view
	doc   *evidence.Document
	known vectors.Dialects
	reqs  map[string]requirement
	tests []test // in the order of the results
}

func conformance(doc *evidence.Document) (*view, error) {
	suite, err := vectors.All()
	if err != nil {
		return nil, err
	}
	s := &study{doc: doc, known: suite.Dialects, reqs: map[string]requirement{}}
	s.Title, s.Command = "Conformance", "espalier conform"
	s.Subject = short(doc.Target.URL)
	for i, r := range doc.Requirements {
		s.reqs[r.ID] = requirement{ID: short(r.ID), Short: strings.TrimPrefix(short(r.ID), "REQ-"), Text: line(r.Text), Section: short(r.Section),
			Anchor: fmt.Sprintf("r%d", i), Levels: vectors.Requirement{Levels: r.Levels}.InWords()}
	}
	for i := range doc.Results {
		s.tests = append(s.tests, s.test(i, mostSegment))
	}
	s.profiles()
	s.verdict()
	s.facts()
	s.failures()
	s.dialects()
	s.matrix()
	s.left()
	s.chapters()
	var others int
	if s.Timelines, others = timelines(doc.Run); others > 0 {
		s.Others = plural(others, "other name")
	}
	return &s.view, nil
}

var verdictTones = map[evidence.Verdict]tone{
	evidence.Fail: bad, evidence.Crash: bad, evidence.Hang: bad, evidence.XPass: bad, evidence.Error: warn, evidence.Inconclusive: warn,
	evidence.NotRun: warn, evidence.XFail: know, evidence.Limit: know, evidence.Skip: mute, evidence.Pass: good,
}

var verdictMeans = map[evidence.Verdict]string{
	evidence.Fail: "does what a requirement forbids", evidence.Crash: "takes no connections any more", evidence.Hang: "gave no answer in time",
	evidence.XPass: "passed, though listed as failing", evidence.Error: "could not be judged", evidence.Inconclusive: "cannot be told",
	evidence.NotRun: "demanded, and not tried", evidence.XFail: "failed as listed", evidence.Limit: "nobody could do better under this protocol",
	evidence.Skip: "not demanded of this target", evidence.Pass: "held",
}

func verdictBadge(v evidence.Verdict) badge {
	return badge{strings.ReplaceAll(short(string(v)), "_", " "), verdictTones[v]}
}

// verdictOrder is all verdicts, the worst first.
func verdictOrder() (list []badge) {
	for _, v := range evidence.Verdicts() {
		list = append(list, verdictBadge(v))
	}
	return list
}

// chapterOrder is what a chapter is called by: what was left out of it does not
// hide that the rest of it passed.
var chapterOrder = func() []badge {
	list := verdictOrder()
	for _, v := range []evidence.Verdict{evidence.Pass, evidence.Limit, evidence.Skip} {
		b := verdictBadge(v)
		list = append(slices.DeleteFunc(list, func(other badge) bool { return other == b }), b)
	}
	return list
}()

// cited returns requirements in words; one that the register does not have is
// its id alone.
func (s *study) cited(ids []string) (list []requirement) {
	for _, id := range ids[:min(len(ids), 2*mostLinks)] {
		r, known := s.reqs[id]
		if !known {
			r = requirement{ID: short(id), Short: strings.TrimPrefix(short(id), "REQ-")}
		}
		list = append(list, r)
	}
	return list
}

var standingTones = map[evidence.Standing]tone{
	evidence.Conformant: good, evidence.Nonconformant: bad, evidence.Partial: warn, evidence.Unclear: warn,
}

// profiles says what the run says of each.
func (s *study) profiles() {
	for _, name := range evidence.Profiles {
		judged := s.doc.Judge(name)
		p := profile{Name: name, Asked: slices.Contains(s.doc.Profiles, name), Badge: badge{string(judged.Standing), standingTones[judged.Standing]}}
		all, hidden := 0, 0
		broken := map[string]bool{}
		for _, id := range judged.Broken {
			broken[id] = true
		}
		for _, r := range s.doc.Requirements {
			if r.Levels[name] == "MUST" {
				if all++; r.Hidden && !broken[r.ID] {
					hidden++
				}
			}
		}
		held := all - hidden - len(judged.Broken) - len(judged.Untested)
		p.Bar = bar(segment{N: held, Name: "held", Tone: good}, segment{N: len(judged.Broken), Name: "broken", Tone: bad},
			segment{N: len(judged.Untested), Name: "untested", Tone: warn}, segment{N: hidden, Name: "not visible from here", Tone: mute})
		if p.Why = s.because(judged, all); judged.Standing == evidence.Conformant && s.unseen(name) {
			p.Badge, p.Why = badge{"not tried", mute}, "What it demands beyond the others cannot be seen with what there is of this target."
		}
		for _, l := range []struct {
			name string
			ids  []string
		}{{"broken", judged.Broken}, {"untested", judged.Untested}, {"advice (SHOULD) not followed", judged.Advice}} {
			if len(l.ids) > 0 {
				p.Lists = append(p.Lists, named{l.name, s.cited(l.ids)})
			}
		}
		s.Profiles = append(s.Profiles, p)
	}
}

// unseen reports whether nothing can be seen of what this profile alone demands.
func (s *study) unseen(name string) bool {
	alone := slices.DeleteFunc(slices.Clone(s.doc.Requirements), func(r evidence.Requirement) bool {
		return r.Levels[name] != "MUST" || slices.ContainsFunc(evidence.Profiles, func(p string) bool { return p != name && r.Levels[p] == "MUST" })
	})
	return len(alone) > 0 && !slices.ContainsFunc(alone, func(r evidence.Requirement) bool { return !r.Hidden })
}

// because is why a profile stands as it does.
func (s *study) because(p evidence.Profile, all int) string {
	switch {
	case p.Standing == evidence.Nonconformant:
		return fmt.Sprintf("%d of %d requirements that it demands are broken.", len(p.Broken), all)
	case p.Standing == evidence.Unclear:
		return "Something that it demands could not be told."
	case p.Standing == evidence.Conformant:
		return fmt.Sprintf("None of the %d requirements that it demands is broken, and all that can be seen from here was tried.", all)
	case s.doc.Narrowed:
		return "Only some tests were selected, which is no run of a profile."
	case len(p.Untested) > 0:
		return fmt.Sprintf("Nothing is broken, and nothing has shown %s that it demands.", plural(len(p.Untested), "requirement"))
	}
	return "Nothing is broken, and something that it demands was not tried."
}

// verdict says in one word and one sentence what came out: of the profile that
// demands most, of those that were asked for.
func (s *study) verdict() {
	s.Verdict, s.Why = badge{s.doc.Code.String(), warn}, "No profile was asked for."
	for _, p := range s.Profiles {
		if p.Asked {
			s.Verdict, s.Why = p.Badge, "Profile "+p.Name+". "+p.Why
		}
	}
	switch d := s.doc; {
	case d.Finished.IsZero() || d.Finished.Before(d.Started):
		s.Verdict, s.Why = badge{"unfinished", warn}, "The run did not come to its end."
	case d.Unreachable != "":
		s.Verdict, s.Why = badge{"unreachable", warn}, line(d.Unreachable)
	case d.Stranger != "":
		s.Verdict, s.Why = badge{"not judged", warn}, line(d.Stranger)
	case d.Code == 0 && s.Verdict.Tone == bad:
		s.Why += " All of the failures were expected."
	case d.Code == 1 && s.Verdict.Tone != bad:
		s.Why += " A test that was listed as failing has passed, or one has failed that no requirement of the profile needs."
	}
}

// facts says what was tested, with what, and when.
func (s *study) facts() {
	d := s.doc
	add := func(name, value string, isCode bool) {
		if value != "" {
			s.Facts = append(s.Facts, fact{name, value, isCode})
		}
	}
	add("target", short(d.Target.URL), true)
	add("server", line(d.Target.Server), false)
	for _, dev := range d.Target.Devices[:min(len(d.Target.Devices), mostLinks)] {
		text := fmt.Sprintf("%s, from number %s", short(dev.ID), short(dev.Next))
		if dev.Left != "" {
			text += "; the next time from " + short(dev.Left)
		}
		if dev.Lost != "" {
			text += "; cannot be used again: " + line(dev.Lost)
		}
		add("device", text, false)
	}
	add("hooks", short(strings.Join(d.Target.Hooks, ", ")), false)
	if !d.Finished.IsZero() && !d.Finished.Before(d.Started) {
		add("duration", took(d.Finished.Sub(d.Started)), false)
	}
	add("started", d.Started.UTC().Format("2006-01-02 15:04:05 UTC"), false)
	add("seed", fmt.Sprint(d.Seed), true)
	add("exit code", fmt.Sprintf("%d, %s", int(d.Code), short(d.Meaning)), false)
	add("espalier", short(d.Version), false)
	add("protocol", short(d.Suite.SpecVersion), false)
	add("vectors", short(d.Suite.VectorsVersion), false)
	add("their SHA-256", short(d.Suite.SHA256), true)
	add("SHA-256 of what was observed", d.SHA256, true)
	add("again", code(d.Repeat), true)
	for _, v := range evidence.Verdicts() {
		if n := d.Counts[v]; n > 0 {
			s.Counts = append(s.Counts, count{n, verdictBadge(v), verdictMeans[v]})
		}
	}
	if d.Narrowed {
		s.Notices = append(s.Notices, "Only some tests were selected.")
	}
}

var importances = []string{"critical", "high", "medium", "low"}

// failures sorts what is to be read in full: by the requirement that is broken,
// the first by register, and in it by importance.
func (s *study) failures() {
	place := map[string]int{}
	for i, r := range s.doc.Requirements {
		place[r.ID] = i
	}
	broken, unclear := map[string][]test{}, map[evidence.Verdict][]test{}
	for i, res := range s.doc.Results {
		switch v := res.Verdict; {
		case v == evidence.XFail:
			s.Expected = append(s.Expected, s.tests[i])
		case v == evidence.Limit:
			s.Limits = append(s.Limits, s.tests[i])
		case v.Broken():
			first := ""
			for _, id := range res.Blames() {
				if at, known := place[id]; known && (first == "" || at < place[first]) {
					first = id
				}
			}
			broken[first] = append(broken[first], s.tests[i])
		case v == evidence.XPass || v == evidence.Error || v == evidence.Inconclusive:
			unclear[v] = append(unclear[v], s.tests[i])
		}
	}
	for _, r := range s.doc.Requirements {
		if tests := broken[r.ID]; len(tests) > 0 {
			req := s.reqs[r.ID]
			delete(broken, r.ID)
			slices.SortStableFunc(tests, func(a, b test) int {
				return cmp.Compare(slices.Index(importances, a.Importance), slices.Index(importances, b.Importance))
			})
			s.Broken = append(s.Broken, group{Req: &req, Tests: tests})
		}
	}
	if len(s.Broken) > 0 {
		s.Broken[0].Tests[0].Open = true
	}
	if tests := broken[""]; len(tests) > 0 {
		s.Broken = append(s.Broken, group{Title: "What no requirement of the register forbids", Tests: tests})
	}
	for _, v := range []evidence.Verdict{evidence.XPass, evidence.Error, evidence.Inconclusive} {
		if len(unclear[v]) > 0 {
			s.Unclear = append(s.Unclear, group{Title: verdictBadge(v).Word + ": " + verdictMeans[v], Tests: unclear[v]})
		}
	}
}

// dialects lists the known mistakes that results point to, those first that
// most do.
func (s *study) dialects() {
	by, at := map[string][]test{}, map[string]dialect{}
	for i, res := range s.doc.Results {
		if d := s.tests[i].Dialect; d != nil && res.Verdict.Broken() {
			by[d.Name], at[d.Name] = append(by[d.Name], s.tests[i]), *d
		}
	}
	for name, tests := range by {
		d := at[name]
		d.Tests, d.Fewer = links(tests, mostLinks)
		s.Dialects = append(s.Dialects, d)
	}
	slices.SortFunc(s.Dialects, func(a, b dialect) int {
		return cmp.Or(cmp.Compare(len(by[b.Name]), len(by[a.Name])), strings.Compare(a.Name, b.Name))
	})
	for i := range s.Dialects {
		s.Dialects[i].Anchor = fmt.Sprintf("m%d", i)
	}
}

var stateBadges = map[evidence.State]badge{
	evidence.Held: {"held", good}, evidence.Violated: {"broken", bad}, evidence.Untested: {"untested", warn}, evidence.Unseen: {"not visible", mute},
}

// matrix is the register with what the run says of each requirement.
func (s *study) matrix() {
	s.Columns = evidence.Profiles
	foreign := 0
	broke := map[string][]test{}
	for i, res := range s.doc.Results {
		for _, id := range res.Blames() {
			broke[id] = append(broke[id], s.tests[i])
		}
	}
	for i, m := range s.doc.Matrix {
		if len(s.doc.Requirements[i].Levels) == 0 || m.Passed+m.Broken+m.NotRun == 0 && !slices.ContainsFunc(s.Columns, func(p string) bool { return s.doc.Requirements[i].Levels[p] != "" }) {
			foreign++
			continue
		}
		r := row{Req: s.reqs[m.ID], State: stateBadges[m.State], Passed: m.Passed, Broken: m.Broken, NotRun: m.NotRun}
		r.Req.Anchor = fmt.Sprintf("r%d", i)
		for _, name := range s.Columns {
			r.Levels = append(r.Levels, short(s.doc.Requirements[i].Levels[name]))
		}
		r.Tests, r.Fewer = links(broke[m.ID], mostLinks)
		s.Matrix = append(s.Matrix, r)
	}
	if foreign > 0 {
		s.Foreign = plural(foreign, "requirement")
	}
}

// digits are numbers that make one reason look like many.
var digits = regexp.MustCompile(`[0-9]{6,}`)

// left says what was not run, and why, the same reasons together.
func (s *study) left() {
	at := map[string]int{}
	for i, res := range s.doc.Results {
		if res.Verdict != evidence.NotRun && res.Verdict != evidence.Skip {
			continue
		}
		why := line(digits.ReplaceAllString(res.Why, "…"))
		key := string(res.Verdict) + why
		k, there := at[key]
		if !there {
			k = len(s.Left)
			at[key] = k
			s.Left = append(s.Left, reason{Verdict: verdictBadge(res.Verdict).Word, Why: why})
		}
		s.Left[k].N++
		s.Left[k].Tests = append(s.Left[k].Tests, s.tests[i].ID)
	}
	slices.SortStableFunc(s.Left, func(a, b reason) int {
		return cmp.Or(strings.Compare(a.Verdict, b.Verdict), cmp.Compare(b.N, a.N))
	})
	if len(s.Left) > mostReasons {
		rest := reason{Verdict: "…", Why: fmt.Sprintf("for %d more reasons", len(s.Left)-mostReasons)}
		for _, r := range s.Left[mostReasons:] {
			rest.N += r.N
		}
		s.Left = append(s.Left[:mostReasons], rest)
	}
}

// chapters is everything, in short.
func (s *study) chapters() {
	at := map[string]int{}
	for i, res := range s.doc.Results {
		name, _, _ := strings.Cut(res.ID, "/")
		k, there := at[name]
		if !there {
			k = len(s.Chapters)
			at[name] = k
			s.Chapters = append(s.Chapters, chapter{Name: short(name), Anchor: fmt.Sprintf("c%d", k)})
		}
		t := s.tests[i]
		t.Transcript, t.More = transcript(&s.doc.Results[i], mostBrief)
		s.Chapters[k].Tests = append(s.Chapters[k].Tests, t)
	}
	for i := range s.Chapters {
		c := &s.Chapters[i]
		c.Badge, c.Counts = worst(c.Tests, chapterOrder), summed(c.Tests, verdictOrder())
	}
}
