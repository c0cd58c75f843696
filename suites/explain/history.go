package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// initial writes what the backend knows of the devices before.
func (p *page) initial(initial map[string]string) {
	for i, device := range slices.Sorted(maps.Keys(initial)) {
		p.say(first(i, "before"), column, "device %s has next %s", device, initial[device])
	}
}

// moved says what the numbers of a test stand for.
const moved = "The numbers are an example: on a device that is in use they move to where it stands."

// sequence writes a history as a table.
func sequence(p *page, t *vectors.SequenceTest) {
	p.section("The history")
	p.initial(t.Initial)
	if len(t.Shared) > 0 {
		p.say("", column, "%s have one passphrase", strings.Join(t.Shared, " and "))
	}
	if t.Fresh {
		p.say("", column, "The numbers are meant as they stand: the devices are provisioned for this test.")
	} else {
		p.say("", column, moved)
	}
	p.line("")
	missing := ""
	if slices.ContainsFunc(t.Steps, func(s vectors.Step) bool { return s.Missing != "" }) {
		missing = "missing"
	}
	p.line("  %s", p.paint(faint, strings.TrimRight("step  "+pad("sends", 36)+"answer  "+pad("next", 17)+missing, " ")))
	for i, s := range t.Steps {
		if s.Before != "" {
			p.line("        %s", p.paint(yellow, "— "+events[s.Before]+" —"))
		}
		shade := red
		if s.Status == "OK" {
			shade = green
		}
		device, what := target(t.Steps, i)
		if _, known := t.Initial[device]; !known {
			device += "?"
		}
		p.line("  %4d  %s  %s%s  %s%s", i, pad(cut(device+": "+what, 34), 34), p.paint(shade, s.Status), pad("", 6-len(s.Status)), pad(s.Next, 17), s.Missing)
		if s.Limit != "" {
			p.say("", 6, "NOT OK is right, too. No backend can do better: %s", s.Limit)
		}
	}
}

// events is what can be done to a backend before a step.
var events = map[string]string{
	"restart":   "the backend is restarted",
	"kill9":     "the backend is killed, and started again",
	"provision": "each device is provisioned again, as in the beginning",
}

// target returns to which device a step sends, and what, in words.
func target(steps []vectors.Step, i int) (device, what string) {
	s := steps[i].Send
	if s.ReplayOf == nil {
		return s.Device, sent(s)
	}
	if device = s.Device; device == "" && *s.ReplayOf < i {
		device, _ = target(steps, *s.ReplayOf)
	}
	return device, sent(s)
}

// sent says what is sent.
func sent(s vectors.Send) string {
	switch {
	case s.ReplayOf != nil:
		return fmt.Sprintf("the bytes of step %d again", *s.ReplayOf)
	case s.Vector != "":
		return s.Vector + " at " + s.SEQN
	}
	return "SEQN " + s.SEQN
}

// cut shortens text to n characters.
func cut(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}

var (
	releases = map[string]string{
		vectors.Barrier:  "all connections are open; then all requests are written",
		vectors.LastByte: "all requests are written but for their last byte; then all last bytes",
	}
	predicates = map[string]string{
		vectors.ExactlyOneOK: "of each device's messages exactly one is accepted",
		vectors.Linearizable: "some order of the messages, one after the other, explains the answers",
	}
)

// concurrency writes a burst.
func concurrency(p *page, t *vectors.ConcurrencyTest) {
	p.section("The burst")
	p.initial(t.Initial)
	p.say("", column, moved)
	for i, s := range t.Burst {
		how := "each sealed anew, with other data"
		if s.SameBytes {
			how = "the same bytes each time"
		}
		if s.Copies == 1 {
			how = "once"
		}
		p.say(first(i, "at once"), column, "SEQN %s to device %s, %s, %s", s.SEQN, s.Device, count(s.Copies, "copie"), how)
	}
	p.say("release", column, "%s: %s", t.Release, releases[t.Release])
	p.say("holds", column, "%s: %s", t.Predicate, predicates[t.Predicate])
	p.say("rounds", column, "%d; each goes on with the numbers behind those of the round before", t.Rounds)
}

// oracle writes rejections that must look alike.
func (b book) oracle(p *page, t *vectors.OracleTest) {
	if t.Sweep != nil {
		recipe(p, t.Sweep.Construct)
	}
	p.section("What must look alike")
	p.initial(t.Initial)
	p.say("", column, moved)
	if t.Sweep != nil {
		p.say("sweep", column, "%s of the ciphertext takes each of its 256 values. The number was used before, so that nothing is accepted.", place("byte", &t.Sweep.At))
	}
	for _, class := range slices.Sorted(maps.Keys(t.Classes)) {
		for i, s := range t.Classes[class] {
			label := first(i, class)
			comment := ""
			if found, ok := b.find(s.Vector); ok {
				comment = " (" + found.Test.Common().Comment + ")"
			}
			p.say(label, column, "to device %s: %s%s", s.Device, sent(s), comment)
		}
	}
	p.say("in", column, "%s", strings.Join(t.Observe, ", "))
	if t.Time != nil {
		p.say("time", column, "%d pairs; a false alarm in %g of all cases; differences below %g µs do not count. What is found is advice, never a verdict.",
			t.Time.Pairs, t.Time.Alpha, t.Time.MinEffectUS)
	}
}
