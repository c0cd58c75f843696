package judge

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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

// sumUp returns the dialects that the results show, by name. One outcome can be
// that of several dialects, and other tests tell them apart: of what could
// explain the outcomes it keeps, here and in the results, the fewest dialects
// that the code shows most steadily.
func sumUp(suite *vectors.Suite, results []Result) []DialectUse {
	uses := map[string]*DialectUse{}
	open := map[string]bool{} // tests that nothing explains so far
	for _, r := range results {
		for _, name := range r.Dialects {
			if uses[name] == nil {
				uses[name] = &DialectUse{Name: name}
			}
			uses[name].In = append(uses[name].In, r.ID)
			open[r.ID] = true
		}
	}
	for _, u := range uses {
		for _, r := range results {
			if r.Verdict != NotRun && !slices.Contains(r.Dialects, u.Name) && names(suite, r.ID, u.Name) {
				u.Not = append(u.Not, r.ID)
			}
		}
	}
	list := []DialectUse{}
	for len(open) > 0 {
		best := slices.MaxFunc(slices.SortedFunc(maps.Values(uses), byName), func(a, b *DialectUse) int {
			return cmp.Compare(a.worth(open), b.worth(open))
		})
		for _, u := range uses { // no test tells apart what is worth the same for the same tests
			if u != best && u.worth(open) == best.worth(open) && slices.Equal(u.In, best.In) {
				list = append(list, *u)
			}
		}
		list = append(list, *best)
		for _, id := range best.In {
			delete(open, id)
		}
	}
	slices.SortFunc(list, func(a, b DialectUse) int { return byName(&a, &b) })
	for i := range results {
		results[i].Dialects = slices.DeleteFunc(slices.Clone(results[i].Dialects), func(name string) bool {
			return !slices.ContainsFunc(list, func(d DialectUse) bool { return d.Name == name })
		})
	}
	return list
}

func byName(a, b *DialectUse) int { return strings.Compare(a.Name, b.Name) }

// worth is how many tests the dialect explains of those that are open, each
// counted by how steadily the code shows it.
func (d *DialectUse) worth(open map[string]bool) float64 {
	n := 0
	for _, id := range d.In {
		if open[id] {
			n++
		}
	}
	return float64(n) * float64(len(d.In)) / float64(len(d.In)+len(d.Not))
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
