package evidence

import (
	"errors"
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/harness/report"
)

// ErrFile reports a file that is no record of a conformance run.
var ErrFile = errors.New("evidence: no report of espalier conform")

var read = report.Reader(Schema, ErrFile)

// Read reads a report.json strictly: by its schema, and so that an unknown field
// is an error. Whether what it says follows from its results is for
// [Document.Check]. Errors wrap ErrFile, or are those of the file.
func Read(path string) (*Document, error) {
	p, err := report.Load(path)
	if err != nil {
		return nil, err
	}
	doc, err := Parse(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return doc, nil
}

// Parse reads the text of a report.json; see [Read].
func Parse(text []byte) (*Document, error) {
	d := &Document{Run: &Run{}}
	if err := read(text, d); err != nil {
		return nil, err
	}
	return d, nil
}

// Check computes again what follows from the results, and returns what the
// report says otherwise, a line for each.
func (d *Document) Check() (wrong []string) {
	again, err := d.Run.Document()
	if err != nil {
		return []string{err.Error()}
	}
	wrong = d.conclusion().Against(again.conclusion())
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for i, p := range again.Verdicts {
		switch {
		case i >= len(d.Verdicts) || d.Verdicts[i].Name != p.Name:
			say("the verdict on profile %s is missing", p.Name)
		case d.Verdicts[i].Standing != p.Standing:
			say("profile %s is %s by the results, and the report says %s", p.Name, p.Standing, d.Verdicts[i].Standing)
		case !slices.Equal(d.Verdicts[i].Broken, p.Broken) || !slices.Equal(d.Verdicts[i].Untested, p.Untested) || !slices.Equal(d.Verdicts[i].Advice, p.Advice):
			say("the requirements of profile %s that are broken, untested or advised differ from what the results say", p.Name)
		}
	}
	for _, v := range Verdicts() {
		if again.Counts[v] != d.Counts[v] {
			say("%d results are %s, and the report counts %d", again.Counts[v], v, d.Counts[v])
		}
	}
	if !slices.Equal(again.Matrix, d.Matrix) {
		say("the matrix of requirements differs from what the results say")
	}
	return append(wrong, d.Run.doubts()...)
}

// doubts names results that make no sense in themselves.
func (r *Run) doubts() (wrong []string) {
	seen := map[string]bool{}
	known := map[string]bool{}
	for _, req := range r.Requirements {
		known[req.ID] = true
	}
	for _, res := range r.Results {
		say := func(what string) { wrong = append(wrong, res.ID+": "+what) }
		switch {
		case seen[res.ID]:
			say("it is there twice")
		case res.Verdict != Pass && res.Why == "":
			say("it is " + string(res.Verdict) + ", and nobody says why")
		case (res.Verdict == XFail || res.Verdict == XPass) && (res.Expected == nil || res.Was == ""):
			say("it is " + string(res.Verdict) + " without an expectation")
		case res.Verdict == XFail && (res.Was == Pass || res.Was == Limit):
			say("it passed, and stands as an expected failure")
		case res.Verdict != XFail && res.Verdict != XPass && res.Was != "":
			say("it has a former verdict, and was not expected to fail")
		case (res.Verdict == Pass || res.Verdict == Limit) && len(res.Broke) > 0:
			say("it passed, and names requirements that it broke")
		case (res.Verdict == Pass || res.Verdict == Fail || res.Verdict == Limit) && len(res.Exchanges) == 0:
			say("it is " + string(res.Verdict) + ", and nothing was sent")
		}
		seen[res.ID] = true
		for _, id := range append(slices.Clip(res.Reqs), res.Broke...) {
			if !known[id] {
				say("it cites " + id + ", which the register does not have")
			}
		}
	}
	return wrong
}
