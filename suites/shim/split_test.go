package shim_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/espalier-hil/espalier/suites/shim"
)

func TestSplit(t *testing.T) {
	for line, want := range map[string][]string{
		"":                              nil,
		"  ":                            nil,
		"python3 shim.py":               {"python3", "shim.py"},
		"  node\t--x  'my shim.js' ":    {"node", "--x", "my shim.js"},
		`sh -c 'echo "$0" \n | cat'`:    {"sh", "-c", `echo "$0" \n | cat`},
		`a"b c"'d e'f`:                  {"ab cd ef"},
		`"" ''`:                         {"", ""},
		`my\ shim "a \"b\" \\ \x"`:      {"my shim", `a "b" \ \x`},
		`C:\tools\shim.exe D:\x\ "C:\"`: nil,
		`C:\tools\shim.exe "C:\a b"`:    {`C:\tools\shim.exe`, `C:\a b`},
		"$HOME/shim *.js > out; rm x":   {"$HOME/shim", "*.js", ">", "out;", "rm", "x"},
		`'open`:                         nil,
		`"open\"`:                       nil,
	} {
		got, err := shim.Split(line)
		if !slices.Equal(got, want) || want == nil && err != nil && !errors.Is(err, shim.ErrQuote) {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
}

// Whatever the line, its words can be written as a line again.
func FuzzSplit(f *testing.F) {
	f.Add(`a "b c" \ 'd'`)
	f.Fuzz(func(t *testing.T, line string) {
		words, err := shim.Split(line)
		if err != nil {
			if words != nil || !errors.Is(err, shim.ErrQuote) {
				t.Fatalf("%q, %v", words, err)
			}
			return
		}
		again := ""
		for _, w := range words {
			again += " '"
			for _, r := range w {
				if again += string(r); r == '\'' {
					again = again[:len(again)-1] + `'"'"'`
				}
			}
			again += "'"
		}
		got, err := shim.Split(again)
		if err != nil || !slices.Equal(got, words) {
			t.Errorf("%q: %q, and %s: %q, %v", line, words, again, got, err)
		}
	})
}
