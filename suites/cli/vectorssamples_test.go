package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// samples are the shims that are there to be copied, and how to start them.
var samples = []struct {
	name  string
	code  int
	start func(t *testing.T, dir string) (command string, env []string)
}{
	{"shim.py", 0, func(t *testing.T, dir string) (string, []string) {
		need.Tool(t, "openssl")
		return need.Python(t, "json") + " " + sample("shim.py"), nil
	}},
	{"shim.js", 1, func(t *testing.T, dir string) (string, []string) {
		path := "NODE_PATH=" + filepath.Dir(need.Node(t, "crypto-js"))
		return "node " + sample("shim.js"), []string{path, "NODE_OPTIONS=--require=" + source + "/testdata/fixedsalt.js"}
	}},
	{"shim.c", 6, func(t *testing.T, dir string) (string, []string) {
		gcc := need.Tool(t, "gcc")
		need.File(t, "/usr/include/openssl/evp.h", "OpenSSL's headers")
		cc := exec.CommandContext(t.Context(), gcc, "-O2", "-Wall", "-Wextra", "-Werror", "-o", dir+"/shim", sample("shim.c"), "-lcrypto")
		if out, err := cc.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return "./shim", nil
	}},
}

func sample(name string) string { return filepath.Join(source, "../../vectors/shims", name) }

var (
	verdictLine = regexp.MustCompile(`(?m)^([A-Z]+) by profile strict: (.*) in [0-9.]+ s · `)
	notRun      = regexp.MustCompile(`, [0-9]+ NOT RUN$`)
	partlyLine  = regexp.MustCompile(`(?m)^([0-9]+) of the passed were judged in part`)
	dialectLine = regexp.MustCompile(`(?m)^  ([a-z0-9-]+)  in [0-9]+`)
)

// Each sample is at most 50 lines, has an answer to every question, and earns
// the row that SHIM.md has of it: counts, and the dialects that it speaks.
// ESPALIER_UPDATE=1 writes the rows.
func TestSampleShims(t *testing.T) {
	rows := map[string]string{}
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			text, err := os.ReadFile(sample(s.name))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), "\n"); n > 50 {
				t.Errorf("%d lines", n)
			}
			dir := t.TempDir()
			command, env := s.start(t, dir)
			cmd := espalier(t, dir, "vectors", "--profile", "strict", "--timeout", "60s", "--seed", "1", "--shim", command)
			cmd.Env = append(os.Environ(), env...)
			got := finish(t, cmd)
			if got.wants(t, s.code); got.errs != "" || strings.Contains(got.out, "CRASH") || strings.Contains(got.out, "HANG") || strings.Contains(got.out, "ERROR") {
				t.Errorf("it does not answer everything, or complains:\n%s%s", got.errs, got.out)
			}
			verdict := verdictLine.FindStringSubmatch(got.out)
			if verdict == nil {
				t.Fatalf("no verdict:\n%s", got.out)
			}
			counts := notRun.ReplaceAllString(verdict[2], "") // most of these take a network
			if partly := partlyLine.FindStringSubmatch(got.out); partly != nil {
				counts += ", " + partly[1] + " in part"
			}
			var spoken []string
			for _, m := range dialectLine.FindAllStringSubmatch(got.out, -1) {
				spoken = append(spoken, m[1])
			}
			if len(spoken) == 0 {
				spoken = []string{"none"}
			}
			rows[s.name] = fmt.Sprintf("| `%s` | %s | %s | %s |", s.name, strings.ToLower(verdict[1]), counts, strings.Join(spoken, ", "))
		})
	}
	path := filepath.Join(source, "../../vectors/SHIM.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	for name, row := range rows {
		if strings.Contains(doc, row+"\n") {
			continue
		}
		if os.Getenv("ESPALIER_UPDATE") == "" {
			t.Errorf("SHIM.md has another row than this; make shims writes it:\n%s", row)
		}
		doc = regexp.MustCompile("(?m)^\\| `"+regexp.QuoteMeta(name)+"`.*$").ReplaceAllLiteralString(doc, row)
	}
	if os.Getenv("ESPALIER_UPDATE") != "" && doc != string(text) {
		write(t, path, doc)
	}
}
