package evidence

import "slices"

// About returns the results that say something of a requirement: those that
// show it to be broken, and the number of those that passed and cite it.
func (r *Run) About(req string) (broken []Result, passed int) {
	for _, res := range r.Results {
		switch {
		case slices.Contains(res.Blames(), req):
			broken = append(broken, res)
		case (res.Verdict == Pass || res.Verdict == Limit) && slices.Contains(res.Reqs, req):
			passed++
		}
	}
	return broken, passed
}
