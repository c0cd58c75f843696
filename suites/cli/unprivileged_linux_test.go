package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user with no rights to anything that root has not given away.
const nobody = 65534

// unprivileged makes cmd run as somebody who may write in its folder and read
// the program, and has no other rights than everybody. Tests run as root here
// and there, to whom nothing is denied.
func unprivileged(t *testing.T, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	if os.Getuid() != 0 {
		return cmd
	}
	open(t, tools, filepath.Dir(cmd.Dir), cmd.Dir)
	if err := os.Chown(cmd.Dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}

// open lets everybody into folders.
func open(t *testing.T, folders ...string) {
	t.Helper()
	for _, path := range folders {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// forbidden returns the path of something that only root may use.
func forbidden(t *testing.T, path string, mode os.FileMode) string {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPermissionDenied(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, filepath.Dir(dir), dir) // what is forbidden is what lies in it
	file := func(name, text string, mode os.FileMode) string {
		return forbidden(t, write(t, dir+"/"+name, text), mode)
	}
	port := forbidden(t, terminal(t), 0)
	image, pass := file("image.bin", intact, 0), file("pass", "secret", 0)
	flash, state := file("flash.bin", "", 0), file("state", "7", 0)
	desc := file("board.yaml", "name: x", 0)
	readOnly := dir + "/read-only"
	if err := os.Mkdir(readOnly, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says []string
	}{
		{[]string{"flash", "--port", port}, 11, []string{port, "permission denied", "dialout"}},
		{[]string{"run", "--port", port, "--server", "process"}, 11, []string{port, "permission denied", "dialout"}},
		{[]string{"monitor", "--port", port}, 11, []string{port, "permission denied"}},
		{[]string{"flash", image}, 12, []string{image, "permission denied"}},
		{[]string{"virtual", "--flash", flash}, 2, []string{flash, "permission denied"}},
		{[]string{"flash", "--flash", flash}, 2, []string{flash, "permission denied"}},
		{[]string{"flash", "--flash", readOnly + "/flash.bin"}, 2, []string{readOnly, "permission denied"}},
		{[]string{"run", "--board", desc}, 2, []string{desc, "permission denied"}},
		{[]string{"run", "--out", readOnly + "/out"}, 2, []string{"--out", readOnly, "permission denied"}},
		{[]string{"seal", "1", "--passphrase-file", pass}, 2, []string{pass, "permission denied"}},
		{[]string{"send", "--passphrase", "x", "--state", state}, 2, []string{state, "permission denied"}},
		{[]string{"server", "--db", readOnly + "/readings.db"}, 21, []string{readOnly, "permission denied"}},
	} {
		t.Run(tt.args[0]+"/"+filepath.Base(tt.args[len(tt.args)-1]), func(t *testing.T) {
			finish(t, unprivileged(t, espalier(t, t.TempDir(), tt.args...))).wants(t, tt.code, tt.says...)
		})
	}
}

// What could keep a reader for ever, or feed it without end, is not read: the
// names of files are where most typing errors are.
func TestPipesAndDevices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(dir+"/pipe.yaml", 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", dir+"/zero.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"pipe.yaml", "zero.yaml"} {
		for line, code := range map[string]int{
			"run --board":                 2,
			"run --flash":                 2,
			"run --rom":                   2,
			"run --image":                 12,
			"flash":                       12,
			"virtual --image":             12,
			"virtual --flash":             2,
			"seal 1 --passphrase-file":    2,
			"send --passphrase x --state": 2,
			"run --server process --port": 11,
			"monitor --port":              11,
			"flash --board esp-01 --port": 11,
			"run --passphrase x --out":    2,
		} {
			finish(t, espalier(t, dir, append(strings.Fields(line), path)...)).wants(t, code)
		}
	}
}
