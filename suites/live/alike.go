package live

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// alike sends the probes, one after the other on one connection as far as the
// backend keeps it, and looks for anything in the answers that tells one from
// the other. What differs between answers to one and the same message tells
// nothing, and is not compared; and what seems to tell two messages apart has to
// do so each time that both are sent again in turns.
func (r *run) alike(ctx context.Context, observe []string, probes []probe) error {
	const every = 50 // before as many comes one message, which is always the same
	usual := probes[max(0, slices.IndexFunc(probes, func(p probe) bool { return !p.lenient }))]
	var list []probe
	for i, p := range probes {
		if i%every == 0 {
			list = append(list, usual)
		}
		list = append(list, p)
	}
	list = append(list, usual, usual)
	answers, err := r.hear(ctx, list)
	if err != nil {
		return err
	}
	if silent := answers[0]; silent.err != nil && !slices.ContainsFunc(answers, func(a answer) bool { return a.err == nil }) {
		return silent.trouble() // nothing is answered
	}
	var same, seen []answer
	for i, a := range answers {
		if list[i].message == usual.message {
			same = append(same, a)
		}
		if i%(every+1) != 0 && len(seen) < len(probes) {
			seen = append(seen, a)
		}
	}
	c := newComparison(same)
	for _, text := range c.notes {
		r.result.note("%s", text)
	}
	var doubt error
	for _, o := range []string{"http-status", "body", "connection", "headers"} { // what shows in one may show in a later one, too
		if !slices.Contains(observe, o) {
			continue
		}
		if c.unsteady(o) {
			doubt = inconclusive("the %s differs between answers to one and the same message, so that it cannot be compared: %s", o, c.examples(o))
			continue
		}
		if err := r.apart(ctx, c, o, probes, seen); err != nil {
			return err
		}
	}
	return doubt
}

// hear sends probes and returns the answers, one of them more at the end so that
// the last shows whether the connection was kept. Only messages that are refused
// belong here.
func (r *run) hear(ctx context.Context, probes []probe) ([]answer, error) {
	line := &line{run: r}
	defer line.close()
	var answers []answer
	noted := map[string]bool{}
	for i, p := range append(slices.Clip(probes), probes[0]) {
		a, closed := line.ask(ctx, p)
		if err := a.trouble(); err != nil && !a.silent() {
			return nil, err
		}
		if closed {
			answers[i-1].closes = true
		}
		if a.accepted {
			p.to.next = max(p.to.next, p.message.seqn+1)
			if !p.lenient {
				return nil, &finding{verdict: Fail, why: fmt.Sprintf("%s was accepted", p.what), broke: p.reqs}
			}
			if !noted[p.what] {
				r.result.note("%s is accepted, and is not compared", p.what)
				noted[p.what] = true
			}
		}
		answers = append(answers, a)
	}
	return answers[:len(probes)], nil
}

// group is probes whose answers look the same in one respect.
type group struct {
	sign   string
	probes []probe
}

// grouped sorts probes by the look of their answers, the largest group first.
// Those that were accepted belong to none.
func grouped(c *comparison, observable string, probes []probe, answers []answer) (groups []*group) {
	for i, p := range probes {
		if answers[i].accepted {
			continue
		}
		sign := c.sign(observable, answers[i])
		at := slices.IndexFunc(groups, func(g *group) bool { return g.sign == sign })
		if at < 0 {
			groups = append(groups, &group{sign: sign})
			at = len(groups) - 1
		}
		groups[at].probes = append(groups[at].probes, p)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return len(b.probes) - len(a.probes) })
	return groups
}

// apart fails if an observable tells probes apart, each time.
func (r *run) apart(ctx context.Context, c *comparison, observable string, probes []probe, answers []answer) error {
	groups := grouped(c, observable, probes, answers)
	if len(groups) < 2 {
		return nil
	}
	const times, most = 5, 4
	var sure []*group
	for _, g := range groups[1:] {
		if len(sure) == most {
			break
		}
		var turns []probe
		for range times {
			turns = append(turns, groups[0].probes[0], g.probes[0])
		}
		again, err := r.hear(ctx, turns)
		if err != nil {
			return err
		}
		steady := true
		for i, a := range again {
			steady = steady && c.sign(observable, a) == []string{groups[0].sign, g.sign}[i%2]
		}
		if steady {
			sure = append(sure, g)
		} else {
			r.result.note("once the %s of the answer to %s was another one (%s), which did not come again", observable, g.probes[0].what, g.sign)
		}
	}
	if len(sure) == 0 {
		return nil
	}
	groups = append(groups[:1], sure...)
	var texts []string
	for _, g := range groups {
		texts = append(texts, fmt.Sprintf("%s for %s", own(g, groups), g.words(len(probes))))
	}
	return against("REQ-RSP-003", "rejections are told apart by their %s: %s%s", observable, strings.Join(texts, "; "), learns(groups))
}

// own returns the lines of a group's look that not all groups have.
func own(g *group, groups []*group) string {
	var lines []string
	for line := range strings.SplitSeq(g.sign, headerSeparator) {
		if !common(line, groups) {
			lines = append(lines, line)
		}
	}
	return cmp.Or(strings.Join(lines, headerSeparator), "nothing")
}

func common(line string, groups []*group) bool {
	for _, g := range groups {
		if !slices.Contains(strings.Split(g.sign, headerSeparator), line) {
			return false
		}
	}
	return true
}

// words says which messages a group consists of.
func (g *group) words(all int) string {
	var classes []string
	for _, p := range g.probes {
		if !slices.Contains(classes, p.class) {
			classes = append(classes, p.class)
		}
	}
	text := fmt.Sprintf("%d of %d messages (%s)", len(g.probes), all, strings.Join(classes, ", "))
	if len(g.probes) <= 2 {
		for _, p := range g.probes {
			text += ", " + p.what
		}
	}
	return text
}

// learns says what somebody who has no key learns from the looks of answers.
func learns(groups []*group) string {
	wrong := func(g *group) (some, all bool) {
		all = true
		for _, p := range g.probes {
			some = some || p.class == wrongPadding
			all = all && p.class == wrongPadding
		}
		return some, all
	}
	parted, any := true, false
	for _, g := range groups {
		some, all := wrong(g)
		parted = parted && some == all
		any = any || some
	}
	if !parted || !any {
		return ""
	}
	return ". That is whether the padding was right: who asks so reads a message without its key, with at most 256 questions for each byte"
}

// comparison knows what is the same in all answers to one message, which is what
// can be compared with answers to others.
type comparison struct {
	same         []answer
	varying      []string // names of headers that differ, or are not always there
	begins, ends []byte   // what all bodies have in common
	whole        bool     // the bodies are all the same
	notes        []string
}

func newComparison(same []answer) *comparison {
	c := &comparison{same: same, begins: same[0].body, ends: same[0].body, whole: true}
	for _, a := range same[1:] {
		for _, name := range slices.Concat(slices.Collect(maps.Keys(a.header)), slices.Collect(maps.Keys(same[0].header))) {
			if !slices.Equal(a.header[name], same[0].header[name]) && name != "Date" && !slices.Contains(c.varying, name) {
				c.varying = append(c.varying, name)
			}
		}
		c.whole = c.whole && bytes.Equal(a.body, same[0].body)
		c.begins = c.begins[:alikeFor(c.begins, a.body, false)]
		c.ends = c.ends[len(c.ends)-alikeFor(c.ends, a.body, true):]
	}
	slices.Sort(c.varying)
	if len(c.varying) > 0 {
		c.notes = append(c.notes, fmt.Sprintf("headers that differ between answers to one and the same message, and are not compared: %s", strings.Join(c.varying, ", ")))
	}
	if !c.whole {
		c.notes = append(c.notes, fmt.Sprintf("the body differs between answers to one and the same message; only that it begins with %q and ends with %q is compared", c.begins, c.ends))
	}
	return c
}

// alikeFor returns for how many bytes two texts are alike, from their beginning
// or from their end.
func alikeFor(a, b []byte, fromEnd bool) (n int) {
	for n < len(a) && n < len(b) {
		i, j := n, n
		if fromEnd {
			i, j = len(a)-1-n, len(b)-1-n
		}
		if a[i] != b[j] {
			break
		}
		n++
	}
	return n
}

// unsteady reports whether an observable cannot be compared at all.
func (c *comparison) unsteady(observable string) bool {
	for _, a := range c.same {
		if observable == "http-status" && (a.status != c.same[0].status || (a.err == nil) != (c.same[0].err == nil)) {
			return true
		}
	}
	return false
}

// examples returns the looks that one message's answers had.
func (c *comparison) examples(observable string) string {
	var looks []string
	for _, a := range c.same {
		if s := c.sign(observable, a); !slices.Contains(looks, s) {
			looks = append(looks, s)
		}
	}
	return strings.Join(looks, ", ")
}

// sign is what is compared of an answer.
func (c *comparison) sign(observable string, a answer) string {
	switch {
	case observable == "connection" && a.err != nil:
		return "ended without an answer"
	case observable == "connection":
		return map[bool]string{true: "closed after it", false: "kept"}[a.closes]
	case a.err != nil:
		return "none at all"
	case observable == "http-status":
		return fmt.Sprint(a.status)
	case observable == "body" && c.whole:
		return shorten(fmt.Sprintf("%q", a.body))
	case observable == "body":
		// What is not as always is shown to where it differs first.
		begin := a.body[:min(alikeFor(c.begins, a.body, false)+1, len(c.begins), len(a.body))]
		end := a.body[max(len(a.body)-alikeFor(c.ends, a.body, true)-1, len(a.body)-len(c.ends), 0):]
		return shorten(fmt.Sprintf("%q … %q", begin, end))
	}
	return c.headers(a.header)
}

const headerSeparator = " | "

// headers are the lines of a header, less what varies.
func (c *comparison) headers(header http.Header) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if !slices.Contains(c.varying, name) && name != "Date" {
			lines = append(lines, name+": "+strings.Join(header[name], ", "))
		}
	}
	return strings.Join(lines, headerSeparator)
}
