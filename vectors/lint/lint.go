// Package lint holds the vectors to their own rules, beyond what a reader has to
// check: that ids are kept for ever, that everything said is used and everything
// used is said, that each requirement which code can be asked about has a test
// that it must pass and one that it must refuse, that recipes make the bytes
// beside them.
//
//	for _, f := range lint.Check(os.DirFS("vectors")) { fmt.Println(f) }
package lint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// Finding is one thing that is wrong.
type Finding struct {
	Rule string // which of Rules
	At   string // file, id, requirement or dialect
	Text string // what is wrong, and what to do
}

func (f Finding) String() string { return f.At + ": " + f.Text + " (" + f.Rule + ")" }

// Rules are the names of all rules.
func Rules() []string {
	names := []string{"load"}
	for _, r := range rules {
		names = append(names, r.name)
	}
	return names
}

// rules are what is checked, once the suite can be read at all.
var rules = []struct {
	name  string
	check func(*linter)
}{
	{"files", files},
	{"form", form},
	{"schemas", schemas},
	{"ids", ids},
	{"ledger", ledger},
	{"notes", notes},
	{"dialects", dialects},
	{"register", register},
	{"coverage", coverage},
	{"outcomes", outcomes},
	{"stages", stages},
	{"features", features},
	{"poison", poison},
	{"recipes", recipes},
	{"twins", twins},
}

// linter is the suite under scrutiny, and what was found.
type linter struct {
	folder   fs.FS
	suite    *vectors.Suite // poison included
	rule     string
	findings []Finding
}

func (l *linter) find(at, format string, args ...any) {
	l.findings = append(l.findings, Finding{l.rule, at, fmt.Sprintf(format, args...)})
}

// Check returns what is wrong with the suite in a folder of the shape of
// vectors: none for a sound one. Where it cannot be read that is all it finds.
func Check(folder fs.FS) []Finding {
	suite, err := vectors.Load(folder, append(slices.Clone(vectors.Names), "poison")...)
	if err != nil {
		return []Finding{{"load", "vectors", err.Error()}}
	}
	l := &linter{folder: folder, suite: suite}
	for _, r := range rules {
		l.rule = r.name
		r.check(l)
	}
	return l.findings
}

// each calls visit for each test of the suite, poison included.
func (l *linter) each(visit func(vectors.Found)) {
	for _, f := range l.suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				visit(vectors.Found{File: f, Group: g, Test: t})
			}
		}
	}
}

// files: what lies in the folder is what SUITE.json lists.
func files(l *linter) {
	listed := map[string]bool{"SUITE.json": true}
	for _, e := range l.suite.Index.Files {
		listed[e.Path] = true
	}
	entries, err := fs.ReadDir(l.folder, ".")
	if err != nil {
		l.find("vectors", "%v", err)
	}
	for _, e := range entries {
		if name := e.Name(); path.Ext(name) == ".json" && !listed[name] {
			l.find(name, "lies in the folder, and SUITE.json does not list it")
		}
	}
	for _, f := range l.suite.Files {
		i := slices.IndexFunc(l.suite.Index.Files, func(e vectors.IndexEntry) bool { return e.Path == f.Suite+".json" })
		if n := l.suite.Index.Files[i].NumberOfTests; n != f.NumberOfTests {
			l.find("SUITE.json", "counts %d tests in %s.json, which holds %d", n, f.Suite, f.NumberOfTests)
		}
	}
}

// form: files have the one form that the generator gives them; those written by
// hand have plain lines.
func form(l *linter) {
	for _, f := range l.suite.Files {
		text, err := fs.ReadFile(l.folder, f.Suite+".json")
		if err != nil {
			l.find(f.Suite+".json", "%v", err)
			continue
		}
		if made, err := vectors.Encode(f); err != nil || string(made) != string(text) {
			l.find(f.Suite+".json", "is not in the form that the generator gives it; run make vectors")
		}
	}
	for _, name := range []string{"SUITE.json", "requirements.json", "dialects.json"} {
		text, err := fs.ReadFile(l.folder, name)
		if err != nil {
			l.find(name, "%v", err)
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			if strings.TrimRight(line, " \t\r") != line || strings.Contains(line, "\t") {
				l.find(name, "line %d has a tab, a carriage return, or space at its end", i+1)
			}
		}
		if !strings.HasSuffix(string(text), "}\n") {
			l.find(name, "does not end with one line feed")
		}
	}
}

// schemas: each file has the schema of its name, and what that says is well
// formed itself.
func schemas(l *linter) {
	for _, e := range l.suite.Index.Files {
		name := "schema/" + strings.TrimSuffix(e.Path, ".json") + ".v" + vectors.Format + ".schema.json"
		if _, err := fs.Stat(l.folder, name); err != nil {
			l.find(e.Path, "has no schema: %v", err)
		}
	}
}

// features: those that are asked for are known.
func features(l *linter) {
	l.each(func(f vectors.Found) {
		for _, name := range f.Test.Common().Features {
			if !slices.Contains(vectors.Features, name) {
				l.find(f.Test.Common().ID, "asks for the feature %s, which vectors.Features does not list", name)
			}
		}
	})
}

// poison: wrong expectations stand in poison.json and nowhere else.
func poison(l *linter) {
	for _, f := range l.suite.Files {
		for i, g := range f.Groups {
			switch {
			case f.Suite == "poison" && g.Poison == "":
				l.find("poison.json", "group %d does not say what is wrong with it", i)
			case f.Suite != "poison" && g.Poison != "":
				l.find(f.Suite+".json", "group %d is poison, which belongs in poison.json", i)
			}
		}
	}
}
