package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// outcomes are how the outcome of a message is shown: neither is good or bad in
// itself.
var outcomes = map[evidence.Outcome]badge{
	evidence.Accepted: {"accepted", "accepted"}, evidence.Refused: {"refused", "refused"}, evidence.Unanswered: {"unanswered", "unanswered"},
}

// test returns the result in place i, with at most that many of its exchanges.
func (s *study) test(i, most int) test {
	res := &s.doc.Results[i]
	t := test{
		ID: short(res.ID), Anchor: fmt.Sprintf("t%d", i), Badge: verdictBadge(res.Verdict), Comment: line(res.Comment), Importance: short(res.Importance),
		Reqs: s.cited(res.Reqs), Why: line(res.Why), Notes: lines(res.Notes, mostNotes), Messages: len(res.Exchanges) + res.Left,
		Replay: code(res.Repeat), Shell: codes(res.Shell, 4), Took: took(res.Took),
	}
	if blamed := res.Blames(); len(blamed) > 0 {
		t.Reqs = s.cited(blamed)
	}
	t.Transcript, t.More = transcript(res, most)
	if res.Dialect != "" {
		d := s.known[res.Dialect]
		t.Dialect = &dialect{Name: short(res.Dialect), What: line(d.Description), Effect: line(d.Effect), SeenIn: line(strings.Join(d.SeenIn, ", ")), Or: line(strings.Join(res.Maybe, ", "))}
	}
	if e := res.Expected; e != nil {
		t.Expected = line(e.Reason)
		for _, more := range []struct{ name, text string }{{"issue", e.Issue}, {"until", e.Expires}, {"it is", string(res.Was)}} {
			if more.text != "" {
				t.Expected += "; " + more.name + " " + short(more.text)
			}
		}
	}
	return t
}

// transcript returns the first and the last exchanges of a result, and with them
// the one that the test is about. more counts those after the last.
func transcript(res *evidence.Result, most int) (list []exchange, more int) {
	n := len(res.Exchanges)
	keep := func(i int) bool { return n <= most || i < most/2 || i >= n-(most-most/2) }
	about := slices.IndexFunc(res.Exchanges, func(x evidence.Exchange) bool { return x.What == res.Comment })
	skipped := 0
	for i, x := range res.Exchanges {
		if !keep(i) && i != about {
			skipped++
			continue
		}
		outcome, known := outcomes[x.Outcome]
		if !known {
			outcome = badge{short(string(x.Outcome)), mute}
		}
		list = append(list, exchange{At: took(x.At), What: line(x.What), Device: short(x.Device), SEQN: short(x.SEQN), From: relative(x.SEQN, x.Next),
			Outcome: outcome, Sent: line(x.Sent), Answer: line(x.Answer), Raw: x.Raw, Skipped: skipped})
		skipped = 0
	}
	return list, res.Left
}

// relative says where a number lies from next: "next", "next + 3", "next − 1".
func relative(seqn, next string) string {
	a, err := strconv.ParseUint(seqn, 10, 64)
	if err != nil {
		return ""
	}
	b, err := strconv.ParseUint(next, 10, 64)
	switch {
	case err != nil:
		return ""
	case a == b:
		return "next"
	case a > b:
		return "next + " + compact(a-b)
	}
	return "next − " + compact(b-a)
}
