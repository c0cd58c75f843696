package rig_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

// A rig whose board has died comes back, and goes on counting.
func TestRecover(t *testing.T) {
	t.Parallel()
	r := open(t, config(t))
	last := delivers(t, r)
	for name, kill := range map[string]func(){
		"an unasked reset": func() {
			r.Virtual().SetRTS(true)
			r.Virtual().SetRTS(false)
		},
		"a power cut": func() { r.Virtual().PowerCycle() },
		"a crash at boot": func() {
			if err := r.Virtual().LoadFlash(0, program(t, illegal)); err != nil {
				t.Fatal(err)
			}
			r.Virtual().PowerCycle()
		},
		"flash that changed": func() {
			at := len(firmware.Image) - 2 // padding: it boots all the same
			if err := r.Virtual().PokeFlash(at, firmware.Image[at]^1); err != nil {
				t.Fatal(err)
			}
		},
		"another identity": func() {
			if _, err := r.Device.Provision(soon(t), "other", "other", 0); err != nil {
				t.Fatal(err)
			}
		},
	} {
		kill()
		if name != "flash that changed" && name != "another identity" {
			// It shows with the next thing that is asked of the board.
			_, err := r.Device.Seqn(soon(t))
			var crash *console.Crash
			if !errors.As(err, &crash) || rig.Classify(report.Harness, err) != report.Crash {
				t.Errorf("%s: %v, want a crash", name, err)
			}
		}
		if err := r.Recover(soon(t)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := r.Attest(soon(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		n := delivers(t, r)
		if n <= last {
			t.Errorf("%s: SEQN %d after %d", name, n, last)
		}
		last = n
	}
}

// What cannot be brought back is not tried for long, and keeps its class.
func TestRecoverInVain(t *testing.T) {
	t.Parallel()
	r := open(t, config(t))
	if err := r.Virtual().LoadFlash(0, program(t, callsUnknown)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := r.Recover(soon(t))
		if rig.Classify(report.Harness, err) != report.Crash || !strings.Contains(err.Error(), "40001234") {
			t.Errorf("a halted board: %v", err)
		}
	}
	r = open(t, config(t))
	if err := r.Virtual().Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Recover(soon(t)); rig.Classify(report.Harness, err) != report.InfraPort || !errors.Is(err, console.ErrLost) {
		t.Errorf("a board that was pulled out: %v", err)
	}
}

// A server that has gone is the server's fault.
func TestRecoverWithoutServer(t *testing.T) {
	t.Parallel()
	r := open(t, config(t))
	if err := r.Server.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
	err := r.Recover(soon(t))
	if class := rig.Classify(report.Harness, err); class != report.ServerFailed && class != report.Unreachable {
		t.Errorf("%s: %v", class, err)
	}
}
