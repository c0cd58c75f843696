package conform

import (
	"slices"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/vectors"
)

// narrow leaves out the dialects that the run has refuted: one test may have
// several explanations, and most of them would have shown in others.
func (c *course) narrow() {
	refuted := map[string]bool{}
	for _, res := range c.record.Results {
		f, known := c.suite.Find(res.ID)
		if !known || res.Verdict != evidence.Pass {
			continue
		}
		t := f.Test.Common()
		for _, o := range slices.Concat(t.Mistakes, t.Permitted) {
			if o.Dialect != "" && refutes(t, res, o) {
				refuted[o.Dialect] = true
			}
		}
	}
	for i := range c.record.Results {
		res := &c.record.Results[i]
		left := slices.DeleteFunc(append([]string{res.Dialect}, res.Maybe...), func(d string) bool { return refuted[d] })
		if res.Dialect != "" && len(left) > 0 {
			res.Dialect, res.Maybe = left[0], left[1:]
		}
	}
}

// refutes reports whether a test that was passed would have come out otherwise in
// the dialect that has this outcome.
func refutes(t *vectors.Case, res evidence.Result, o vectors.Outcome) bool {
	read := o.Accept && o.Next != ""
	switch t.Result {
	case vectors.Invalid:
		return read
	case vectors.Valid:
		return !read
	}
	// Where several outcomes are permitted, the dialect of the one that was seen
	// is in the result; the strict one has none.
	return read && res.Dialect == ""
}
