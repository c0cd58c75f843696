package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// dialect writes a dialect, and the tests that betray it.
func (b book) dialect(p *page, d vectors.Dialect) {
	p.head(d.Name, "dialect", d.Description+".")
	p.line("")
	p.say("effect", column, "%s.", d.Effect)
	for i, seen := range d.SeenIn {
		p.say(first(i, "seen in"), column, "%s", seen)
	}
	p.section("What it breaks")
	for _, id := range d.Reqs {
		b.demand(p, id)
	}
	p.section("Tests that betray it")
	for _, f := range b.suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				b.betrays(p, t, d.Name)
			}
		}
	}
}

// betrays writes the test if the dialect comes out of it.
func (b book) betrays(p *page, t vectors.Test, name string) {
	if !slices.Contains(vectors.DialectsOf(t), name) {
		return
	}
	c := t.Common()
	p.say(c.ID, 0, "")
	p.say("", 4, "%s", c.Comment)
	for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
		switch {
		case o.Dialect != name:
		case o.Accept:
			p.shaded(yellow, "", 4, "accepted: %s", became(o))
		default:
			p.shaded(yellow, "", 4, "refused, %s", stages(o.Stage))
		}
	}
}

// requirement writes a requirement, and the tests that show it.
func (b book) requirement(p *page, r vectors.Requirement) {
	p.head(r.ID, fmt.Sprintf("PROTOCOL.md %s, since %s, %s", r.Section, r.Since, r.Status), r.Text+".")
	p.line("")
	for _, profile := range vectors.Profiles {
		if level := r.Levels[profile]; level != "" {
			p.say(profile, column, "%s", level)
		}
	}
	p.say("seen from", column, "%s", strings.Join(r.Observe, ", "))
	p.section("Tests that cite it")
	none := true
	for _, f := range b.suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				if c := t.Common(); slices.Contains(c.Reqs, r.ID) {
					none = false
					p.say(string(c.Result), 12, "%s", c.ID)
				}
			}
		}
	}
	if none {
		p.say("", 0, "None in these files; the specs of espalier run cite it.")
	}
}

// first returns label for the first of several lines, and nothing for others.
func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}
