package rig_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/rig"
)

// Firmware that knows nothing of the harness reaches the backend all the same,
// by the address that is compiled into it, and its image stays out of what is
// kept: the passphrase is in it.
func TestSomebodyElsesFirmware(t *testing.T) {
	cfg := config(t)
	cfg.Board, cfg.Image = board(t, "hobbyist"), firmware.Hobbyist
	cfg.Identity = rig.Identity{ID: "greenhouse", Passphrase: passphrase}
	if !bytes.Contains(cfg.Image, []byte(passphrase)) {
		t.Fatal("the passphrase is not in the image")
	}
	r := open(t, cfg)
	if hello := r.Boot().Hello; hello.Version != "1.3" || *hello.Next != 0 {
		t.Errorf("%+v", hello)
	}
	for want := range uint64(3) {
		sent, err := r.Device.Send(soon(t), []byte(`"not this"`))
		if err != nil || sent.SEQN != want || sent.Outcome != control.Accepted || !strings.HasPrefix(sent.Data, `{"celsius":2`) {
			t.Errorf("%+v, %v, want SEQN %d", sent, err, want)
		}
	}
	if known, err := r.Server.Device(soon(t), "greenhouse"); err != nil || known.Accepted != 3 {
		t.Errorf("the server has %+v, %v", known, err)
	}
	if err := r.Recover(soon(t)); err != nil {
		t.Error(err)
	}
	hidden := 0
	for _, e := range r.Console.Timeline().Events(time.Time{}, time.Time{}) {
		if bytes.Contains(e.Data, []byte(passphrase)) {
			t.Fatalf("the timeline keeps the passphrase, on lane %s", e.Lane)
		}
		if e.Lane == console.Transmitted && e.Redacted {
			hidden++
		}
	}
	if hidden == 0 {
		t.Error("nothing was hidden")
	}
}

// The reference firmware's image holds no secret, and what was written is kept.
func TestFlashingIsKept(t *testing.T) {
	r := open(t, config(t))
	kept := 0
	for _, e := range r.Console.Timeline().Events(time.Time{}, time.Time{}) {
		if e.Lane == console.Transmitted && !e.Redacted {
			kept += len(e.Data)
		}
	}
	if kept < len(firmware.Image) {
		t.Errorf("%d bytes are kept of an image of %d", kept, len(firmware.Image))
	}
}
