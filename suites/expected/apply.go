package expected

import (
	"fmt"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// Apply turns the failures of a run that are listed into XFAIL, and what is
// listed and passed into XPASS. Other failures stay, with a note where an entry
// does not cover them any more or never did. It returns the ids that are listed
// and of which nothing was seen: they prove nothing.
func (l List) Apply(run *evidence.Run) (unseen []string) {
	entries := map[string]Entry{}
	for _, e := range l {
		for _, id := range e.IDs {
			entries[id] = e
		}
	}
	day := run.Started.Format(time.DateOnly)
	seen := map[string]bool{}
	for i := range run.Results {
		res := &run.Results[i]
		if e, listed := entries[res.ID]; listed {
			seen[res.ID] = e.judge(res, day)
		}
	}
	for _, e := range l {
		for _, id := range e.IDs {
			if !seen[id] {
				unseen = append(unseen, id)
			}
		}
	}
	return unseen
}

// judge holds a result against the entry, and reports whether it says anything
// of it.
func (e Entry) judge(res *evidence.Result, day string) bool {
	note := func(format string, args ...any) { res.Notes = append(res.Notes, fmt.Sprintf(format, args...)) }
	switch v := res.Verdict; {
	case v == evidence.Pass:
		res.Was, res.Verdict = v, evidence.XPass
		res.Why = fmt.Sprintf("it passes, and the list of expected failures says that it fails (%s): take it off the list", e.Reason)
	case v == evidence.Skip, v == evidence.NotRun && e.Verdict != evidence.NotRun, v == evidence.Inconclusive, v == evidence.Error, v == evidence.Limit:
		return false
	case v != e.Verdict:
		note("the list of expected failures says %s, and not %s", e.Verdict, v)
		return true
	case e.Expires != never && day > e.Expires:
		note("this failure was expected until %s (%s; %s)", e.Expires, e.Reason, e.Issue)
		return true
	case !strings.Contains(res.Why, e.Message):
		note("another failure was expected, whose message has %q", e.Message)
		return true
	default:
		res.Was, res.Verdict = v, evidence.XFail
	}
	res.Expected = &evidence.Expected{Reason: e.Reason, Issue: e.Issue, Expires: e.Expires}
	return true
}
