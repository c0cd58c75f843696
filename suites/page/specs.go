package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/harness/report"
	clock "github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/vectors"
)

var statusBadges = map[report.Status]badge{
	report.Fail: {"FAIL", bad}, report.Skip: {"NOT RUN", warn}, report.Pass: {"PASS", good},
}

// statusOrder is all of them, the worst first.
var statusOrder = []badge{statusBadges[report.Fail], statusBadges[report.Skip], statusBadges[report.Pass]}

// specs makes the view of a report of espalier run or espalier vectors.
func specs(doc *report.Document, heard []clock.Event) (*view, error) {
	suite, err := vectors.All()
	if err != nil {
		return nil, err
	}
	v := &view{Title: "Run", Command: "espalier run", Subject: line(strings.TrimSpace(doc.Board.Name + " " + doc.Board.MAC))}
	if doc.Board == (report.Board{}) { // code behind a shim has no board
		v.Title, v.Command, v.Subject = "Vectors", "espalier vectors", "code behind a shim"
	}
	v.Columns = []string{"level"}
	reqs := map[string]requirement{}
	for i, m := range doc.Matrix() {
		reqs[m.ID] = requirement{ID: short(m.ID), Short: strings.TrimPrefix(short(m.ID), "REQ-"), Text: line(m.Text), Anchor: fmt.Sprintf("r%d", i), Levels: short(m.Level)}
	}
	var tests []test
	var fell []stretch
	for i, res := range doc.Results {
		if at := res.Started.Sub(doc.Started); res.Status == report.Fail && !res.Started.IsZero() {
			fell = append(fell, stretch{at, at + res.Duration})
		}
		t := spec(i, res, reqs, suite.Dialects)
		if h := res.Heard; res.Status == report.Fail && h != nil && h.First >= 1 && h.First <= h.Last && h.Last <= len(heard) {
			t.Lanes = heardIn(t.Anchor+"h", heard[h.First-1:h.Last])
		}
		tests = append(tests, t)
	}
	if v.Lanes = heardIn("h", heard, fell...); v.Lanes != nil {
		v.Lanes.Lines = nil // each test that failed has its own
	}
	broke := map[string][]test{}
	place := map[string]int{}
	for i, res := range doc.Results {
		chapterOf(v, place, tests[i])
		switch res.Status {
		case report.Fail:
			first := ""
			for k, id := range res.Requirements {
				if broke[id] = append(broke[id], tests[i]); k == 0 {
					first = id
				}
			}
			v.fails(reqs[first], tests[i])
		case report.Skip:
			v.skips(line(res.Message), tests[i])
		}
	}
	for i := range v.Chapters {
		c := &v.Chapters[i]
		c.Badge, c.Counts = worst(c.Tests, statusOrder), summed(c.Tests, statusOrder)
	}
	slices.SortStableFunc(v.Left, func(a, b reason) int { return b.N - a.N })
	v.sums(doc, reqs, broke)
	v.describe(doc)
	return v, nil
}

// spec returns one result with what helps with it.
func spec(i int, res report.Result, reqs map[string]requirement, known vectors.Dialects) test {
	t := test{ID: line(res.ID), Anchor: fmt.Sprintf("t%d", i), Badge: statusBadges[res.Status], Why: line(res.Message),
		Notes: []string{}, Log: lines(res.Log, 40), Replay: code(res.Repeat), Took: took(res.Duration)}
	for _, id := range res.Requirements[:min(len(res.Requirements), mostLinks)] {
		t.Reqs = append(t.Reqs, reqs[id])
	}
	for _, f := range []fact{{"class", string(res.Class), false}, {"crash", strings.Join(res.Crash, "; "), true}, {"expected", res.Expected, true}, {"got", res.Got, true},
		{"at", res.Location, true}, {"evidence", res.Grade.String(), false}, {"server", res.Server, false}} {
		if f.Value != "" {
			t.Facts = append(t.Facts, fact{f.Name, line(f.Value), f.Code})
		}
	}
	if h := res.Heard; h != nil && h.Last >= h.First {
		t.Facts = append(t.Facts, fact{"heard", fmt.Sprintf("lines %d to %d of timeline.jsonl", h.First, h.Last), false})
	}
	for _, a := range res.Attempts[:min(len(res.Attempts), mostNotes)] {
		t.Notes = append(t.Notes, line(fmt.Sprintf("an attempt before it failed, %s: %s", a.Class, a.Message)))
	}
	for _, label := range res.Labels {
		if name, is := strings.CutPrefix(label, "dialect:"); is && t.Dialect == nil {
			d := known[name]
			t.Dialect = &dialect{Name: short(name), What: line(d.Description), Effect: line(d.Effect), SeenIn: line(strings.Join(d.SeenIn, ", "))}
		}
	}
	return t
}

// chapterOf puts the test into its chapter: that of its id, or the family of the
// first requirement that it cites.
func chapterOf(v *view, place map[string]int, t test) {
	name, _, is := strings.Cut(t.ID, "/")
	switch {
	case is && !strings.Contains(name, " "):
	case len(t.Reqs) > 0:
		name, _, _ = strings.Cut(t.Reqs[0].Short, "-")
	default:
		name = "other"
	}
	k, there := place[name]
	if !there {
		k = len(v.Chapters)
		place[name] = k
		v.Chapters = append(v.Chapters, chapter{Name: name, Anchor: fmt.Sprintf("c%d", k)})
	}
	v.Chapters[k].Tests = append(v.Chapters[k].Tests, t)
}

// fails puts a test that failed below the requirement.
func (v *view) fails(req requirement, t test) {
	i := slices.IndexFunc(v.Broken, func(g group) bool { return g.Req.ID == req.ID })
	if i < 0 {
		i = len(v.Broken)
		v.Broken = append(v.Broken, group{Req: &req})
	}
	v.Broken[i].Tests = append(v.Broken[i].Tests, t)
}

// skips puts a test that was not run beside those with the same reason.
func (v *view) skips(why string, t test) {
	i := slices.IndexFunc(v.Left, func(r reason) bool { return r.Why == why })
	if i < 0 {
		i = len(v.Left)
		if i == mostReasons {
			i--
			v.Left[i].Why = "other reasons"
		} else {
			v.Left = append(v.Left, reason{Verdict: t.Badge.Word, Why: why})
		}
	}
	v.Left[i].N++
	v.Left[i].Tests = append(v.Left[i].Tests, t.ID)
}

var reqHeld, reqBroken, reqPartly, reqUntested = badge{"held", good}, badge{"broken", bad}, badge{"held in part", warn}, badge{"untested", mute}

// stateOf sums a requirement up. One of which a test was left out is held in
// part at most.
func stateOf(m report.Row) badge {
	switch {
	case m.Fail > 0:
		return reqBroken
	case m.Pass == 0:
		return reqUntested
	case m.Skip > 0:
		return reqPartly
	}
	return reqHeld
}

// sums is the matrix, and what it comes to.
func (v *view) sums(doc *report.Document, reqs map[string]requirement, broke map[string][]test) {
	n, foreign := map[badge]int{}, 0
	for i, m := range doc.Matrix() {
		if m.Level == "MAY" && m.Pass+m.Fail+m.Skip == 0 {
			foreign++
			continue
		}
		state := stateOf(m)
		n[state]++
		req := reqs[m.ID]
		req.Anchor = fmt.Sprintf("r%d", i)
		r := row{Req: req, State: state, Levels: []string{short(m.Level)}, Passed: m.Pass, Broken: m.Fail, NotRun: m.Skip}
		r.Tests, r.Fewer = links(broke[m.ID], mostLinks)
		v.Matrix = append(v.Matrix, r)
	}
	if foreign > 0 {
		v.Foreign = plural(foreign, "requirement")
	}
	word, why := "PASS", "Nothing that was tested failed."
	t := good
	switch {
	case doc.Finished.IsZero():
		word, t, why = "unfinished", warn, "The run did not come to its end."
	case doc.Code == report.CodePartial:
		word, t, why = "partial", warn, "Nothing that was tested failed, and something that is demanded was not tested."
	case doc.Code == report.CodeNothing:
		word, t, why = "nothing tested", warn, "No test was run."
	case doc.Code != report.CodeOK:
		word, t, why = doc.Code.String(), bad, fmt.Sprintf("%s of %d failed.", plural(doc.Counts.Fail, "test"), doc.Counts.Ran())
	}
	if doc.Board != (report.Board{}) {
		why += " Evidence: " + doc.Grade.String() + "."
	}
	v.Verdict, v.Why = badge{word, t}, why
	v.Profiles = []profile{{Name: "requirements", Asked: true, Badge: v.Verdict, Why: why, Bar: bar(
		segment{N: n[reqHeld], Name: reqHeld.Word, Tone: good}, segment{N: n[reqBroken], Name: reqBroken.Word, Tone: bad},
		segment{N: n[reqPartly], Name: reqPartly.Word, Tone: warn}, segment{N: n[reqUntested], Name: reqUntested.Word, Tone: mute})}}
	for _, c := range []count{{doc.Counts.Fail, statusBadges[report.Fail], "broke a requirement, or kept it from being tested"},
		{doc.Counts.Skip, statusBadges[report.Skip], "left out"}, {doc.Counts.Pass, statusBadges[report.Pass], "held"}} {
		if c.N > 0 {
			v.Counts = append(v.Counts, c)
		}
	}
}

// describe says what was tested, with what, and when.
func (v *view) describe(doc *report.Document) {
	add := func(name, value string, isCode bool) {
		if value != "" {
			v.Facts = append(v.Facts, fact{name, value, isCode})
		}
	}
	add("evidence", doc.Grade.String(), false)
	add("board", short(doc.Board.Name), false)
	add("port", short(doc.Board.Port), true)
	add("MAC", short(doc.Board.MAC), true)
	if rom := doc.Board.ROM; rom != nil {
		add("mask ROM", line(rom.What+", SHA-256 "+rom.SHA256), false)
	}
	if f := doc.Firmware; f.Digest != "" {
		add("firmware", short(f.Version), false)
		add("image", fmt.Sprintf("%s, %d bytes, read back from flash", short(f.Digest), f.Size), true)
	}
	add("server", line(strings.Trim(doc.Server.Mode+": "+doc.Server.Why, ": ")), false)
	add("server's image", short(doc.Server.Image), true)
	if !doc.Finished.IsZero() {
		add("duration", took(doc.Finished.Sub(doc.Started)), false)
	}
	add("started", doc.Started.UTC().Format("2006-01-02 15:04:05 UTC"), false)
	add("seed", fmt.Sprint(doc.Seed), true)
	add("exit code", fmt.Sprintf("%d, %s", int(doc.Code), short(doc.Meaning)), false)
	add("espalier", short(doc.Version), false)
	add("SHA-256 of what was observed", doc.SHA256, true)
	add("again", code(doc.Repeat), true)
	for _, m := range doc.Measurements[:min(len(doc.Measurements), mostReasons)] {
		text := strings.TrimSpace(strconv.FormatFloat(m.Value, 'g', 6, 64) + " " + short(m.Unit))
		if !m.Within() {
			text += ", beyond its limits"
		}
		v.Measured = append(v.Measured, fact{line(m.Name), text, false})
	}
}
