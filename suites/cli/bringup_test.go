package cli_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

// What keeps a run from its specs has its own exit code, one message, and a
// report that says the same.
func TestRunThatDoesNotComeToItsSpecs(t *testing.T) {
	dir := t.TempDir()
	backend := program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")
	crashing, spinning := write(t, dir+"/crashes.bin", crashes), write(t, dir+"/spins.bin", spins)
	held := terminal(t)
	lock(t, held)
	for _, tt := range []struct {
		name, args string
		code       int
		says       []string
	}{
		{"text of no spec", "--only nothing.like.it", 3, []string{"no spec is selected by --only nothing.like.it", "--list"}},
		{"label of no spec", "--labels REQ-XXX-001 --port /dev/null", 3, []string{"no spec is selected by --labels REQ-XXX-001"}},
		{"nobody at the URL", "--server http://127.0.0.1:1 --admin-url http://127.0.0.1:1", 5, []string{"http://127.0.0.1:1", "refused", "is the server running"}},
		{"another chip", "--board esp-01 --server process --port " + chip(t), 10, []string{"not an ESP8266", "00f01d83"}},
		{"no such port", "--port /dev/ttyNONE", 11, []string{"/dev/ttyNONE", "not there"}},
		{"port in use", "--port " + held, 11, []string{held, "in use", "fuser"}},
		{"not a serial port", "--port /dev/null", 11, []string{"/dev/null", "serial port"}},
		{"folder for a port", "--port /tmp", 11, []string{"/tmp", "directory"}},
		{"no modem lines", "--board nodemcu-v2 --server process --port " + terminal(t), 11, []string{"no modem lines", "--board esp-01"}},
		{"kind of port", "--port tcp://127.0.0.1:1", 11, []string{"no such kind of port"}},
		{"boots and is silent", "--server process --image " + spinning, 13, []string{"HELLO", "did not come within 5s"}},
		{"crashes", "--server process --image " + crashing, 20, []string{"Fatal exception (0)", "epc1=0x40100000"}},
		{"server ends at once", "--server process --server-program " + backend, 21, []string{backend, "no such fault", "did not start"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cmd := espalier(t, dir, append([]string{"run"}, strings.Fields(tt.args)...)...)
			cmd.Env = append(os.Environ(), "ESPALIER_FAULT=no such fault", "ESPALIER_ADMIN_TOKEN=some token")
			finish(t, cmd).wants(t, tt.code, tt.says...)
			if d := reported(t, dir+"/out/report"); d.Code != tt.code || d.Finished == "" {
				t.Errorf("the report says %d, finished %q", d.Code, d.Finished)
			}
		})
	}
}

func TestContainerWithoutEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
	got := call(t, "", "run", "--server", "container", "--out", t.TempDir())
	got.wants(t, 15, "DOCKER_HOST=tcp://127.0.0.1:9", "--server process")
}

func TestLinkThatTheBoardLacks(t *testing.T) {
	got := call(t, "", "run", "--board", "esp-01", "--link", "virtual")
	got.wants(t, 14, "board esp-01 has no link virtual; it has serial")
}

// A run that cannot be concluded leaves no older report behind that could pass
// for its own.
func TestOlderReportIsReplaced(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/report.json", `{"code":0,"finished":"2001-01-01T00:00:00Z"}`)
	call(t, "", "run", "--port", "/dev/ttyNONE", "--out", dir).wants(t, 11)
	if d := reported(t, dir); d.Code != 11 || len(d.Results) != 1 || d.Results[0].Status != "fail" {
		t.Errorf("the report says %+v", d)
	}
}

func TestImagesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	for name, tt := range map[string]struct{ text, says string }{
		"empty":     {"", "it is empty"},
		"no magic":  {noMagic, "does not begin with E9"},
		"truncated": {cutOff, "only"},
		"damaged":   {damaged, "checksum"},
		"large":     {strings.Repeat("\xe9", 2<<20), "it has 2097152 bytes, at most 1048576 fit"},
	} {
		path := write(t, dir+"/"+name, tt.text)
		call(t, "", "flash", path).wants(t, 12, path, tt.says, "make firmware")
		call(t, "", "run", "--image", path, "--out", dir).wants(t, 12, path, tt.says)
		call(t, "", "virtual", "--image", path).wants(t, 12, path, tt.says)
	}
	call(t, "", "flash", dir).wants(t, 12, "no regular file")
	call(t, "", "flash", dir+"/none.bin").wants(t, 12, dir+"/none.bin: no such file")
}

// terminal returns the path of a pseudo terminal on which nobody answers.
func terminal(t *testing.T) string {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close(); near.Close() })
	return near.Name()
}

// lock holds a port as another program would.
func lock(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
}

// chip returns the path of a terminal at which an ESP32's loader answers.
func chip(t *testing.T) string {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	other := romtest.New()
	other.Regs[0x40001000] = 0x00F01D83
	go io.Copy(other, far)
	go io.Copy(far, other)
	t.Cleanup(func() { other.Close(); far.Close(); near.Close() })
	return near.Name()
}
