// Command testrun runs `go test` and tells a person what came of it: a line a
// package, the output of what failed, and by name whatever was not run and
// why. A run in which no test ran is a failure, and with ESPALIER_CI=1 so is a
// test that was skipped.
//
//	go run ./suites/testrun [go test arguments]
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// event is what `go test -json` prints, a line each (cmd/internal/test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
	// ImportPath is set instead of Package on the output of a failed build.
	ImportPath string
}

func main() {
	// Where packages share two slow cores, the largest take more than go test's
	// ten minutes; a test that hangs is still ended, with its stack.
	cmd := exec.Command("go", append([]string{"test", "-json", "-timeout", "25m"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		os.Exit(4)
	}
	t := newTally(os.Stdout)
	t.read(out)
	failed := cmd.Wait() != nil
	os.Exit(t.finish(failed, os.Getenv("ESPALIER_CI") == "1"))
}

// tally gathers the outcome of each test.
type tally struct {
	w            io.Writer
	output       map[string]string // what each test has printed, by package and name
	passed       int
	failed       []string
	notRun       []string
	reasonByTest map[string]string
}

func newTally(w io.Writer) *tally {
	return &tally{w: w, output: map[string]string{}, reasonByTest: map[string]string{}}
}

func (t *tally) read(r io.Reader) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(t.w, lines.Text())
			continue
		}
		t.add(e)
	}
}

func (t *tally) add(e event) {
	key := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output":
		fmt.Fprint(t.w, e.Output)
	case e.Action == "output":
		t.output[key] += e.Output
	case e.Test == "":
		t.pkg(e)
	case e.Action == "pass":
		t.passed++
		delete(t.output, key)
	case e.Action == "skip":
		t.notRun = append(t.notRun, key+": "+reason(t.output[key]))
	case e.Action == "fail":
		t.failed = append(t.failed, key)
		fmt.Fprintf(t.w, "\n--- %s\n%s\n", key, t.output[key])
	}
}

// pkg prints the line of a package that is done.
func (t *tally) pkg(e event) {
	mark := map[string]string{"pass": "ok", "fail": "RED", "skip": "no tests"}[e.Action]
	if mark == "" {
		return
	}
	if e.Action == "fail" {
		fmt.Fprint(t.w, t.output[e.Package+" "])
	}
	fmt.Fprintf(t.w, "%-9s %-62s %6.1fs\n", mark, short(e.Package), e.Elapsed)
}

func short(pkg string) string {
	return strings.TrimPrefix(strings.TrimPrefix(pkg, "github.com/espalier-hil/espalier"), "/")
}

// reason returns the words of the skip in a test's output.
func reason(output string) string {
	for line := range strings.Lines(output) {
		if _, why, ok := strings.Cut(line, "not run: "); ok {
			return strings.TrimSpace(why)
		}
	}
	return "skipped: " + strings.TrimSpace(output)
}

// finish prints the sum and returns the exit code: 0, 1 for a failure, 3 if
// nothing was tested, 6 if something was skipped that should have run.
func (t *tally) finish(failed, everything bool) int {
	fmt.Fprintf(t.w, "\n%d tests passed, %d failed, %d not run\n", t.passed, len(t.failed), len(t.notRun))
	for _, name := range t.failed {
		fmt.Fprintln(t.w, "  failed ", short(name))
	}
	for _, name := range t.notRun {
		fmt.Fprintln(t.w, "  not run", short(name))
	}
	switch {
	case failed || len(t.failed) > 0:
		return 1
	case t.passed == 0:
		fmt.Fprintln(t.w, "nothing was tested")
		return 3
	case everything && len(t.notRun) > 0:
		fmt.Fprintln(t.w, "ESPALIER_CI=1 promises everything, so what was not run counts as red")
		return 6
	}
	return 0
}
