package judge

import (
	"maps"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// DialectUse is where a dialect was found. Tests that could have shown it, and
// did not, are in Not: where there are such, the code is of two minds, which is
// worth knowing and nobody's fault.
type DialectUse struct {
	Name string   `json:"name"`          // key of dialects.json
	In   []string `json:"in"`            // ids of the tests that showed it
	Not  []string `json:"not,omitempty"` // ids of those that name it, and came out otherwise
}

// Consistent reports whether the code always shows the dialect.
func (d DialectUse) Consistent() bool { return len(d.Not) == 0 }

// sumUp returns the dialects that the results show, by name.
func sumUp(suite *vectors.Suite, results []Result) []DialectUse {
	uses := map[string]*DialectUse{}
	for _, r := range results {
		for _, name := range r.Dialects {
			if uses[name] == nil {
				uses[name] = &DialectUse{Name: name}
			}
			uses[name].In = append(uses[name].In, r.ID)
		}
	}
	list := []DialectUse{}
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		for _, r := range results {
			if r.Verdict != NotRun && !slices.Contains(r.Dialects, name) && names(suite, r.ID, name) {
				uses[name].Not = append(uses[name].Not, r.ID)
			}
		}
		list = append(list, *uses[name])
	}
	return list
}

// names reports whether the test could show the dialect.
func names(suite *vectors.Suite, id, dialect string) bool {
	found, ok := suite.Find(id)
	if !ok {
		return false
	}
	c := found.Test.Common()
	for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
		if o.Dialect == dialect {
			return true
		}
	}
	kdf, ok := found.Test.(*vectors.KDFTest)
	return ok && slices.ContainsFunc(kdf.WrongKeys, func(m vectors.KDFMistake) bool { return m.Dialect == dialect })
}
