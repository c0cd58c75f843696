package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// What there is: every file with its count, and every test with its id.
func TestVectorsAreListed(t *testing.T) {
	got := call(t, "", "vectors")
	got.wants(t, 0, "vectors "+vectors.Version, "format "+vectors.Format, "spec "+vectors.Spec, "poison.json", "requirements.json")
	for _, name := range vectors.Names {
		if !strings.Contains(got.out, "  "+name+".json ") {
			t.Errorf("%s is not listed", name)
		}
	}
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	list := call(t, "", "vectors", "--list")
	list.wants(t, 0)
	if n := strings.Count(list.out, "\n"); n != suite.Index.NumberOfTests || n < 400 {
		t.Errorf("%d tests are listed, and there are %d", n, suite.Index.NumberOfTests)
	}
	some := call(t, "", "vectors", "--list", "--only", "^kdf/ascii$", "--only", "^envelope/known-answer$")
	if some.wants(t, 0, "kdf/ascii ", "envelope/known-answer "); strings.Count(some.out, "\n") != 2 {
		t.Errorf("%s", some.out)
	}
	call(t, "", "vectors", "--list", "--only", "kdf", "--only", "nothing-like-it").wants(t, 3, "no test has an id that matches --only nothing-like-it")
}

// edited copies the vectors into a new folder, one file of them edited. With
// sign, SUITE.json is told of it.
func edited(t *testing.T, name string, sign bool, edit func(string) string) string {
	t.Helper()
	dir := t.TempDir()
	entries, err := fs.Glob(vectors.Files, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for _, e := range entries {
		p, err := vectors.Files.ReadFile(e)
		if err != nil {
			t.Fatal(err)
		}
		if e == name {
			changed := edit(string(p))
			if changed == string(p) {
				t.Fatalf("nothing to edit in %s", name)
			}
			p, text = []byte(changed), []byte(changed)
		}
		write(t, filepath.Join(dir, e), string(p))
	}
	if !sign {
		return dir
	}
	path := filepath.Join(dir, "SUITE.json")
	p, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var index vectors.Index
	if err := json.Unmarshal(p, &index); err != nil {
		t.Fatal(err)
	}
	for i, e := range index.Files {
		if sum := sha256.Sum256(text); e.Path == name {
			index.Files[i].SHA256 = hex.EncodeToString(sum[:])
		}
	}
	if p, err = json.Marshal(index); err != nil {
		t.Fatal(err)
	}
	write(t, path, string(p))
	return dir
}

// Vectors that make no sense are exit code 2 and one line that names file and
// place, and nothing is asked.
func TestVectorsThatMakeNoSense(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(text string) string { return strings.Replace(text, old, new, 1) }
	}
	for what, tt := range map[string]struct {
		dir  string
		says []string
	}{
		"no folder":        {filepath.Join(t.TempDir(), "none"), []string{"SUITE.json", "no such file"}},
		"breaks schema":    {edited(t, "kdf.json", true, replace(`"saltHex": "01`, `"saltHex": "0x`)), []string{"kdf.json: at /testGroups/0/tests/", "saltHex"}},
		"unknown field":    {edited(t, "kdf.json", true, replace(`"saltHex"`, `"salt": "", "saltHex"`)), []string{"kdf.json: at /testGroups/0/tests/"}},
		"unknown type":     {edited(t, "kdf.json", true, replace(`"KdfTest"`, `"KdfTest2"`)), []string{"kdf.json: at /testGroups/0/type"}},
		"unknown version":  {edited(t, "kdf.json", true, replace("kdf.v1.schema", "kdf.v2.schema")), []string{"kdf.json: "}},
		"unknown format":   {edited(t, "SUITE.json", false, replace(`"formatVersion": "1"`, `"formatVersion": "2"`)), []string{"SUITE.json: "}},
		"unknown file":     {edited(t, "SUITE.json", false, replace(`"path": "kdf.json"`, `"path": "moon.json"`)), []string{"kdf.json does not belong to the suite"}},
		"another file":     {edited(t, "SUITE.json", false, func(text string) string { return another(t, text) }), []string{"SUITE.json lists moon.json", "take the espalier of these vectors"}},
		"no JSON":          {edited(t, "kdf.json", true, func(string) string { return "{" }), []string{"kdf.json: "}},
		"a wrong digest":   {edited(t, "kdf.json", false, replace("\n", "\n\n")), []string{"kdf.json: its SHA-256 is ", "SUITE.json says"}},
		"a missing file":   {without(t, "envelope.json"), []string{"envelope.json", "no such file"}},
		"a missing digest": {without(t, "SUITE.json"), []string{"SUITE.json", "no such file"}},
	} {
		t.Run(what, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			got := call(t, "", "vectors", "--dir", tt.dir, "--shim", "no-such-program", "--out", out)
			got.wants(t, 2, append(tt.says, "--dir "+tt.dir)...)
			if got.out != "" || strings.Count(got.errs, "\n") != 1 {
				t.Errorf("want one line on stderr\n%s%s", got.out, got.errs)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("a report was written")
			}
		})
	}
}

// another adds a file of tests that nobody knows to the text of SUITE.json.
func another(t *testing.T, text string) string {
	t.Helper()
	var index vectors.Index
	if err := json.Unmarshal([]byte(text), &index); err != nil {
		t.Fatal(err)
	}
	index.Files = append(index.Files, vectors.IndexEntry{Path: "moon.json", SHA256: strings.Repeat("0", 64), NumberOfTests: 1})
	index.NumberOfTests++
	p, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	return string(p)
}

func without(t *testing.T, name string) string {
	t.Helper()
	dir := edited(t, "SUITE.json", false, func(text string) string { return text + "\n" })
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A folder as it was takes the place of what is in the program.
func TestVectorsOfAFolder(t *testing.T) {
	dir := edited(t, "SUITE.json", false, func(text string) string { return text + "\n" })
	if a, b := call(t, "", "vectors", "--dir", dir), call(t, "", "vectors"); a.code != 0 || a.out != b.out {
		t.Errorf("%s%s", a.out, a.errs)
	}
}

func TestVectorsAreExplained(t *testing.T) {
	call(t, "", "vectors", "--explain", "envelope/pad-x923").wants(t, 0, "ANSI X9.23", "REQ-ENV-005", "openssl")
	got := call(t, "", "vectors", "--explain", "envelope/pad-x924")
	if got.wants(t, 2, "--explain: ", `"envelope/pad-x924"`); strings.Count(got.errs, "\n") != 1 {
		t.Errorf("%s", got.errs)
	}
}
