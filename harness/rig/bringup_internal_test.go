package rig

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
)

// plugged returns a rig with a virtual board that nothing was done to yet, so
// that something can go wrong with it before it comes up.
func plugged(t *testing.T, kind string, progress func(*Rig, Step)) *Rig {
	t.Helper()
	desc, err := boards.Lookup(kind)
	if err != nil {
		t.Fatal(err)
	}
	r := &Rig{Board: desc}
	r.cfg = Config{Board: desc, Port: "virtual:", Image: firmware.Image, Progress: func(s Step) { progress(r, s) }}
	if err := r.plug(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// A board that does not answer costs some seconds, in which something is seen
// to happen, and then a message that says where to look.
func TestSilentBoard(t *testing.T) {
	for _, kind := range []string{"virtual", "nodemcu-v2"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			resets := 0
			r := plugged(t, kind, func(_ *Rig, s Step) {
				if strings.Contains(s.Detail, "no answer") {
					resets++
				}
			})
			r.virtual.PowerOff()
			began := time.Now()
			err := r.program(t.Context())
			took := time.Since(began)
			if Classify(report.Harness, err) != report.InfraBoard || !errors.Is(err, rom.ErrNoReply) || !strings.Contains(err.Error(), "is the board powered") {
				t.Errorf("got %v", err)
			}
			if took > 15*time.Second || resets < 6 {
				t.Errorf("took %v, and %d resets were seen", took, resets)
			}
			t.Logf("given up after %v", took)
			if len(r.Attempts()) != 1 || r.Attempts()[0].Class != report.InfraBoard || r.Attempts()[0].Duration == 0 {
				t.Errorf("attempts %+v", r.Attempts())
			}
		})
	}
}

// A board that comes up at the second try is fine, and the first is on record.
func TestSecondTry(t *testing.T) {
	t.Parallel()
	spoilt := false
	r := plugged(t, "virtual", func(r *Rig, s Step) {
		if s.Name == "flash" && s.Over && !spoilt {
			spoilt = true
			at := len(firmware.Image) - 2 // padding: it boots all the same
			if err := r.virtual.PokeFlash(at, firmware.Image[at]^1); err != nil {
				t.Error(err)
			}
		}
	})
	if err := r.program(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := r.Attempts()
	if len(got) != 1 || got[0].Class != report.InfraBoot || !strings.Contains(got[0].Message, "attestation failed") || got[0].Duration == 0 {
		t.Errorf("attempts %+v", got)
	}
}

// A button that is held keeps the board in its loader, however often it is
// reset by its pin, and a person is told which one.
func TestHeldInLoader(t *testing.T) {
	t.Parallel()
	r := plugged(t, "virtual", func(r *Rig, s Step) {
		if s.Name == "flash" && s.Over {
			r.virtual.HoldGPIO0()
		}
	})
	err := r.program(t.Context())
	if Classify(report.Harness, err) != report.InfraBoot || !errors.Is(err, control.ErrBootMode) || !strings.Contains(err.Error(), "boot mode 1, want 3: is GPIO0 held low?") {
		t.Errorf("got %v", err)
	}
	if len(r.Attempts()) != 1 {
		t.Errorf("attempts %+v", r.Attempts())
	}
}

// What trying again cannot help is tried once.
func TestNoSecondTry(t *testing.T) {
	t.Parallel()
	flashed := 0
	r := plugged(t, "virtual", func(r *Rig, s Step) {
		if s.Name == "flash" && s.Over {
			flashed++
			if err := r.virtual.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	if err := r.program(t.Context()); Classify(report.Harness, err) != report.InfraPort {
		t.Errorf("a board pulled out: %v", err)
	}
	if flashed != 1 || len(r.Attempts()) != 0 {
		t.Errorf("flashed %d times, attempts %+v", flashed, r.Attempts())
	}
}
