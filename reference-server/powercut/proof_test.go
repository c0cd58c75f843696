package powercut_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// build builds the server, with more arguments for go build, and returns its path.
func build(t *testing.T, args ...string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "server")
	c := exec.CommandContext(t.Context(), "go", append(append([]string{"build", "-o", binary}, args...), "github.com/espalier-hil/espalier/reference-server")...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, out)
	}
	return binary
}

// killAtFlush has strace kill the server as one of its threads begins its nth flush: the writes
// before it have happened, and the kernel has them, but not the disk.
func killAtFlush(n string) []string {
	return []string{"-e", "inject=fsync,fdatasync:signal=SIGKILL:when=" + n}
}

// lives are those that every record has: the first start on an empty folder,
// kills, a kill in the midst of a flush, an end in good order. Together they are
// long enough for the log to be moved into the file a few times.
var lives = []life{
	{messages: 60, kill: true},
	{messages: 400, strace: killAtFlush("6")},
	{messages: 240},
	{messages: 400, strace: killAtFlush("15")},
	{messages: 30, kill: true},
	{messages: 10},
}

// images returns a folder for images, in memory where the machine has that: they
// are not to be flushed.
func images(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "powercut")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Whenever the power goes, everything that the server has said still holds.
func TestPowerCut(t *testing.T) {
	t.Parallel() // most of it is waiting for flushes
	need.Tool(t, "strace")
	r := newRecorder(t, build(t))
	for _, l := range lives {
		if err := r.live(l); err != nil {
			t.Fatal(err)
		}
	}
	tally, err := r.proof(150).Run(images(t))
	if err != nil {
		t.Error(err)
	}
	moved := 0 // from the log to the file
	for _, s := range r.steps {
		if s.End && s.Name == "fsync" && s.Args[0] == filepath.Join(r.dir, "readings.db") {
			moved++
		}
	}
	t.Logf("%s; the log was moved into the file %d times in %d lives", tally, moved, len(lives))
	if tally.Promises < 300 || tally.Flushes < 100 || moved < len(lives)+2 {
		t.Error("that is too little to prove anything")
	}
}
