package cli_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// asked runs a few vectors over a shim with a fault, as a program of its own.
func asked(t *testing.T, dir, fault string, args ...string) said {
	t.Helper()
	shim := program(t, "github.com/espalier-hil/espalier/suites/shim/faulty") + " " + fault
	args = append([]string{"vectors", "--shim", shim, "--seed", "1", "--only", "^device/seal/text-of-[0-9]$"}, args...)
	return finish(t, espalier(t, dir, args...))
}

// Ten tests of three questions each, and a fault at the fifth question of each
// life: five tests pass, five do not, and whatever the fault is, none of those
// five counts as passed.
func TestShimWithAFault(t *testing.T) {
	t.Parallel()
	for fault, tt := range map[string]struct{ verdict, says string }{
		"dies":          {"CRASH", "it ended without an answer: exit status 3"},
		"is-killed":     {"CRASH", "it ended without an answer: signal: killed"},
		"half":          {"CRASH", "it ended in the middle of a line: exit status 0"},
		"talks":         {"ERROR", "no JSON object on a line of its own"},
		"binary":        {"ERROR", `\xff\x00\x1b[2J`},
		"endless":       {"ERROR", "a line of more than 1048576 bytes"},
		"wrong-seq":     {"ERROR", "its seq is 99, and question "},
		"twice":         {"ERROR", "a second time"},
		"unknown-field": {"ERROR", `and here stands "out", "took"`},
		"no-hex":        {"ERROR", "out has the fields plainHex, and here it has"},
		"errored":       {"ERROR", "TypeError: undefined"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			got := asked(t, dir, fault+" 5", "--timeout", "60s")
			got.wants(t, 1, "NONCONFORMANT by profile core: ", "✗ "+tt.verdict+" device/seal/text-of-", tt.says, "exit 1, nonconformant")
			d := reported(t, dir+"/out/vectors")
			passed := 0
			for _, res := range d.Results {
				if res.Status == "pass" {
					passed++
				}
			}
			if fault != "unknown-field" && fault != "no-hex" && fault != "errored" && passed != 5 || passed >= 10 || passed == 0 || d.Code != 1 {
				t.Errorf("%d passed, code %d", passed, d.Code)
			}
		})
	}
}

// Hangs cost their time, and one test each.
func TestShimThatHangs(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"hangs", "no-line-feed"} {
		got := asked(t, t.TempDir(), fault+" 29", "--timeout", "3s")
		got.wants(t, 1, "9 PASS, 1 HANG", "no line within 3s")
	}
}

// A shim that never answers says nothing about any code.
func TestShimThatNeverAnswers(t *testing.T) {
	t.Parallel()
	for fault, says := range map[string]string{
		"exits":    "it ended without an answer: exit status 1; its last words: no module named frobnicate",
		"talks 0":  "no JSON object on a line of its own",
		"greets 0": `: "ready"`,
		"closes 0": "it closed its standard output, and runs on",
		"hangs 0":  "answered none of 2 questions",

		"unknown-field 0": `and here stands "out", "took"`, // cat does so, too
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			timeout := "60s"
			if fault == "hangs 0" {
				timeout = "500ms"
			}
			got := asked(t, dir, fault, "--timeout", timeout)
			got.wants(t, 4, "espalier: the shim ", says)
			if d := reported(t, dir+"/out/vectors"); d.Code != 4 || len(d.Results) != 1 || d.Results[0].Status != "fail" {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestShimThatImplementsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := asked(t, dir, "unimplemented 0")
	got.wants(t, 3, "nothing was tested", "does not implement open")
	if d := reported(t, dir+"/out/vectors"); d.Code != 3 {
		t.Errorf("code %d", d.Code)
	}
}

// What a shim writes to standard error is shown, bounded, and harmless.
func TestShimThatComplains(t *testing.T) {
	t.Parallel()
	got := asked(t, t.TempDir(), "complains 2")
	got.wants(t, 0, `shim: \x1b[31mwarning 7`, "no more of it is shown", "CONFORMANT by profile core: 10 PASS")
	if len(got.errs) > 40_000 {
		t.Errorf("%d bytes on standard error", len(got.errs))
	}
}

// The same seed asks in the same order, and no question says which test it is.
func TestShimIsNotTold(t *testing.T) {
	t.Parallel()
	ask := func(seed string) string {
		dir := t.TempDir()
		write(t, dir+"/tee.sh", "tee -a questions | "+program(t, "github.com/espalier-hil/espalier/suites/shim/faulty")+" none\n")
		got := finish(t, espalier(t, dir, "vectors", "--shim", "sh tee.sh", "--only", "^(kdf|envelope|device)/", "--seed", seed))
		got.wants(t, 0, "CONFORMANT")
		p, err := os.ReadFile(dir + "/questions")
		if err != nil {
			t.Fatal(err)
		}
		return string(p)
	}
	a, b, c := ask("1"), ask("1"), ask("2")
	if a != b || a == c {
		t.Error("the seed does not decide the order")
	}
	if found := regexp.MustCompile(`device/|kdf/|poison|accept|valid|keyHex|"next":"","`).FindString(a); found != "" || strings.Count(a, "\n") < 100 {
		t.Errorf("a question holds %q", found)
	}
}

func TestShimThatCannotBeStarted(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "shim.py", "print()\n")
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"--shim", "no-such-program -x"}, "--shim: cannot be started: "},
		{[]string{"--shim", "./shim.py"}, "permission denied"},
		{[]string{"--shim", "sh 'shim"}, "a quote is not closed"},
		{[]string{"--shim", " "}, "no command is given"},
		{[]string{"--shim", ""}, "no command is given"},
		{[]string{"--explain", ""}, "--explain: there is no such name"},
		{[]string{"--shim", "true", "--explain", "kdf/ascii"}, "none of the others can be"},
		{[]string{"--shim", "true", "--list"}, "none of the others can be"},
		{[]string{"--dir", ".", "--explain", "kdf/ascii"}, "none of the others can be"},
		{[]string{"--shim", "true", "--profile", "lax"}, `--profile "lax" is none of core, strict, secure`},
		{[]string{"--shim", "true", "--timeout", "0s"}, "--timeout must be more than 0"},
		{[]string{"--shim", "true", "--only", "("}, "missing closing )"},
		{[]string{"--shim", "true", "--out", "shim.py"}, "--out: "},
		{[]string{"--only", "kdf"}, "name one of them, too"},
		{[]string{"shim.py"}, "takes flags and no arguments"},
	} {
		got := call(t, "", append([]string{"vectors"}, tt.args...)...)
		got.wants(t, 2, tt.says)
		if strings.Count(got.errs, "\n") != 1 || got.out != "" {
			t.Errorf("%q: want one line on stderr\n%s%s", tt.args, got.out, got.errs)
		}
	}
	call(t, "", "vectors", "--shim", "true", "--only", "nothing-like-it").wants(t, 3, "no test has an id that matches")
}

func TestInterruptedVectors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shim := program(t, "github.com/espalier-hil/espalier/suites/shim/faulty") + " hangs 20"
	got, took := interrupt(t, "not run", dir, "vectors", "--shim", shim, "--timeout", "1h")
	if got.wants(t, 4, "espalier: interrupted"); took > soon {
		t.Errorf("took %v", took)
	}
	if d := reported(t, dir+"/out/vectors"); d.Code != 4 || d.Results[len(d.Results)-1].Message != "interrupted" {
		t.Errorf("%+v", d)
	}
}
