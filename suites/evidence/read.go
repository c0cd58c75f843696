package evidence

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/espalier-hil/espalier/harness/report"
)

// ErrFile reports a file that is no record of a conformance run.
var ErrFile = errors.New("evidence: no report of espalier conform")

var schema = sync.OnceValue(func() *jsonschema.Schema { return report.Compile(Schema) })

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
	if err := report.Decode(text, schema(), d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return d, nil
}

// Check computes again what follows from the results, and returns what the
// report says otherwise, a line for each. A digest is no signature: whoever
// changes the results can compute all of this anew.
func (d *Document) Check() (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	again, err := d.Run.Document()
	if err != nil {
		return []string{err.Error()}
	}
	if again.SHA256 != d.SHA256 {
		say("the observations are not those that were written: their SHA-256 is %s, and the report says %s", again.SHA256, d.SHA256)
	}
	if again.Code != d.Code || again.Meaning != d.Meaning {
		say("the exit code should be %d (%s), and the report says %d (%s)", again.Code, again.Meaning, d.Code, d.Meaning)
	}
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
