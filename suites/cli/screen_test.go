package cli_test

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"
)

// watch runs a command on a terminal of so many columns and returns all that
// it wrote there.
func watch(t *testing.T, columns uint16, env string, args ...string) string {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	if err := pty.Setsize(near, &pty.Winsize{Rows: 24, Cols: columns}); err != nil {
		t.Fatal(err)
	}
	cmd := espalier(t, t.TempDir(), args...)
	cmd.Env = append(os.Environ(), "TERM=xterm", env)
	cmd.Stdout = near
	var text bytes.Buffer
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		io.Copy(&text, far) // ends with an error when the last one hangs up
	}()
	err = cmd.Run()
	near.Close()
	<-drained
	if err != nil {
		t.Fatalf("%v\n%s", err, &text)
	}
	return strings.ReplaceAll(text.String(), "\r\n", "\n")
}

var (
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
	summary = regexp.MustCompile(`(?s)\nespalier .*`) // is not the screen's
)

// Nothing that is drawn over may reach the last column, from where a terminal
// goes on to the next line and leaves it there.
func TestScreenFitsItsTerminal(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{60, 80, 120} {
		text := watch(t, uint16(columns), "", "run", "--server", "process", "--only", "A foreign envelope")
		if !strings.Contains(text, "\r\x1b[K") {
			t.Errorf("%d columns: nothing is drawn over", columns)
		}
		if !strings.Contains(text, "\x1b[32m✓") {
			t.Errorf("%d columns: no colour", columns)
		}
		bringUp := summary.ReplaceAllString(colours.ReplaceAllString(text, ""), "")
		for line := range strings.SplitSeq(strings.ReplaceAll(bringUp, "\r\x1b[K", "\n"), "\n") {
			if n := utf8.RuneCountInString(line); n >= columns {
				t.Errorf("%d columns: %d are written: %q", columns, n, line)
			}
		}
	}
}

func TestNoColor(t *testing.T) {
	t.Parallel()
	text := watch(t, 80, "NO_COLOR=1", "run", "--server", "process", "--only", "A foreign envelope")
	if found := colours.FindString(text); found != "" {
		t.Errorf("coloured by %q\n%s", found, text)
	}
}

// What goes into a file or a pipe is whole lines of plain text.
func TestPipedOutputIsPlain(t *testing.T) {
	t.Parallel()
	got := finish(t, espalier(t, t.TempDir(), "flash"))
	if got.wants(t, 0, "█"); strings.ContainsAny(got.out, "\r\x1b") || strings.Count(got.out, "flash  ") != 1 {
		t.Errorf("%q", got.out)
	}
}
