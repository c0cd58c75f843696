package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/harness/report"
)

var commands = []string{"run", "flash", "monitor", "virtual", "rom", "powercut", "soak", "conform", "vectors", "seal", "open", "send", "server", "report", "version"}

func TestHelpNamesEveryCommand(t *testing.T) {
	bare, asked := call(t, ""), call(t, "", "--help")
	bare.wants(t, 0, "espalier run ", "espalier help exit-codes")
	if bare.out != asked.out {
		t.Error("espalier and espalier --help say different things")
	}
	for _, name := range commands {
		if !strings.Contains(bare.out, "\n  "+name+" ") {
			t.Errorf("%s is not named", name)
		}
		if a, b := call(t, "", name, "--help"), call(t, "", "help", name); a.code != 0 || a.out != b.out {
			t.Errorf("%s --help and help %s say different things", name, name)
		}
	}
}

func TestHelpFitsTheScreen(t *testing.T) {
	for _, name := range append([]string{"", "exit-codes", "hooks"}, commands...) {
		for line := range strings.SplitSeq(call(t, "", append(strings.Fields("help "+name), nil...)...).out, "\n") {
			if n := utf8.RuneCountInString(line); n > 100 {
				t.Errorf("help %s: %d columns: %s", name, n, line)
			}
		}
	}
}

func TestExitCodesAreExplained(t *testing.T) {
	got := call(t, "", "help", "exit-codes")
	got.wants(t, 0)
	for _, code := range report.Codes() {
		if !regexp.MustCompile(fmt.Sprintf(`(?m)^  %2d  \S.{18,} \S+ \S`, code)).MatchString(got.out) {
			t.Errorf("%d is not explained", code)
		}
	}
}

var examples = regexp.MustCompile(`(?s)\nExamples:\n(.*?)\n\n(?:Usage|The main job|Flags|Available)`)

// An example can be pasted into a shell: every flag in it exists, and what the
// shell makes of it is what is meant.
func TestExamplesCanBePasted(t *testing.T) {
	for _, name := range append([]string{""}, commands...) {
		found := examples.FindStringSubmatch(call(t, "", strings.Fields(name+" --help")...).out)
		if found == nil {
			if name != "version" {
				t.Errorf("%s has no examples", name)
			}
			continue
		}
		script := "set -e\nespalier() { \"$BINARY\" \"$@\" --help >/dev/null; }\n" + found[1]
		sh := exec.CommandContext(t.Context(), "sh", "-c", script)
		sh.Env = append(os.Environ(), "BINARY="+program(t, "github.com/espalier-hil/espalier"))
		sh.Dir = t.TempDir()
		if out, err := sh.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s\n%s", name, err, out, found[1])
		}
		if left, err := os.ReadDir(sh.Dir); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v, %v", name, left, err)
		}
	}
}
