package cli_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestFlashTwice(t *testing.T) {
	t.Chdir(t.TempDir())
	for range 2 {
		call(t, "", "flash", "--flash", "board.bin").wants(t, 0, "flash ef 40 16 4 MiB", "in flash attested")
	}
	// Another kind of board has a flash of another size.
	call(t, "", "flash", "--flash", "board.bin", "--board", "esp-01").wants(t, 2, "524288")
}

func TestFlashForeignImage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "spins.bin", spins)
	call(t, "", "flash", "--no-attest", "spins.bin").wants(t, 0, "reset; not attested")
	write(t, "crashes.bin", crashes)
	call(t, "", "flash", "crashes.bin").wants(t, 20, "Fatal exception (0)")
}

// Two boards in one flash file would overwrite each other.
func TestFlashFileInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	press(t, dir, "--flash", "board.bin")
	for _, name := range []string{"flash", "virtual", "monitor"} {
		finish(t, espalier(t, dir, name, "--flash", "board.bin")).wants(t, 11, "board.bin", "in use by another board")
	}
}

var ready = regexp.MustCompile(`ready on (\S+)\n`)

// press starts a virtual board and returns its port, and its buttons.
func press(t *testing.T, dir string, args ...string) (port string, button func(line string)) {
	t.Helper()
	cmd := espalier(t, dir, append([]string{"virtual"}, args...)...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	line := follow(t, cmd).await("ready on")
	found := ready.FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("the board said %q", line)
	}
	return found[1], func(line string) {
		if _, err := stdin.Write([]byte(line + "\n")); err != nil {
			t.Error(err)
		}
	}
}

// A virtual board on its own terminal is a board without reset circuit: the
// flasher asks, and a person presses its buttons.
func TestFlashByHand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	port, button := press(t, dir, "--flash", "board.bin")
	cmd := espalier(t, dir, "flash", "--port", port, "--board", "esp-01")
	out := follow(t, cmd)
	out.await("hold GPIO0 low and switch the board off and on")
	button("l")
	out.await("let GPIO0 go and switch the board off and on")
	button("")
	out.await("in flash attested")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestMonitorShowsTheBoot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	port, _ := press(t, dir)
	for _, args := range [][]string{{"monitor", "--port", port}, {"monitor"}, {"monitor", "--reset"}} {
		got, took := interrupt(t, `{ {"hello":{`, dir, args...)
		got.wants(t, 0, "↻  ets Jan  8 2013,rst cause:", `"fw":"espalier-ref"`)
		if took > soon {
			t.Errorf("took %v to end", took)
		}
	}
	got, _ := interrupt(t, "Keys: s sends", dir, "monitor", "--board", "hobbyist")
	got.wants(t, 0, "greenhouse node 1.3")
	call(t, "", "monitor", "--port", "/dev/ttyNONE").wants(t, 11, "/dev/ttyNONE", "not there")
	call(t, "", "monitor", "--port", port, "--reset").wants(t, 11, "DTR")
}

func TestVersion(t *testing.T) {
	got := call(t, "", "version")
	got.wants(t, 0, "espalier ", "firmware ", "vectors ")
	if n := strings.Count(got.out, "\n"); n != 3 {
		t.Errorf("%d lines", n)
	}
}
