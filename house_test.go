package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors/lint"
)

const module = "github.com/espalier-hil/espalier/"

// goFiles returns every Go file of the module by path.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "bin", "out", "build", "node_modules"}, d.Name()) && path != "boards/firmware/bin":
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("found only %d Go files", len(files))
	}
	return files
}

// Every package says once, in one place, what it is.
func TestHousePackageDocs(t *testing.T) {
	docs, packages := map[string]int{}, map[string]bool{}
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		packages[filepath.Dir(path)] = true
		if f.Doc != nil {
			docs[filepath.Dir(path)]++
		}
	}
	for dir := range packages {
		if docs[dir] != 1 {
			t.Errorf("%s has %d package comments, want 1", dir, docs[dir])
		}
	}
}

// Every exported name at the top of a file says what it is.
func TestHouseExportedDocs(t *testing.T) {
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range undocumented(f) {
			t.Errorf("%s: %s has no doc comment", path, name)
		}
	}
}

func undocumented(f *ast.File) []string {
	var names []string
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					names = append(names, s.Name.Name)
				}
				if s, ok := spec.(*ast.ValueSpec); ok && s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Names[0].Name)
				}
			}
		}
	}
	return names
}

// interfaceMethods need no comment of their own: the interface explains them.
var interfaceMethods = []string{"String", "Error", "Unwrap", "Is", "Read", "Write", "Close", "Set", "Type", "SetReadTimeout", "SetBaud", "SetDTR", "SetRTS", "MarshalText", "MarshalJSON"}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	ident, ok := typ.(*ast.Ident)
	return ok && ident.IsExported() && !slices.Contains(interfaceMethods, d.Name.Name)
}

// No file grows past reading.
func TestHouseFileSizes(t *testing.T) {
	var sizes []int
	for _, path := range goFiles(t) {
		p, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		n := bytes.Count(p, []byte("\n"))
		sizes = append(sizes, n)
		if n > 450 {
			t.Errorf("%s has %d lines: look for the second noun in it", path, n)
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > 150 {
		t.Errorf("the median file has %d lines, want at most 150", median)
	}
}

// floors orders the rooms: a package imports from its own room or from a lower
// one, never from above or beside it. A longer prefix wins.
var floors = []struct {
	prefix string
	floor  int
}{
	{"reference-server", 0},
	{"boards", 0},
	{"vectors", 0},
	{"harness", 1},
	{"suites", 2},
	{"suites/cli", 3},
}

// codec is the part of the reference server that others may link: what it
// means to seal, to open and to count. The rest is started, never linked.
var codec = []string{"reference-server/envelope", "reference-server/object", "reference-server/seqn"}

// oracles are what a test of any room may ask: for tools, and for what is right.
var oracles = []string{"harness/need", "vectors"}

func floorOf(pkg string) (room string, floor int) {
	room, floor = pkg, 4 // main
	longest := -1
	for _, f := range floors {
		if (pkg == f.prefix || strings.HasPrefix(pkg, f.prefix+"/")) && len(f.prefix) > longest {
			room, floor, longest = f.prefix, f.floor, len(f.prefix)
		}
	}
	return room, floor
}

// Imports run one way: downwards. Tests may ask the oracles and the codec.
func TestHouseImports(t *testing.T) {
	for _, path := range goFiles(t) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			target, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), module)
			if !ours {
				continue
			}
			if err := mayImport(path, target); err != "" {
				t.Errorf("%s imports %s: %s", path, target, err)
			}
		}
	}
}

func mayImport(path, target string) string {
	if strings.HasSuffix(path, "_test.go") && (slices.Contains(oracles, target) || slices.Contains(codec, target)) {
		return ""
	}
	fromRoom, from := floorOf(filepath.ToSlash(filepath.Dir(path)))
	toRoom, to := floorOf(target)
	switch {
	case from < to:
		return "that is a floor above it"
	case from == to && fromRoom != toRoom:
		return "the two rooms lie side by side"
	case toRoom == "reference-server" && fromRoom != toRoom && fromRoom != "suites/cli" && fromRoom != "main.go" && !slices.Contains(codec, target):
		return "only the codec is linked; the server is started"
	}
	return ""
}

func TestHouseImportRules(t *testing.T) {
	for _, tt := range []struct {
		path, target string
		allowed      bool
	}{
		{"suites/device/boot.go", "harness/rig", true},
		{"harness/rig/rig.go", "boards", true},
		{"suites/device/verbs.go", "reference-server/envelope", true},
		{"suites/cli/server.go", "reference-server/serve", true},
		{"harness/rig/rig_test.go", "harness/need", true},
		{"boards/image/elf_test.go", "harness/need", true},
		{"boards/image/elf.go", "harness/need", false},
		{"harness/rig/rig.go", "suites/device", false},
		{"harness/server/server.go", "reference-server/serve", false},
		{"suites/device/verbs.go", "reference-server/store", false},
		{"suites/device/verbs.go", "suites/cli", false},
		{"boards/boards.go", "vectors", false},
	} {
		if got := mayImport(tt.path, tt.target); (got == "") != tt.allowed {
			t.Errorf("%s imports %s: %q", tt.path, tt.target, got)
		}
	}
}

// What is said of the chip stands in ESP8266.md, and what is cited is there.
func TestHouseChipNotes(t *testing.T) {
	notes, err := os.ReadFile("boards/virtual/ESP8266.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^##+ (\d(?:\.\d)?)\.? `).FindAllSubmatch(notes, -1) {
		sections[string(m[1])] = true
	}
	cited := 0
	for _, path := range goFiles(t) {
		p, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`ESP8266\.md (\d(?:\.\d)?)`).FindAllSubmatch(p, -1) {
			if cited++; !sections[string(m[1])] {
				t.Errorf("%s cites section %s, which there is not", path, m[1])
			}
		}
	}
	if cited == 0 {
		t.Error("no section is cited")
	}
}

// The vectors keep their own rules.
func TestHouseVectors(t *testing.T) {
	for _, f := range lint.Check(os.DirFS("vectors")) {
		t.Error(f)
	}
}
