package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/suites/cli"
)

// tools is the folder of the programs that tests run, built once; source is
// where they are built from.
var tools, source string

func TestMain(m *testing.M) {
	var err error
	if tools, err = os.MkdirTemp("", "espalier-cli-*"); err != nil {
		panic(err)
	}
	if source, err = os.Getwd(); err != nil {
		panic(err)
	}
	for _, name := range []string{"ESPALIER_PASSPHRASE", "ESPALIER_ADMIN_TOKEN", "ESPALIER_FAULT", "NO_COLOR"} {
		os.Unsetenv(name)
	}
	code := m.Run()
	os.RemoveAll(tools)
	os.Exit(code)
}

// said is what came of a command line.
type said struct {
	code      int
	out, errs string
}

// call runs a command line in this process.
func call(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Main(args, strings.NewReader(stdin), &out, &errs)
	return said{code, out.String(), errs.String()}
}

var builds sync.Map // package → func() (string, error)

// program builds a main package of this module and returns its path.
func program(t *testing.T, pkg string) string {
	t.Helper()
	f, _ := builds.LoadOrStore(pkg, sync.OnceValues(func() (string, error) {
		path := filepath.Join(tools, filepath.Base(pkg)+".exe")
		cmd := exec.Command("go", "build", "-o", path, pkg)
		cmd.Dir = source
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.CombinedOutput()
		if err != nil {
			err = errors.New(err.Error() + "\n" + string(out))
		}
		return path, err
	}))
	path, err := f.(func() (string, error))()
	if err != nil {
		t.Fatalf("building %s: %v", pkg, err)
	}
	return path
}

// espalier returns a command line of the program itself, to be run in dir.
func espalier(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t, "github.com/espalier-hil/espalier"), args...)
	cmd.Dir = dir
	return cmd
}

// finish runs a command to its end.
func finish(t *testing.T, cmd *exec.Cmd) said {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// wants checks an exit code, and that a failure is one message in plain words
// that says what it should.
func (s said) wants(t *testing.T, code int, says ...string) {
	t.Helper()
	if s.code != code {
		t.Errorf("exit %d, want %d\nstdout:\n%s\nstderr:\n%s", s.code, code, s.out, s.errs)
	}
	for _, part := range says {
		if !strings.Contains(s.errs+s.out, part) {
			t.Errorf("does not say %q\nstdout:\n%s\nstderr:\n%s", part, s.out, s.errs)
		}
	}
	for _, noise := range []string{"goroutine", "panic", "Ginkgo", "ginkgo", "\x1b", "%!"} {
		if strings.Contains(s.errs+s.out, noise) {
			t.Errorf("says %q\nstdout:\n%s\nstderr:\n%s", noise, s.out, s.errs)
		}
	}
	if n := strings.Count("\n"+s.errs, "\nespalier: "); code != 0 && n > 1 {
		t.Errorf("%d messages:\n%s", n, s.errs)
	}
}
