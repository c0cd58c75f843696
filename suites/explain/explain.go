// Package explain writes a case of the vectors for people: what is demanded and
// why, the bytes with their stages marked, what a backend meets in them and
// where it stops, what each dialect makes of them, and a line for the shell that
// shows it without any code of ours.
//
//	err := explain.Write(os.Stdout, "envelope/pad-x923", colour)
//
// It opens messages by itself, step by step, and shares no code with the
// reference server: where the two differ over a vector, a test says so.
package explain

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// ErrUnknown reports a name that is none of a test, a dialect or a requirement.
// The error says which names come near.
var ErrUnknown = errors.New("explain: there is no such name")

// Write explains what name is the name of: the id of a test, poison included,
// of a dialect, or of a requirement. Errors wrap ErrUnknown, or are those of
// the vectors or of w.
func Write(w io.Writer, name string, colour bool) error {
	suite, err := vectors.All()
	if err != nil {
		return err
	}
	poison, err := vectors.Poison()
	if err != nil {
		return err
	}
	b := book{suite, poison}
	p := &page{colour: colour}
	if err := b.write(p, name); err != nil {
		return err
	}
	_, err = io.WriteString(w, p.String())
	return err
}

// book is all that can be explained.
type book struct{ suite, poison *vectors.Suite }

func (b book) write(p *page, name string) error {
	if found, ok := b.find(name); ok {
		return b.test(p, found)
	}
	if d, ok := b.suite.Dialects[name]; ok {
		b.dialect(p, d)
		return nil
	}
	if r, ok := b.suite.Requirements[name]; ok {
		b.requirement(p, r)
		return nil
	}
	for _, f := range b.files() {
		for _, r := range f.Retired {
			if r.ID == name {
				retired(p, r)
				return nil
			}
		}
	}
	return b.unknown(name)
}

func (b book) find(id string) (vectors.Found, bool) {
	if found, ok := b.suite.Find(id); ok {
		return found, true
	}
	return b.poison.Find(id)
}

func (b book) files() []*vectors.File { return slices.Concat(b.suite.Files, b.poison.Files) }

// names returns everything that can be asked for.
func (b book) names() []string {
	var names []string
	for _, f := range b.files() {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				names = append(names, t.Common().ID)
			}
		}
	}
	for _, d := range b.suite.Dialects.Sorted() {
		names = append(names, d.Name)
	}
	for _, r := range b.suite.Requirements.Sorted() {
		names = append(names, r.ID)
	}
	return names
}

// most is how many names are offered in place of one that there is not.
const most = 3

// unknown is the error for a name that there is not, with those near it.
func (b book) unknown(name string) error {
	type near struct {
		name string
		far  int
	}
	var list []near
	wanted := strings.ToLower(strings.Trim(name, "/"))
	for _, n := range b.names() {
		last := n[strings.LastIndex(n, "/")+1:]
		far := min(distance(wanted, strings.ToLower(n)), 1+distance(wanted, strings.ToLower(last)))
		if len(wanted) > 2 && strings.Contains(strings.ToLower(n), wanted) {
			far = min(far, 2)
		}
		if far <= max(3, len(wanted)/3) && far < len(wanted) {
			list = append(list, near{n, far})
		}
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	var offers []string
	for _, n := range list[:min(most, len(list))] {
		offers = append(offers, n.name)
	}
	if len(offers) == 0 {
		return fmt.Errorf("%w: %.80q is no test, dialect or requirement", ErrUnknown, name)
	}
	return fmt.Errorf("%w: %.80q; did you mean %s?", ErrUnknown, name, strings.Join(offers, " or "))
}

// distance is how many letters have to be put in, left out or changed to make b
// of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
