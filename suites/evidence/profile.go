package evidence

import (
	"slices"

	"github.com/espalier-hil/espalier/harness/report"
)

// The levels of a requirement.
const (
	must   = "MUST"
	should = "SHOULD"
)

// Standing is what a run says of a backend and a profile.
type Standing string

// The standings. What was not tried never looks like conformance.
const (
	Conformant    Standing = "conformant"
	Partial       Standing = "partial"       // nothing is broken, and something demanded was not tried
	Nonconformant Standing = "nonconformant" // something demanded is broken, expected or not
	Unclear       Standing = "inconclusive"  // something demanded could not be told
)

// Profile is what a run says of one profile.
type Profile struct {
	Name     string   `json:"name"`
	Standing Standing `json:"verdict"`
	Broken   []string `json:"broken"`   // MUST requirements that were found broken
	Untested []string `json:"untested"` // MUST requirements that nothing has shown
	Advice   []string `json:"advice"`   // SHOULD requirements that were found broken, which does not count
}

// Judge returns what the run says of a profile.
func (r *Run) Judge(name string) Profile {
	p := Profile{Name: name, Broken: []string{}, Untested: []string{}, Advice: []string{}}
	partial, unclear := r.Narrowed, false
	broken, shown := map[string]bool{}, map[string]bool{}
	for _, res := range r.Results {
		for _, id := range res.Blames() {
			broken[id] = true
		}
		demanded := r.Demands(name, res.Reqs)
		switch res.Verdict {
		case Pass, Limit:
			for _, id := range res.Reqs {
				shown[id] = true
			}
		case NotRun:
			partial = partial || demanded
		case XFail: // that it is not run may be expected; it is not shown thereby
			partial = partial || res.Was == NotRun && demanded
		case Error, Inconclusive:
			unclear = unclear || demanded
		case XPass: // it holds; that the list is wrong is the list's affair
			for _, id := range res.Reqs {
				shown[id] = true
			}
		}
	}
	for _, req := range r.Requirements {
		switch level := req.Levels[name]; {
		case level == must && broken[req.ID]:
			p.Broken = append(p.Broken, req.ID)
		case level == should && broken[req.ID]:
			p.Advice = append(p.Advice, req.ID)
		case level == must && !shown[req.ID] && !req.Hidden:
			p.Untested = append(p.Untested, req.ID)
		}
	}
	switch {
	case len(p.Broken) > 0:
		p.Standing = Nonconformant
	case unclear:
		p.Standing = Unclear
	case partial || len(p.Untested) > 0:
		p.Standing = Partial
	default:
		p.Standing = Conformant
	}
	return p
}

// Demands reports whether a profile demands one of these requirements.
func (r *Run) Demands(profile string, reqs []string) bool {
	return slices.ContainsFunc(r.Requirements, func(req Requirement) bool {
		return req.Levels[profile] == must && slices.Contains(reqs, req.ID)
	})
}

// Blames returns the requirements that the result shows to be broken.
func (res *Result) Blames() []string {
	v := res.Verdict
	if v == XFail {
		v = res.Was
	}
	switch {
	case !v.Broken():
		return nil
	case len(res.Broke) > 0:
		return res.Broke
	}
	return res.Reqs
}

// counts reports whether what the result blames is demanded by a profile of the
// run.
func (r *Run) counts(reqs []string) bool {
	return slices.ContainsFunc(r.Profiles, func(p string) bool { return r.Demands(p, reqs) })
}

// Code returns the exit code of the run. Failures that were expected are none;
// one that was expected and did not come is.
func (r *Run) Code() report.Code {
	code := report.CodeOK
	ran := 0
	worse := func(c report.Code) {
		order := []report.Code{report.CodeOK, report.CodePartial, report.CodeHarness, report.CodeNonconformant}
		if slices.Index(order, c) > slices.Index(order, code) {
			code = c
		}
	}
	for _, res := range r.Results {
		switch v := res.Verdict; {
		case v == XPass, v.Broken() && v != XFail && r.counts(res.Blames()):
			worse(report.CodeNonconformant)
		case v == Error:
			worse(report.CodeHarness)
		case v == NotRun && r.counts(res.Reqs), v == Inconclusive && r.counts(res.Reqs):
			worse(report.CodePartial)
		}
		if res.Verdict != Skip && res.Verdict != NotRun {
			ran++
		}
	}
	switch {
	case r.Unreachable != "":
		return report.CodeUnreachable
	case ran == 0:
		return report.CodeNothing
	}
	if !r.Narrowed {
		for _, name := range r.Profiles {
			if len(r.Judge(name).Untested) > 0 {
				worse(report.CodePartial)
			}
		}
	}
	return code
}

// Counts counts the results by verdict.
func (r *Run) Counts() map[Verdict]int {
	counts := map[Verdict]int{}
	for _, res := range r.Results {
		counts[res.Verdict]++
	}
	return counts
}
