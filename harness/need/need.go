// Package need names what a test wants from the machine it runs on. Where
// that is missing the test is reported as not run, with the reason; where
// ESPALIER_CI=1 says that everything was installed, it fails instead, so that
// a lane never turns green by having tested less.
package need

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Tool returns the path of the command called name.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, "the command "+name)
	}
	return path
}

// File returns path if it exists.
func File(t testing.TB, path, what string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		missing(t, what+" ("+path+")")
	}
	return path
}

// Node returns the folder of an npm module installed below the folder that
// ESPALIER_NODE_MODULES names, and makes sure that node itself is there.
func Node(t testing.TB, module string) string {
	t.Helper()
	Tool(t, "node")
	dir := filepath.Join(os.Getenv("ESPALIER_NODE_MODULES"), module)
	if os.Getenv("ESPALIER_NODE_MODULES") == "" {
		missing(t, "the npm module "+module+" (name its node_modules folder in ESPALIER_NODE_MODULES)")
	}
	return File(t, dir, "the npm module "+module)
}

// Python returns a Python 3 that can import module. The system's own comes
// first: its packages are the distribution's.
func Python(t testing.TB, module string) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if path, err := exec.LookPath(name); err == nil && exec.Command(path, "-c", "import "+module).Run() == nil {
			return path
		}
	}
	missing(t, "python3 with the module "+module)
	return ""
}

// Docker makes sure that a Docker engine answers.
func Docker(t testing.TB) {
	t.Helper()
	if err := exec.Command(Tool(t, "docker"), "info").Run(); err != nil {
		missing(t, "a Docker engine that answers")
	}
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("ESPALIER_CI") == "1" {
		t.Fatalf("this lane promises everything, but lacks %s", what)
	}
	t.Skipf("not run: needs %s", what)
}

// Tmpfs mounts a file system of that many bytes, in memory, and returns its
// folder. It is gone when the test ends.
func Tmpfs(t testing.TB, size int) string {
	t.Helper()
	dir := t.TempDir()
	mount := Tool(t, "mount")
	if out, err := exec.Command(mount, "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", size), "espalier", dir).CombinedOutput(); err != nil {
		missing(t, "the right to mount a file system ("+strings.TrimSpace(string(out))+")")
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount %s: %s, %v", dir, out, err)
		}
	})
	return dir
}
