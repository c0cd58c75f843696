package cli_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// talk is what a command says while it runs.
type talk struct {
	t     *testing.T
	r     *bufio.Reader
	heard strings.Builder
	errs  strings.Builder
}

// follow starts a command and listens to it.
func follow(t *testing.T, cmd *exec.Cmd) *talk {
	t.Helper()
	out := &talk{t: t}
	cmd.Stderr = &out.errs
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.r = bufio.NewReader(io.TeeReader(stdout, &out.heard))
	return out
}

// await returns the next line that holds part.
func (out *talk) await(part string) string {
	out.t.Helper()
	for {
		line, err := out.r.ReadString('\n')
		if strings.Contains(line, part) {
			return line
		}
		if err != nil {
			out.t.Fatalf("%v before it said %q\n%s%s", err, part, out.heard.String(), out.errs.String())
		}
	}
}

// interrupt starts a command, interrupts it once it has said after, and returns
// what came of it and how long it took to end.
func interrupt(t *testing.T, after, dir string, args ...string) (said, time.Duration) {
	t.Helper()
	cmd := espalier(t, dir, args...)
	out := follow(t, cmd)
	out.await(after)
	began := time.Now()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, out.r); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code says all
	return said{cmd.ProcessState.ExitCode(), out.heard.String(), out.errs.String()}, time.Since(began)
}

// soon is how long a person waits for a command to end, on a machine that is
// busy, before trying harder.
const soon = 10 * time.Second
