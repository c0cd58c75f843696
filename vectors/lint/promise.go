package lint

import (
	"io/fs"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// ids: an id belongs to one test of one file, or is retired.
func ids(l *linter) {
	used := map[string]string{}
	take := func(id, where string) {
		if other, twice := used[id]; twice {
			l.find(id, "stands in %s and in %s", other, where)
		}
		used[id] = where
	}
	l.each(func(f vectors.Found) { take(f.Test.Common().ID, f.File.Suite+".json") })
	for _, f := range l.suite.Files {
		for _, r := range f.Retired {
			take(r.ID, "what "+f.Suite+".json has retired")
		}
	}
	for _, f := range l.suite.Files {
		for _, r := range f.Retired {
			if _, ok := l.suite.Find(r.ReplacedBy); !ok && r.ReplacedBy != "" {
				l.find(r.ID, "is replaced by %s, which there is not", r.ReplacedBy)
			}
		}
	}
	l.each(func(f vectors.Found) {
		for _, id := range sent(f.Test) {
			if found, ok := l.suite.Find(id); !ok {
				l.find(f.Test.Common().ID, "sends %s, which there is not", id)
			} else if !remade(found.Test) {
				l.find(f.Test.Common().ID, "sends %s, which is no message", id)
			}
		}
	})
}

// sent returns the vectors that a test has sent.
func sent(t vectors.Test) (ids []string) {
	add := func(s vectors.Send) {
		if s.Vector != "" {
			ids = append(ids, s.Vector)
		}
	}
	switch t := t.(type) {
	case *vectors.SequenceTest:
		for _, s := range t.Steps {
			add(s.Send)
		}
	case *vectors.OracleTest:
		for _, class := range t.Classes {
			for _, s := range class {
				add(s)
			}
		}
	}
	return ids
}

// remade reports whether a test can be made again for another device.
func remade(t vectors.Test) bool {
	switch t.(type) {
	case *vectors.EnvelopeTest, *vectors.PayloadTest:
		return true
	}
	return false
}

// ledger: what was published is as it was, or retired; the ledger is complete.
func ledger(l *linter) {
	text, err := fs.ReadFile(l.folder, "ledger.txt")
	if err != nil {
		l.find("ledger.txt", "%v", err)
		return
	}
	book, err := vectors.ParseLedger(text)
	if err != nil {
		l.find("ledger.txt", "%v", err)
		return
	}
	if err := book.Update(l.suite.Files); err != nil {
		l.find("ledger.txt", "%v", err)
		return
	}
	if string(book.Text()) != string(text) {
		l.find("ledger.txt", "is not up to date; run make vectors")
	}
}

// notes: every flag that a file explains is one of its tests'.
func notes(l *linter) {
	for _, f := range l.suite.Files {
		used := map[string]bool{}
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				for _, flag := range t.Common().Flags {
					used[flag] = true
				}
			}
		}
		for flag := range f.Notes {
			if !used[flag] {
				l.find(f.Suite+".json", "explains the flag %s, which no test has", flag)
			}
		}
	}
}

// dialects: each is betrayed by a test, and breaks requirements that there are.
func dialects(l *linter) {
	shown := map[string]bool{}
	l.each(func(f vectors.Found) {
		if f.File.Suite == "poison" {
			return
		}
		for _, name := range vectors.DialectsOf(f.Test) {
			shown[name] = true
		}
	})
	for _, d := range l.suite.Dialects.Sorted() {
		if !shown[d.Name] {
			l.find(d.Name, "no test betrays this dialect")
		}
		for _, id := range d.Reqs {
			if _, ok := l.suite.Requirements[id]; !ok {
				l.find(d.Name, "breaks %s, which the register does not know", id)
			}
		}
		if slices.Contains(d.SeenIn, "") {
			l.find(d.Name, "is seen in a place without a name")
		}
	}
}
