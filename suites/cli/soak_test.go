package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
)

// A soak of a right device and a right backend finds nothing, and says how much
// there was of each act.
func TestSoak(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := finish(t, espalier(t, dir, "soak", "--server", "process", "--seed", "7", "--script", "send cut:7 send drop-reply send drop-request forge:4 send replay:0 impair:3 kill send reset restart cut:40 send"))
	got.wants(t, 0, "a script, evidence grade virtual, seed 7", "held        8  DEV 002 003 004 008 · SEQ 001 005 009 012", "kill 1", "impair 1", "drop-reply 1", "PASS 1 of 1", "exit 0")
	// What was not done has shown nothing.
	finish(t, espalier(t, dir, "soak", "--server", "process", "--script", "send reset send")).wants(t, 0, "held        2  DEV 002 · SEQ 009")
	finish(t, espalier(t, dir, "soak", "--script", "send fly")).wants(t, 2, "--script: soak: no script: step 2: there is no act")
	finish(t, espalier(t, dir, "soak", "--server", "http://127.0.0.1:1")).wants(t, 2, "it has to be one of its own")
	finish(t, espalier(t, dir, "soak", "--script", " ")).wants(t, 2, "--script is empty")
	finish(t, espalier(t, dir, "soak", "--for", "0")).wants(t, 2, "--for must be more than 0")
	finish(t, espalier(t, dir, "soak", "--board", "hobbyist")).wants(t, 2, "this firmware has no verb provision")
	// Nor has it where there was no time for it.
	finish(t, espalier(t, dir, "soak", "--server", "process", "--for", "1ns")).wants(t, 3, "not one step was done in 1ns", "exit 3, nothing tested")
	long := strings.TrimSpace(strings.Repeat("send ", 5000))
	finish(t, espalier(t, dir, "soak", "--server", "process", "--for", "2s", "--script", long)).wants(t, 3, "of the script's 5000 steps were done in 2s")
}

// What a wrong backend does is found, and brought to a script of one step that
// shows it again: the device did not hear the reply, and sent its message anew.
func TestSoakShrinks(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ESPALIER_FAULT", "off-by-one")
	backend := program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")
	got := finish(t, espalier(t, dir, "soak", "--server", "process", "--server-program", backend, "--seed", "7", "--for", "3m"))
	got.wants(t, 1, "looking for a shorter script", "REQ-SEQ-001: number", "is stored twice", "the shortest script that shows it")
	script := shortest(t, dir)
	if strings.Contains(script, " ") {
		t.Errorf("%q is not the shortest script", script)
	}
	again := finish(t, espalier(t, dir, "soak", "--server", "process", "--server-program", backend, "--script", script))
	again.wants(t, 1, "REQ-SEQ-001: number 0 is stored twice")
}

// shortest returns the script in the command that repeats what a soak found.
func shortest(t *testing.T, dir string) string {
	t.Helper()
	_, script, _ := strings.Cut(reported(t, dir+"/out/soak").Results[0].Repeat, " --script ")
	script, _, found := strings.Cut(script, " --seed 7")
	if !found {
		t.Error("the command that repeats it has no script and seed")
	}
	return strings.Trim(script, "'")
}

// Firmware that crashes in a soak has crashed: the report says where, what was
// heard last, and by which script it does so again.
func TestSoakCrashes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir+"/deadly.bin", deadly(t, "send"))
	args := []string{"soak", "--server", "process", "--image", "deadly.bin", "--elf", write(t, dir+"/my.elf", string(firmware.ELF)), "--seed", "7"}
	got := finish(t, espalier(t, dir, append(args, "--for", "3m")...))
	got.wants(t, 20, "CRASH", "exception 20, jump to an address where no code is", "the shortest script that shows it", "--script ", "last      ", " device ", " server ", "exit 20, firmware crash")
	for _, c := range junit(t, dir+"/out/soak") {
		if !c.has("failure-class", "CRASH") || c.Failure == nil || !strings.Contains(c.Failure.Text, "control_line") {
			t.Errorf("%+v", c)
		}
	}
	script := shortest(t, dir)
	finish(t, espalier(t, dir, append(args, "--script", script)...)).wants(t, 20, "CRASH", "tries: "+script)
	// A reset and a cut of the supply forgive what came of them, and nothing before.
	finish(t, espalier(t, dir, append(args, "--script", "cut:48")...)).wants(t, 20, "CRASH")
}

// A server that dies by itself is the one to blame.
func TestSoakServerDies(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dies := write(t, dir+"/dies", "#!/bin/sh\nexec timeout -s KILL 3 "+program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")+" \"$@\"\n")
	if err := os.Chmod(dies, 0o755); err != nil {
		t.Fatal(err)
	}
	finish(t, espalier(t, dir, "soak", "--server", "process", "--server-program", dies, "--seed", "7", "--for", "3m", "--script", strings.Repeat("send ", 5000))).
		wants(t, 21, "SERVER", "exit 21, server failure")
}
