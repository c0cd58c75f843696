package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/interpreter"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/server"
)

// foreign is a rig, not yet up, of a real board with firmware of its own.
func foreign(t *testing.T) *Rig {
	t.Helper()
	desc, err := boards.Lookup("hobbyist")
	if err != nil {
		t.Fatal(err)
	}
	desc.Links = []string{wifi}
	return &Rig{Board: desc}
}

// A board that is on the network by itself is evidence of more than one whose
// requests the host carries, unless it is virtual.
func TestGradeOfItsOwnNetwork(t *testing.T) {
	for mac, want := range map[string]report.Grade{"5c:cf:7f:01:02:03": report.HardwareWiFi, "7a:e5:82:00:00:01": report.Virtual} {
		r := foreign(t)
		hw, err := net.ParseMAC(mac)
		if err != nil {
			t.Fatal(err)
		}
		r.Chip = rom.Identity{MAC: hw}
		if got := r.Grade(); got != want {
			t.Errorf("%s is graded %s, want %s", mac, got, want)
		}
	}
}

// A real board posts to the address that is compiled into it, which must be one
// of this machine's.
func TestCompiledAddress(t *testing.T) {
	r := foreign(t)
	r.Board.Speech.Backend = "192.0.2.1:1880" // RFC 5737: nobody's
	r.cfg.Server = server.Config{Mode: server.Process}
	err := r.start(t.Context())
	defer r.Close(context.WithoutCancel(t.Context()))
	if err == nil || r.Server == nil {
		t.Fatalf("the server is %v, %v", r.Server, err)
	}
	if Classify(report.Harness, err) != report.InfraLink || !strings.Contains(err.Error(), "compiled into the firmware of board hobbyist") {
		t.Errorf("%v, class %s", err, Classify(report.Harness, err))
	}
}

// A spec that takes a verb without saying so is the harness's mistake, not the
// device's.
func TestUndeclaredVerb(t *testing.T) {
	if got := Classify(report.Nonconformant, fmt.Errorf("spec: %w", interpreter.ErrNoVerb)); got != report.Harness {
		t.Errorf("class %s", got)
	}
	if got := Classify(report.Nonconformant, errors.New("anything else")); got != report.Nonconformant {
		t.Errorf("class %s", got)
	}
}
