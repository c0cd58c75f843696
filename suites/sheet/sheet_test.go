package sheet_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/sheet"
)

type form struct {
	Name string   `yaml:"name"`
	List []string `yaml:"list"`
}

func TestDecode(t *testing.T) {
	var f form
	if _, err := sheet.Decode([]byte("# a remark\nname: one\nlist: [a, b]\n"), &f); err != nil || f.Name != "one" || len(f.List) != 2 {
		t.Errorf("%+v, %v", f, err)
	}
	for _, tt := range []struct{ text, says string }{
		{"nom: one", `unknown field "nom"`},
		{"name: one\nname: two", `"name" already defined`},
		{"name: [", "[1:"},
		{"name: one\n---\nname: two", "2 documents"},
		{"name: one\nlist: ! 00", "line 2: tags"},
		{"list: &a [*a]", "line 1: tags"},
		{"name: {<<: 1}", "line 1: tags"},
		{strings.Repeat("#", 1<<20+1), "more than 1048576 bytes"},
	} {
		_, err := sheet.Decode([]byte(tt.text), &f)
		if !errors.Is(err, sheet.ErrSheet) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: %v, want %q in one line", tt.text, err, tt.says)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("name: one\nlist: [a, b]")
	f.Add("name: ! 00")
	f.Add("list: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		var into form
		if _, err := sheet.Decode([]byte(text), &into); err != nil && !errors.Is(err, sheet.ErrSheet) {
			t.Error(err)
		}
		var any map[string]any
		sheet.Decode([]byte(text), &any)
	})
}
