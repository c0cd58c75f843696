package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// decoders are what a package calls that makes sense of what others wrote.
var decoders = map[string]bool{
	"json.Unmarshal": true, "json.NewDecoder": true,
	"yaml.Unmarshal": true, "yaml.NewDecoder": true, "yaml.YAMLToJSON": true,
	"elf.NewFile": true,
}

// parserName and its arguments make a function one that does so itself.
var parserName = regexp.MustCompile(`^(?:[pP]arse|[dD]ecode|Load|Unmarshal|From)(?:[A-Z]|$)`)

// trusted packages read what this module's own tools have written.
var trusted = map[string]string{
	"suites/benchrun":        "reads what `go test -bench` printed",
	"suites/device":          "asks encoding/json of replies that the wire has kept",
	"suites/mutants":         "reads reports that it has just had written",
	"suites/mutants/backend": "is faulty on purpose",
	"suites/mutants/faulty":  "is faulty on purpose",
	"suites/shim/faulty":     "is faulty on purpose",
	"suites/testrun":         "reads what `go test -json` printed",
}

// Every package that takes in bytes from outside has a fuzz target.
func TestHouseFuzz(t *testing.T) {
	reads, fuzzed := map[string]string{}, map[string]bool{}
	for _, path := range goFiles(t) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		test := strings.HasSuffix(path, "_test.go")
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				switch name := n.Name.Name; {
				case test && strings.HasPrefix(name, "Fuzz"):
					fuzzed[dir] = true
				case !test && parserName.MatchString(name) && takesText(n.Type):
					reads[dir] = name
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && !test && decoders[x.Name+"."+n.Sel.Name] {
					reads[dir] = x.Name + "." + n.Sel.Name
				}
			}
			return true
		})
	}
	if len(reads) < 15 {
		t.Errorf("found only %v", reads)
	}
	for dir, by := range reads {
		if !fuzzed[dir] && trusted[dir] == "" {
			t.Errorf("%s reads what others wrote, by %s, and has no fuzz target", dir, by)
		}
	}
	for dir := range trusted {
		if reads[dir] == "" || fuzzed[dir] {
			t.Errorf("%s needs no exception", dir)
		}
	}
}

// takesText reports whether a function's first argument is text or bytes.
func takesText(f *ast.FuncType) bool {
	if len(f.Params.List) == 0 {
		return false
	}
	switch typ := f.Params.List[0].Type.(type) {
	case *ast.Ident:
		return typ.Name == "string"
	case *ast.ArrayType:
		elem, ok := typ.Elt.(*ast.Ident)
		return ok && elem.Name == "byte"
	case *ast.SelectorExpr:
		return typ.Sel.Name == "RawMessage" || typ.Sel.Name == "Reader" || typ.Sel.Name == "ReaderAt"
	}
	return false
}
