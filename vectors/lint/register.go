package lint

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// rank orders levels; a profile that demands nothing has 0.
var rank = map[string]int{"MAY": 1, "SHOULD": 2, "MUST": 3}

var (
	chapter = regexp.MustCompile(`(?m)^## ([0-9]+)\. `)
	item    = regexp.MustCompile(`(?m)^([0-9]+)\. `)
)

// register: levels rise with the profiles, and sections are those of
// PROTOCOL.md.
func register(l *linter) {
	text, err := fs.ReadFile(l.folder, "PROTOCOL.md")
	if err != nil {
		l.find("requirements.json", "%v", err)
		return
	}
	known := sections(string(text))
	for _, r := range l.suite.Requirements.Sorted() {
		if !known[r.Section] {
			l.find(r.ID, "PROTOCOL.md has no section %s", r.Section)
		}
		for _, pair := range [][2]string{{"core", "strict"}, {"strict", "secure"}} {
			if rank[r.Levels[pair[1]]] < rank[r.Levels[pair[0]]] {
				l.find(r.ID, "%s demands less of it than %s", pair[1], pair[0])
			}
		}
		device := r.Levels["device"] != ""
		if device != slices.Equal(r.Observe, []string{"device"}) || device && len(r.Levels) > 1 {
			l.find(r.ID, "is of the profile device or of others: levels %v, seen from %v", r.Levels, r.Observe)
		}
		if strings.HasSuffix(r.Text, ".") || r.Text != strings.TrimSpace(r.Text) {
			l.find(r.ID, "its text ends in a full stop, or has space around it")
		}
	}
}

// sections returns those of PROTOCOL.md that can be cited: chapters, and the
// numbered items of each as 3.5.
func sections(text string) map[string]bool {
	known := map[string]bool{}
	starts := chapter.FindAllStringSubmatchIndex(text, -1)
	for i, m := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		number := text[m[2]:m[3]]
		known[number] = true
		for _, n := range item.FindAllStringSubmatch(text[m[1]:end], -1) {
			known[fmt.Sprintf("%s.%s", number, n[1])] = true
		}
	}
	return known
}

// coverage: code that can be asked about a requirement which it must hold is
// asked something that it must take, and something that it must not.
func coverage(l *linter) {
	type tests struct{ positive, negative int }
	count := map[string]*tests{}
	for id := range l.suite.Requirements {
		count[id] = &tests{}
	}
	l.each(func(f vectors.Found) {
		if f.File.Suite == "poison" {
			return
		}
		positive, negative := Signs(f.Test)
		for _, id := range f.Test.Common().Reqs {
			if positive {
				count[id].positive++
			}
			if negative {
				count[id].negative++
			}
		}
	})
	for _, r := range l.suite.Requirements.Sorted() {
		if r.Status != "active" || !slices.Contains(r.Observe, "shim") || !must(r) {
			continue
		}
		if n := count[r.ID]; n.positive == 0 || n.negative == 0 {
			l.find(r.ID, "must be held and can be seen offline, and has %d positive and %d negative tests", n.positive, n.negative)
		}
	}
}

func must(r vectors.Requirement) bool {
	for _, level := range r.Levels {
		if level == "MUST" {
			return true
		}
	}
	return false
}

// Signs reports whether a test shows what must be taken, and whether it shows
// what must be refused, or names a wrong answer of which code is caught. Tests
// of more than one message can do both.
func Signs(t vectors.Test) (positive, negative bool) {
	c := t.Common()
	switch t := t.(type) {
	case *vectors.SequenceTest:
		for _, s := range t.Steps {
			positive = positive || s.Status == "OK"
			negative = negative || s.Status != "OK"
		}
		return positive, negative
	case *vectors.ConcurrencyTest, *vectors.OracleTest:
		return true, true // one message is taken, others are not; or all are refused alike
	case *vectors.HTTPTest:
		for _, r := range t.Requests {
			positive = positive || r.Expect[0] == vectors.Accepted
			negative = negative || r.Expect[0] != vectors.Accepted
		}
		return positive, negative
	case *vectors.KDFTest:
		return true, len(t.WrongKeys) > 0
	}
	switch c.Result {
	case vectors.Valid:
		return true, len(c.Mistakes) > 0
	case vectors.Invalid:
		return false, true
	}
	return c.Permitted[0].Accept, true // what core permits besides is wrong in strict
}
