package evidence

import (
	"slices"

	"github.com/espalier-hil/espalier/harness/report"
)

// Diff is what changed from one run to another.
type Diff struct {
	Profiles     []Change `json:"profiles"`     // whose standing is another
	Requirements []Change `json:"requirements"` // whose state is another
	Tests        []Change `json:"tests"`        // whose verdict is another, or which blame other requirements
	Came         []Change `json:"came"`         // tests that only the later run has
	Went         []Change `json:"went"`         // tests that only the earlier run has
	Alike        int      `json:"alike"`        // tests of which both say the same
}

// Change is one thing of which two runs do not say the same.
type Change struct {
	ID     string   `json:"id"`
	Before string   `json:"before,omitempty"` // a standing, a state or a verdict; empty where there was none
	After  string   `json:"after,omitempty"`
	Way    Way      `json:"way"`
	Broke  []string `json:"broke,omitempty"` // what a test found broken that it did not before
	Mended []string `json:"mended,omitempty"`
	Why    string   `json:"why,omitempty"` // of the later run
}

// Way says which way something went.
type Way string

// The ways.
const (
	Worse  Way = "worse"  // it is broken, and was not
	Lost   Way = "lost"   // something was said of it, and nothing is any more
	Other  Way = "other"  // it is another, and neither better nor worse
	Better Way = "better" // it holds or is told of, and was not
)

// standing of what is said of a thing: that it is broken, nothing, that it holds.
const (
	broken = iota
	untold
	held
)

// way is where a step from one of these to another leads.
func way(before, after int) Way {
	switch {
	case before == after:
		return Other
	case after == broken:
		return Worse
	case after == untold:
		return Lost
	}
	return Better
}

func (s Standing) says() int {
	switch s {
	case Nonconformant:
		return broken
	case Conformant:
		return held
	}
	return untold
}

func (s State) says() int {
	switch s {
	case Violated:
		return broken
	case Held:
		return held
	}
	return untold
}

// says is what a result says of the backend, whether it was expected or not.
func (res *Result) says() int {
	v := res.Verdict
	if v == XFail && res.Was != "" {
		v = res.Was
	}
	switch {
	case v.Broken():
		return broken
	case v == Pass || v == Limit || v == XPass:
		return held
	}
	return untold
}

// Compare returns what changed from a to b, in the order of b. Texts that differ
// from run to run, such as numbers in reasons, change nothing.
func Compare(a, b *Run) Diff {
	d := Diff{Profiles: []Change{}, Requirements: []Change{}, Tests: []Change{}, Came: []Change{}, Went: []Change{}}
	for _, name := range Profiles {
		if x, y := a.Judge(name).Standing, b.Judge(name).Standing; x != y {
			d.Profiles = append(d.Profiles, Change{ID: name, Before: string(x), After: string(y), Way: way(x.says(), y.says())})
		}
	}
	d.Requirements = append(d.Requirements, states(a.Matrix(), b.Matrix())...)
	before := map[string]*Result{}
	for i := range a.Results {
		before[a.Results[i].ID] = &a.Results[i]
	}
	there := map[string]bool{}
	for i := range b.Results {
		y := &b.Results[i]
		there[y.ID] = true
		x, known := before[y.ID]
		if !known {
			d.Came = append(d.Came, Change{ID: y.ID, After: string(y.Verdict), Way: way(untold, y.says()), Broke: y.Blames(), Why: y.Why})
			continue
		}
		c := Change{ID: y.ID, Before: string(x.Verdict), After: string(y.Verdict), Way: way(x.says(), y.says()),
			Broke: without(y.Blames(), x.Blames()), Mended: without(x.Blames(), y.Blames()), Why: y.Why}
		if c.Way == Other && len(c.Broke) > 0 {
			c.Way = Worse
		}
		if c.Before == c.After && len(c.Broke)+len(c.Mended) == 0 {
			d.Alike++
			continue
		}
		d.Tests = append(d.Tests, c)
	}
	for _, x := range a.Results {
		if !there[x.ID] {
			d.Went = append(d.Went, Change{ID: x.ID, Before: string(x.Verdict), Way: way(x.says(), untold)})
		}
	}
	return d
}

// states returns the requirements whose state is another; one that a register
// does not have is untested there.
func states(a, b []Row) (list []Change) {
	before, there := map[string]State{}, map[string]bool{}
	for _, row := range a {
		before[row.ID] = row.State
	}
	change := func(id string, x, y State) {
		if x != y {
			list = append(list, Change{ID: id, Before: string(x), After: string(y), Way: way(x.says(), y.says())})
		}
	}
	for _, row := range b {
		there[row.ID] = true
		x, known := before[row.ID]
		if !known {
			x = Untested
		}
		change(row.ID, x, row.State)
	}
	for _, row := range a {
		if !there[row.ID] {
			change(row.ID, row.State, Untested)
		}
	}
	return list
}

func without(list, others []string) (rest []string) {
	for _, s := range list {
		if !slices.Contains(others, s) {
			rest = append(rest, s)
		}
	}
	return rest
}

// Code returns the exit code of a comparison: nonconformant if anything is
// broken that was not, partial if nothing is said any more of something of which
// something was, else fine.
func (d Diff) Code() report.Code {
	code := report.CodeOK
	for _, list := range [][]Change{d.Profiles, d.Requirements, d.Tests, d.Came, d.Went} {
		for _, c := range list {
			switch {
			case c.Way == Worse:
				return report.CodeNonconformant
			case c.Way == Lost:
				code = report.CodePartial
			}
		}
	}
	return code
}

// Empty reports whether nothing changed.
func (d Diff) Empty() bool {
	return len(d.Profiles)+len(d.Requirements)+len(d.Tests)+len(d.Came)+len(d.Went) == 0
}
