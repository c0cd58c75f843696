package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// column is where the text behind a label begins.
const column = 13

// test writes a test of any type.
func (b book) test(p *page, found vectors.Found) error {
	c := found.Test.Common()
	p.head(c.ID, fmt.Sprintf("%s, %s", c.Result, c.Importance), c.Comment)
	if found.Group.Poison != "" {
		p.section("Poison")
		p.say("", 0, "The expectation is wrong on purpose: %s. A runner that does not report this test red compares nothing, and its run is red.", found.Group.Poison)
	}
	b.demands(p, found.Test)
	why(p, found.File, c)
	var err error
	switch t := found.Test.(type) {
	case *vectors.KDFTest:
		b.kdf(p, t)
	case *vectors.EnvelopeTest:
		err = b.envelope(p, found.Group, t)
	case *vectors.PayloadTest:
		b.payload(p, found.Group, t)
	case *vectors.SequenceTest:
		sequence(p, t)
	case *vectors.DeviceTest:
		b.device(p, t)
	case *vectors.ConcurrencyTest:
		concurrency(p, t)
	case *vectors.OracleTest:
		b.oracle(p, t)
	case *vectors.HTTPTest:
		http(p, t)
	default:
		err = fmt.Errorf("there are no pages for a %s", found.Group.Type)
	}
	if err != nil {
		return fmt.Errorf("explain: %s: %w", c.ID, err)
	}
	where(p, found)
	return nil
}

// head writes the title of a page.
func (p *page) head(name, right, comment string) {
	gap := max(2, width-len([]rune(name))-len([]rune(right)))
	p.line("%s%s%s", p.paint(bold, name), strings.Repeat(" ", gap), p.paint(faint, right))
	for _, l := range fold(printable(comment), width) {
		p.line("%s", l)
	}
}

// demands writes the requirements, and what each profile demands of whoever is
// tested.
func (b book) demands(p *page, t vectors.Test) {
	c := t.Common()
	p.section("What is demanded")
	for _, id := range c.Reqs {
		b.demand(p, id)
	}
	p.line("")
	switch c.Result {
	case vectors.Valid:
		if c.Expect != nil {
			p.shaded(green, "valid", column, "It must be accepted: %s.", became(*c.Expect))
		} else {
			p.shaded(green, "valid", column, "%s", stated(t))
		}
	case vectors.Invalid:
		p.shaded(red, "invalid", column, "It must be refused, %s.", stages(c.RejectStage))
	case vectors.Acceptable:
		if len(c.Permitted) == 0 {
			p.shaded(yellow, "acceptable", column, "%s", stated(t))
			break
		}
		open := []string{"core"}
		for _, profile := range []string{"strict", "secure"} {
			if b.suite.Requirements.Narrow(profile, c.Reqs) {
				p.shaded(yellow, profile, column, "%s.", demanded(c.Permitted[0]))
			} else {
				open = append(open, profile)
			}
		}
		for i, o := range c.Permitted {
			label := ""
			if i < len(open) {
				label = open[i]
			}
			p.shaded(yellow, label, column, "%s%s.", strings.Repeat("or ", min(i, 1)), allowed(o))
		}
	}
	if len(c.Features) > 0 {
		p.say("takes", column, "%s; a runner that cannot do so leaves the test NOT RUN.", strings.Join(c.Features, ", "))
	}
}

// stated says of a test without an outcome what is right.
func stated(t vectors.Test) string {
	switch t.(type) {
	case *vectors.KDFTest:
		return "Key and IV must be those below."
	case *vectors.DeviceTest:
		return "Key, IV and message must be those below."
	case *vectors.SequenceTest:
		return "Each answer must be the one below."
	case *vectors.ConcurrencyTest:
		return "What holds of the answers must hold in every round."
	case *vectors.OracleTest:
		return "All answers must look the same."
	case *vectors.HTTPTest:
		return "Each answer must be one of those permitted below."
	}
	return "It must come out as it says below."
}

// demand writes a requirement with its level in each profile.
func (b book) demand(p *page, id string) {
	r, ok := b.suite.Requirements[id]
	if !ok {
		p.say(id, column, "is not in the register.")
		return
	}
	p.shaded(cyan, id, column, "%s.", r.Text)
	p.say("", column, "%s.", levels(r))
	p.say("", column, "PROTOCOL.md %s", r.Section)
}

// levels returns what each profile demands: MUST in strict and secure, …
func levels(r vectors.Requirement) string {
	var parts []string
	for _, level := range []string{"MUST", "SHOULD", "MAY"} {
		var in []string
		for _, profile := range vectors.Profiles {
			if r.Levels[profile] == level {
				in = append(in, profile)
			}
		}
		if len(in) > 0 {
			parts = append(parts, level+" in "+strings.Join(in, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// became says what comes of a message that is accepted.
func became(o vectors.Outcome) string {
	var parts []string
	if o.Next != "" {
		parts = append(parts, "next becomes "+o.Next)
	}
	if o.Data != "" {
		parts = append(parts, "data is "+short([]byte(o.Data)))
	}
	if len(parts) == 0 {
		return "it opens, and no reading comes of it"
	}
	return strings.Join(parts, ", ")
}

func demanded(o vectors.Outcome) string {
	if o.Accept {
		return "It must be accepted: " + became(o)
	}
	return "It must be refused, " + stages(o.Stage)
}

func allowed(o vectors.Outcome) string {
	if !o.Accept {
		return "it may be refused, " + stages(o.Stage)
	}
	if o.Dialect == "" {
		return "it may be accepted: " + became(o)
	}
	return fmt.Sprintf("it may be accepted: %s; that is dialect %s", became(o), o.Dialect)
}

// stages says where rejection is right.
func stages(list []vectors.Stage) string {
	switch len(list) {
	case 0:
		return "at any stage"
	case 1:
		return "at stage " + string(list[0])
	}
	var names []string
	for _, s := range list {
		names = append(names, string(s))
	}
	return "at one of " + strings.Join(names, ", ")
}

// why writes what the test's flags say.
func why(p *page, f *vectors.File, c *vectors.Case) {
	p.section("Why it matters")
	for _, flag := range c.Flags {
		note := f.Notes[flag]
		p.shaded(cyan, flag, column, "%s (%s).", bugTypes[note.BugType], note.BugType)
		p.say("", column, "%s", note.Description)
		p.say("", column, "%s", note.Effect)
		for _, link := range slices.Concat(note.CVEs, note.Links) {
			p.line("  %s%s", strings.Repeat(" ", column), link) // whole, so that it can be followed
		}
	}
}

// dialects writes what known ways of reading the message otherwise make of it.
func (b book) dialects(p *page, c *vectors.Case) {
	list := slices.Concat(c.Permitted, c.Mistakes)
	list = slices.DeleteFunc(list, func(o vectors.Outcome) bool { return o.Dialect == "" })
	if len(list) == 0 {
		return
	}
	p.section("What others make of it")
	for _, o := range list {
		what := "refuses it, " + stages(o.Stage)
		if o.Accept {
			what = "accepts it: " + became(o)
		}
		b.dialectLine(p, o.Dialect, what)
	}
}

// dialectLine writes what one dialect does, and what it is.
func (b book) dialectLine(p *page, name, what string) {
	d := b.suite.Dialects[name]
	p.shaded(yellow, name, 0, "")
	p.say("", 4, "%s", what)
	p.say("", 4, "%s. %s. Seen in %s.", d.Description, d.Effect, strings.Join(d.SeenIn, ", "))
}

// where says in which file the test stands.
func where(p *page, found vectors.Found) {
	p.line("")
	p.line("%s", p.paint(faint, fmt.Sprintf("vectors/%s.json, %s, since %s, source %s %s",
		found.File.Suite, found.Group.Type, found.Test.Common().Since, found.Group.Source.Name, found.Group.Source.Version)))
}

// retired writes what became of an id that is not used any more.
func retired(p *page, r vectors.Retired) {
	p.head(r.ID, "retired in "+r.In, r.Why)
	if r.ReplacedBy != "" {
		p.say("instead", column, "%s", r.ReplacedBy)
	}
}
