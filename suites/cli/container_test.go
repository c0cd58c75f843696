package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// The image has the one file that the Dockerfile names, and tests a backend from
// within.
func TestContainer(t *testing.T) {
	need.Docker(t)
	docker := need.Tool(t, "docker")
	context := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", context+"/espalier", "github.com/espalier-hil/espalier")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file, err := filepath.Abs("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), docker, "build", "-q", "-f", file, context).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	image := strings.TrimSpace(string(out))
	t.Cleanup(func() { exec.Command(docker, "rmi", "-f", image).Run() })
	dir := t.TempDir()
	url := known(t, dir, "")
	run := func(flags []string, args ...string) said {
		t.Helper()
		words := append([]string{"run", "--rm", "--network", "host", "-v", dir + ":/work"}, flags...)
		return finish(t, exec.CommandContext(t.Context(), docker, append(append(words, image), args...)...))
	}
	asked := append([]string{"conform", "--url", url, "--only", "^sequence/"}, both...)
	run([]string{"--user", "0:0"}, asked...).wants(t, 0, "sequence", "core     partial", "out/conform/report.html")
	if text := readFile(t, dir+"/out/conform/report.json"); !strings.Contains(text, `"sequence/replay"`) {
		t.Error("there is no report outside")
	}
	// Nobody in there may write here, and there is no shell.
	if err := os.Chmod(dir+"/out/conform", 0o755); err != nil {
		t.Fatal(err)
	}
	run(nil, asked...).wants(t, 2, "--out: ", "permission denied")
	run([]string{"--user", "0:0"}, append(asked, "--hook-restart", "true", "--hook-state", "true")...).wants(t, 4, "there is no shell here", "name a URL instead")
}
