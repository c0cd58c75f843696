package cli_test

import "testing"

// A soak of a right device and a right backend finds nothing, and says how much
// there was of each act.
func TestSoak(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := finish(t, espalier(t, dir, "soak", "--server", "process", "--seed", "7", "--script", "send cut:7 send drop-reply send drop-request forge:4 send replay:0 kill send reset restart cut:40 send"))
	got.wants(t, 0, "held        7  DEV 002 003 008 · SEQ 001 005 009 012", "kill 1", "drop-reply 1", "PASS 1 of 1", "exit 0")
	// What was not done has shown nothing.
	finish(t, espalier(t, dir, "soak", "--server", "process", "--script", "send reset send")).wants(t, 0, "held        2  DEV 002 · SEQ 009")
	finish(t, espalier(t, dir, "soak", "--script", "send fly")).wants(t, 2, "--script: soak: no script: step 2: there is no act")
	finish(t, espalier(t, dir, "soak", "--server", "http://127.0.0.1:1")).wants(t, 2, "it has to be one of its own")
}

// What a wrong backend does is found, and brought to a script of one step that
// shows it again: the device did not hear the reply, and sent its message anew.
func TestSoakShrinks(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ESPALIER_FAULT", "off-by-one")
	backend := program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")
	got := finish(t, espalier(t, dir, "soak", "--server", "process", "--server-program", backend, "--seed", "7", "--for", "3m"))
	got.wants(t, 1, "looking for a shorter script", "REQ-SEQ-001: number", "is stored twice", "the shortest script that shows it", "tries: drop-reply", "--script drop-reply")
	again := finish(t, espalier(t, dir, "soak", "--server", "process", "--server-program", backend, "--script", "drop-reply"))
	again.wants(t, 1, "REQ-SEQ-001: number 0 is stored twice")
}
