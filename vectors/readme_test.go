package vectors_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The examples are the tests whose ids stand above them, a few fields of each.
func TestReadmeExamples(t *testing.T) {
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)<!-- example (\\S+) -->\n```json\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	if len(examples) < 2 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, m := range examples {
		found, ok := all.Find(m[1])
		if !ok {
			t.Errorf("there is no %s", m[1])
			continue
		}
		text, err := json.Marshal(found.Test)
		if err != nil {
			t.Fatal(err)
		}
		var shown, real map[string]any
		if err := json.Unmarshal([]byte(m[2]), &shown); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
		if err := json.Unmarshal(text, &real); err != nil {
			t.Fatal(err)
		}
		for field, value := range shown {
			if !reflect.DeepEqual(value, real[field]) {
				t.Errorf("%s: %s is shown as %v, and is %v", m[1], field, value, real[field])
			}
		}
	}
}

// What README lists is what there is: files, fields, stages, features, ops.
func TestReadmeLists(t *testing.T) {
	text := readme(t)
	words := slices.Concat(vectors.Features, []string{"SUITE.json", "requirements.json", "dialects.json", "poison.json", "ledger.txt"})
	for _, name := range vectors.Names {
		words = append(words, name+".json")
	}
	for _, s := range vectors.Stages {
		words = append(words, string(s))
	}
	for i := range reflect.TypeFor[vectors.Case]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[vectors.Case]().Field(i).Tag.Get("json"), ",")
		words = append(words, name)
	}
	words = append(words, styles(t)...)
	schema, err := os.ReadFile("schema/construct.v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	ops := regexp.MustCompile(`"op":\s*\{[^{}]*"const":\s*"([a-z-]+)"`).FindAllSubmatch(schema, -1)
	for _, m := range ops {
		words = append(words, string(m[1]))
	}
	for _, w := range words {
		if !strings.Contains(text, "`"+w+"`") {
			t.Errorf("%s is not explained", w)
		}
	}
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Files {
		for _, g := range f.Groups {
			if !strings.Contains(text, "**"+g.Type+".**") {
				t.Errorf("%s is not explained", g.Type)
			}
		}
	}
}

// styles returns those that package construct knows.
func styles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("construct/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\t+case "([a-z0-9-]+)":`).FindAllSubmatch(text, -1) {
			list = append(list, string(m[1]))
		}
	}
	if len(list) < 5 {
		t.Fatalf("styles: %v", list)
	}
	return list
}

// The loader loads, and refuses what it says that it refuses.
func TestReadmeLoader(t *testing.T) {
	python := need.Python(t, "json")
	m := regexp.MustCompile("(?s)<!-- loader -->\n```python\n(.*?)```").FindStringSubmatch(readme(t))
	if m == nil {
		t.Fatal("no loader")
	}
	if n := strings.Count(m[1], "\n"); n > 42 {
		t.Errorf("it has %d lines", n)
	}
	run := func(files map[string]string) (string, error) {
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		out, err := exec.Command(python, "-c", m[1], dir, "kdf", "envelope", "payload").CombinedOutput()
		return string(out), err
	}
	whole := func() map[string]string {
		files := map[string]string{}
		for name, f := range suite(t) {
			if !strings.Contains(name, "/") {
				files[name] = string(f.Data)
			}
		}
		return files
	}
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range all.Files[:3] {
		n += f.NumberOfTests
	}
	if out, err := run(whole()); err != nil || out != fmt.Sprintf("%d tests\n", n) {
		t.Errorf("%v: %s, want %d tests", err, out, n)
	}
	for _, tt := range []struct{ path, old, new, want string }{
		{"kdf.json", "keyHex", "keyhex", "is not the one that SUITE.json lists"},
		{"SUITE.json", `"formatVersion": "1"`, `"formatVersion": "2"`, "format 2"},
		{"SUITE.json", `"formatVersion"`, `"formatVersion": "1", "formatVersion"`, "twice"},
	} {
		files := whole()
		files[tt.path] = strings.Replace(files[tt.path], tt.old, tt.new, 1)
		if out, err := run(files); err == nil || !strings.Contains(out, tt.want) {
			t.Errorf("%s with %s: %v: %s", tt.path, tt.new, err, out)
		}
	}
	broken := suite(t)
	edit(t, broken, "kdf.json", `"keyHex"`, `"keyhex"`)
	files := whole()
	for _, name := range []string{"kdf.json", "SUITE.json"} {
		files[name] = string(broken[name].Data)
	}
	if out, err := run(files); err == nil || !strings.Contains(out, "keyhex") {
		t.Errorf("an unknown field: %v: %s", err, out)
	}
}
