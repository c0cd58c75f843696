package cli_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// A command whose result cannot be written has failed, however well it went.
func TestFullOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, line := range []string{
		"version", "--help", "help exit-codes", "seal 1 --passphrase x", "run --list", "run --server process --only rises.by.one",
		"flash", "virtual", "monitor",
	} {
		t.Run(strings.Fields(line)[0], func(t *testing.T) {
			t.Parallel()
			full, err := os.OpenFile(need.File(t, "/dev/full", "a device that is full"), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer full.Close()
			var errs strings.Builder
			cmd := espalier(t, dir, strings.Fields(line)...)
			cmd.Stdout, cmd.Stderr = full, &errs
			cmd.Run() // its exit code says all
			said{cmd.ProcessState.ExitCode(), "", errs.String()}.wants(t, 4, "no space left on device")
		})
	}
}

// Who reads one line and goes away hears no complaint.
func TestReaderThatGoesAway(t *testing.T) {
	t.Parallel()
	sh := exec.CommandContext(t.Context(), "sh", "-c", `"$0" run --list | head -n 1`, program(t, "github.com/espalier-hil/espalier"))
	if got := finish(t, sh); got.code != 0 || strings.Count(got.out, "\n") != 1 || got.errs != "" {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.errs)
	}
}

// A shell without an environment, and with the oddest ids there are.
func TestOddSurroundings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bare := espalier(t, dir, "run", "--server", "process", "--only", "rises by one", "--device", `é/../"%00 😀`, "--seed", "0")
	bare.Env = []string{"PATH=" + os.Getenv("PATH")}
	finish(t, bare).wants(t, 0, "exit 0, fine")
	finish(t, espalier(t, dir, "run", "--server", "process", "--device", "\xff\xfe")).wants(t, 2, `--device "\xff\xfe"`, "UTF-8")
	write(t, dir+"/latin1", "pa\xdfwort")
	finish(t, espalier(t, dir, "run", "--server", "process", "--passphrase-file", "latin1")).wants(t, 2, "passphrase is not UTF-8")
}
