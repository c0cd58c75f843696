package cli_test

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/espalier-hil/espalier/boards/firmware"
)

// A board that is pulled out while the specs run is the port's affair: one
// class for all that is left, a report, and an end.
func TestPulledOutWhileSpecsRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	board := espalier(t, dir, "virtual", "--loader", "--flash", "board.bin")
	stdin, err := board.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	name := ready.FindStringSubmatch(follow(t, board).await("ready on"))[1]
	cmd := espalier(t, dir, "run", "--server", "process", "--board", "esp-01", "--port", name, "--only", "The device's own cryptography|The sequence number|A reading")
	out := follow(t, cmd)
	out.await("let GPIO0 go")
	if _, err := stdin.Write([]byte("\n")); err != nil {
		t.Fatal(err)
	}
	out.await("ready")
	if err := board.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := io.Copy(io.Discard, out.r); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code says all
	if took := time.Since(began); took > time.Minute {
		t.Errorf("took %v to end", took)
	}
	got := said{cmd.ProcessState.ExitCode(), out.heard.String(), out.errs.String()}
	got.wants(t, 11, "FAIL", "port lost", "exit 11, port")
	d := reported(t, dir+"/out/report")
	if d.Code != 11 || d.Finished == "" || len(d.Results) < 2 {
		t.Errorf("the report says %d, finished %q, %d results", d.Code, d.Finished, len(d.Results))
	}
	for _, res := range d.Results {
		if res.Status == "fail" && res.Class != "INFRA/port" {
			t.Errorf("%q is blamed on %s", res.ID, res.Class)
		}
	}
	// What the board held is as far as it came, and the image is whole.
	p, err := os.ReadFile(dir + "/board.bin")
	if err != nil || len(p) != 4<<20 || !bytes.HasPrefix(p, firmware.Image) {
		t.Errorf("the flash file has %d bytes, %v", len(p), err)
	}
}

// What the device remembers survives a board that is killed while it is
// flashed, and flashing it again brings all back.
func TestKilledWhileFlashed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	finish(t, espalier(t, dir, "run", "--server", "process", "--flash", "board.bin", "--only", "rises by one")).wants(t, 0)
	next := reported(t, dir+"/out/report").measured(t, "next SEQN")
	before, err := os.ReadFile(dir + "/board.bin")
	if err != nil {
		t.Fatal(err)
	}

	changed := changes(t, dir+"/board.bin")
	board := espalier(t, dir, "virtual", "--loader", "--flash", "board.bin", "--pace", "real")
	name := ready.FindStringSubmatch(follow(t, board).await("ready on"))[1]
	cmd := espalier(t, dir, "flash", "--board", "esp-01", "--port", name)
	out := follow(t, cmd)
	out.await("flash ef 40 16")
	changed()
	if err := board.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, out.r); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code says all
	said{cmd.ProcessState.ExitCode(), out.heard.String(), out.errs.String()}.wants(t, 11, "writing the image", "port lost")

	after, err := os.ReadFile(dir + "/board.bin")
	if err != nil || len(after) != len(before) || bytes.HasPrefix(after, firmware.Image) {
		t.Fatalf("%d bytes, %v; it should be half flashed", len(after), err)
	}
	if !bytes.Equal(after[firmware.Room:], before[firmware.Room:]) {
		t.Error("what the device remembers has changed")
	}
	finish(t, espalier(t, dir, "run", "--server", "process", "--flash", "board.bin", "--only", "rises by one")).wants(t, 0)
	if first := reported(t, dir+"/out/report").measured(t, "first SEQN"); first < next {
		t.Errorf("it goes on with SEQN %v, and had come to %v", first, next)
	}
}

// changes returns what waits until somebody writes to a file.
func changes(t *testing.T, path string) (wait func()) {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if _, err := unix.InotifyAddWatch(fd, path, unix.IN_MODIFY); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if _, err := unix.Read(fd, make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
	}
}
