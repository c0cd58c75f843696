package explain_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/suites/explain"
	"github.com/espalier-hil/espalier/vectors"
)

// names returns everything that can be explained.
func names(t *testing.T) []string {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	poison, err := vectors.Poison()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range append(suite.Files, poison.Files...) {
		for _, g := range f.Groups {
			for _, test := range g.Tests {
				list = append(list, test.Common().ID)
			}
		}
	}
	for _, d := range suite.Dialects.Sorted() {
		list = append(list, d.Name)
	}
	for _, r := range suite.Requirements.Sorted() {
		list = append(list, r.ID)
	}
	return list
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Every page fits a terminal, leaves its cursor alone, and says the same with
// colours and without.
func TestEveryPage(t *testing.T) {
	for _, name := range names(t) {
		var plain, coloured bytes.Buffer
		if err := explain.Write(&plain, name, false); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := explain.Write(&coloured, name, true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		text := plain.String()
		if stripped := colours.ReplaceAllString(coloured.String(), ""); stripped != text || coloured.Len() == plain.Len() {
			t.Errorf("%s says something else in colours", name)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%s: %q stands in it", name, text[i:min(len(text), i+8)])
		}
		if !strings.Contains(text, name) || strings.Contains(text, "%!") || strings.Contains(text, "\n\n\n") {
			t.Errorf("%s: the page is odd:\n%s", name, text)
		}
		body, _, _ := strings.Cut(text, "\nSee it\n")
		for l := range strings.SplitSeq(body, "\n") {
			if n := utf8.RuneCountInString(l); n > 79 && !strings.Contains(l, "://") {
				t.Errorf("%s: %d columns: %s", name, n, l)
			}
		}
	}
}

func TestUnknown(t *testing.T) {
	for name, offer := range map[string]string{
		"envelope/pad-x932":     "envelope/pad-x923",
		"pad-x923":              "envelope/pad-x923",
		"/envelope/PAD-X923":    "envelope/pad-x923",
		"cryptojs-unpadd":       "cryptojs-unpad",
		"REQ-ENV-05":            "REQ-ENV-005",
		"known-answer":          "envelope/known-answer",
		"":                      "",
		"something else at all": "",
	} {
		var out bytes.Buffer
		err := explain.Write(&out, name, false)
		if !errors.Is(err, explain.ErrUnknown) || out.Len() > 0 {
			t.Fatalf("%q: %v, and wrote %q", name, err, &out)
		}
		if asked := strings.Contains(err.Error(), "did you mean"); asked != (offer != "") || !strings.Contains(err.Error(), offer) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want %q to be offered", name, err, offer)
		}
	}
}

type broken struct{}

var errBroken = errors.New("no room")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteFails(t *testing.T) {
	if err := explain.Write(broken{}, "envelope/known-answer", false); !errors.Is(err, errBroken) {
		t.Errorf("%v", err)
	}
}
