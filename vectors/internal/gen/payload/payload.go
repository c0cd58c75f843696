// Package payload lists the texts that are sealed in well-made envelopes, and
// what a backend may make of each.
package payload

import (
	"encoding/hex"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// first is the version of the data that brought these tests.
const first = "1.0.0"

// Groups returns the texts and the notes to their flags.
func Groups(source vectors.Source) ([]*vectors.Group, map[string]vectors.Note, error) {
	notes := map[string]vectors.Note{}
	var groups []*vectors.Group
	for _, f := range slices.Concat(numbers(), types, keys, data(), texts) {
		notes[f.flag] = f.note
		g := &vectors.Group{Type: "PayloadTest", Source: source, Next: f.next}
		for _, c := range f.cases {
			t, err := f.test(c)
			if err != nil {
				return nil, nil, fmt.Errorf("payload/%s/%s: %w", f.name, c.name, err)
			}
			g.Tests = append(g.Tests, t)
		}
		groups = append(groups, g)
	}
	return groups, notes, nil
}

// family is a group of the file: texts that look for one kind of mistake.
type family struct {
	name       string // the ids begin with payload/name/
	flag       string
	note       vectors.Note
	importance string
	reqs       []string // that its cases cite, unless they have their own
	next       string   // before, in decimal
	cases      []example
}

// example is one text and what may come of it.
type example struct {
	name, comment string
	text          string            // template
	right         []vectors.Outcome // all that is permitted, the strict one first
	mistakes      []vectors.Outcome
	reqs          []string
}

func (f family) test(c example) (*vectors.PayloadTest, error) {
	recipe := vectors.Construct{Plain: c.text, SEQN: f.next}
	if !utf8.ValidString(c.text) {
		recipe.Plain, recipe.PlainHex = "", hex.EncodeToString([]byte(c.text))
	}
	text, err := construct.Text(recipe, recipe.SEQN)
	if err != nil {
		return nil, err
	}
	t := &vectors.PayloadTest{
		Case: vectors.Case{ID: "payload/" + f.name + "/" + c.name, Since: first, Comment: c.comment, Flags: []string{f.flag},
			Reqs: f.reqs, Importance: f.importance},
		PlainHex: hex.EncodeToString(text), Construct: recipe,
	}
	if c.reqs != nil {
		t.Reqs = c.reqs
	}
	for _, o := range c.mistakes { // at whichever stage code makes them
		t.Mistakes = append(t.Mistakes, vectors.Outcome{Accept: o.Accept, Next: o.Next, Data: o.Data, Dialect: o.Dialect})
	}
	switch strict := c.right[0]; {
	case len(c.right) > 1:
		t.Result, t.Permitted = vectors.Acceptable, c.right
	case strict.Accept:
		t.Result, t.Expect = vectors.Valid, &strict
	default:
		t.Result, t.RejectStage = vectors.Invalid, strict.Stage
	}
	return t, nil
}

// wrong returns the example with a mistake.
func (c example) wrong(o vectors.Outcome) example {
	c.mistakes = append(c.mistakes, o)
	return c
}

// cites returns the example about other requirements than its family's.
func (c example) cites(reqs ...string) example {
	c.reqs = reqs
	return c
}

// or returns the example with one more outcome that is permitted.
func (c example) or(o vectors.Outcome) example {
	c.right = append(c.right, o)
	return c
}

// value is the data of texts that are about something else.
const value = `{"value":300}`

// either lists outcomes, the strict one first.
func either(outcomes ...vectors.Outcome) []vectors.Outcome { return outcomes }

// yes is a text that is taken.
func yes(next, data string) vectors.Outcome {
	return vectors.Outcome{Accept: true, Next: next, Data: data}
}

// no is a text that is refused, rightly at one of the stages.
func no(stages ...vectors.Stage) vectors.Outcome { return vectors.Outcome{Stage: stages} }

// by says whose outcome it is.
func by(dialect string, o vectors.Outcome) vectors.Outcome {
	o.Dialect = dialect
	return o
}
