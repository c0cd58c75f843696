package vectors_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// FuzzParseRegister reads anything as a register: a whole one, or ErrRegister.
func FuzzParseRegister(f *testing.F) {
	if p, err := os.ReadFile("requirements.json"); err == nil {
		f.Add(p)
	}
	f.Add([]byte(`{"requirements":[{"id":"REQ-A-001"}]}`))
	f.Add([]byte(`{"requirements":[]} {}`))
	f.Fuzz(func(t *testing.T, p []byte) {
		reg, err := vectors.ParseRegister(p)
		if err != nil {
			if reg != nil || !errors.Is(err, vectors.ErrRegister) {
				t.Fatalf("%v beside %v", reg, err)
			}
			return
		}
		if len(reg) == 0 {
			t.Fatal("an empty register")
		}
		for id, r := range reg {
			if r.ID != id || r.Level() == "" || r.Text == "" {
				t.Errorf("%s: %+v", id, r)
			}
		}
	})
}

// FuzzParse reads anything as each file of a suite: a whole one, or ErrFile in
// one line.
func FuzzParse(f *testing.F) {
	names := append([]string{"poison", "dialects", "SUITE"}, vectors.Names...)
	for i, name := range names {
		text, err := vectors.Files.ReadFile(name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 64<<10 { // mutants of a larger one say no more, and take longer
			f.Add(uint8(i), text)
		}
	}
	f.Add(uint8(3), []byte(`{"suite": "kdf", "suite": "\ud800"}`))
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		name := names[int(which)%len(names)]
		var err error
		var whole bool
		switch name {
		case "dialects":
			var set vectors.Dialects
			set, err = vectors.ParseDialects(text)
			whole = len(set) > 0
		case "SUITE":
			var index *vectors.Index
			index, err = vectors.ParseIndex(text)
			whole = index != nil
		default:
			var file *vectors.File
			file, err = vectors.Parse(name, text)
			whole = file != nil && file.NumberOfTests > 0
		}
		if whole != (err == nil) || err != nil && (!errors.Is(err, vectors.ErrFile) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: whole: %v, %v", name, whole, err)
		}
	})
}

// FuzzParseLedger reads anything as a ledger: one that is written as it was
// read, or ErrLedger in one line.
func FuzzParseLedger(f *testing.F) {
	f.Add([]byte("1.0.0 kdf/ascii 0123456789abcdef\n"))
	f.Add([]byte("release 1.0.0 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := vectors.ParseLedger(text)
		if err != nil {
			if l != nil || !errors.Is(err, vectors.ErrLedger) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v beside %v", l, err)
			}
			return
		}
		if again, err := vectors.ParseLedger(l.Text()); err != nil || string(again.Text()) != string(l.Text()) {
			t.Errorf("%q is written as %q: %v", text, l.Text(), err)
		}
	})
}
