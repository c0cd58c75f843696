package powercut_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/powercut"
)

// mutants are servers that say more than they have flushed. Each differs from
// the real one in one place of its source.
var mutants = []struct {
	name, file, old, new string
}{
	{"no flush at all", "store/open.go", `"synchronous(FULL)"`, `"synchronous(OFF)"`},
	{"a flush only when the log is moved", "store/open.go", `"synchronous(FULL)"`, `"synchronous(NORMAL)"`},
	{"a journal that is not on the disk", "store/open.go", `"PRAGMA journal_mode = WAL").Scan(&mode); err != nil {`,
		`"PRAGMA journal_mode = MEMORY").Scan(&mode); err != nil || true {`},
	{"OK before the commit", "store/accept.go", "v := <-sub.verdict", "v := verdict{}"},
	{"a start that does not flush what it finds", "store/open.go", "s.migrate, s.settle, s.loadKeys", "s.migrate, s.loadKeys"},
}

// The proof can fail: each of the mutants breaks a promise.
func TestMutantsAreCaught(t *testing.T) {
	need.Tool(t, "strace")
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join("..", m.file)
			text, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Count(string(text), m.old) != 1 {
				t.Fatalf("%s has %q %d times, want it once", m.file, m.old, strings.Count(string(text), m.old))
			}
			r := newRecorder(t, build(t, "-overlay", overlay(t, source, strings.Replace(string(text), m.old, m.new, 1))))
			lives := []life{{messages: 60, kill: true}}
			// The last flush of a life is cut short, so that the next finds what was not flushed: the
			// twelfth, since the first ones are of provisioning, and change no number.
			if !strings.Contains(m.new, "OFF") && !strings.Contains(m.new, "NORMAL") {
				lives = append(lives, life{messages: 400, strace: killAtFlush("12")})
			}
			for i, l := range append(lives, life{messages: 40}) {
				switch err := r.live(l); {
				case err != nil && i == 0:
					t.Fatal(err)
				case err != nil: // a kill alone was enough to break it
					t.Logf("caught in life %d: %v", i, err)
					return
				}
			}
			tally, err := r.proof(300).Run(images(t))
			if !errors.Is(err, powercut.ErrBroken) {
				t.Errorf("not caught: %v; %s", err, tally)
			}
			t.Log(err)
		})
	}
}

// overlay returns a file for go build that has text in the place of a source.
func overlay(t *testing.T, source, text string) string {
	t.Helper()
	dir := t.TempDir()
	abs, err := filepath.Abs(source)
	if err != nil {
		t.Fatal(err)
	}
	mutant := filepath.Join(dir, "mutant.go")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{abs: mutant}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := errors.Join(os.WriteFile(mutant, []byte(text), 0o600), os.WriteFile(file, list, 0o600)); err != nil {
		t.Fatal(err)
	}
	return file
}
