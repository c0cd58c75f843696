package rig_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/wire"
)

const passphrase = "2B7E151628AED2A6ABF7158809CF4F3C"

// board returns a built-in descriptor.
func board(t *testing.T, name string) *boards.Descriptor {
	t.Helper()
	desc, err := boards.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return desc
}

// config is a rig of a virtual board and a process.
func config(t *testing.T) rig.Config {
	t.Helper()
	return rig.Config{
		Board: board(t, "virtual"), Port: "virtual:", Image: firmware.Image, Seed: 7, Virtual: virtual.Config{Seed: 7},
		Server:   server.Config{Mode: server.Process},
		Identity: rig.Identity{ID: "12FA", Passphrase: passphrase},
	}
}

// soon is the context of what must happen, and ends long after it should have.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func open(t *testing.T, cfg rig.Config) *rig.Rig {
	t.Helper()
	r, err := rig.Open(soon(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// delivers sends one reading and checks that it is stored, under the SEQN that
// is returned.
func delivers(t *testing.T, r *rig.Rig) uint64 {
	t.Helper()
	sent, err := r.Device.Send(soon(t), []byte(`{"value":300}`))
	if err != nil || sent.Outcome != control.Accepted || sent.Attempts != 1 {
		t.Fatalf("%+v, %v", sent, err)
	}
	got, err := r.Server.Readings(soon(t), r.Identity.ID, sent.SEQN, 1)
	if err != nil || len(got) != 1 || got[0].SEQN != sent.SEQN || string(got[0].Data) != `{"value":300}` {
		t.Fatalf("SEQN %d is stored as %+v, %v", sent.SEQN, got, err)
	}
	return sent.SEQN
}

// Everything that a rig offers, on either link.
func TestRig(t *testing.T) {
	for _, link := range []string{"", control.LinkSerial} {
		t.Run("link="+link, func(t *testing.T) {
			t.Parallel()
			cfg := config(t)
			cfg.Link, cfg.Next = link, 121
			var mu sync.Mutex
			var steps []string
			cfg.Progress = func(s rig.Step) {
				mu.Lock()
				defer mu.Unlock()
				if s.Over && !slices.Contains(steps, s.Name) {
					steps = append(steps, s.Name)
				}
			}
			r := open(t, cfg)
			if want := []string{"server", "board", "flash", "boot", "link"}; !slices.Equal(steps, want) {
				t.Errorf("steps %q, want %q", steps, want)
			}
			if link == "" {
				link = control.LinkVirtual
			}
			if r.Link() != link || r.First != 121 || r.Grade() != report.Virtual || r.Chip.MAC.String() != "7a:e5:82:00:00:01" ||
				len(r.Attempts()) != 0 || r.Virtual() == nil || r.Seed() != 7 || !bytes.Equal(r.Image(), firmware.Image) {
				t.Errorf("link %s, first SEQN %d, grade %v, MAC %s, attempts %v", r.Link(), r.First, r.Grade(), r.Chip.MAC, r.Attempts())
			}
			if b := r.Boot(); b.Cause != console.External || b.Mode != console.FlashBoot || b.Hello.Firmware != "espalier-ref" {
				t.Errorf("boot %+v", b)
			}
			last := delivers(t, r)
			if last != 121 {
				t.Errorf("began with SEQN %d", last)
			}
			// Link and server are in the device's RAM: each reset is followed by
			// telling it again.
			for name, reset := range map[string]func(context.Context) (rig.Boot, error){"Reset": r.Reset, "Restart": r.Restart} {
				before := r.Boot().Hello.Boots
				boot, err := reset(soon(t))
				if err != nil || boot.Hello.Boots != before+1 || r.Boot().Hello.Boots != before+1 {
					t.Fatalf("%s: %+v, %v", name, boot, err)
				}
				if got := delivers(t, r); got <= last {
					t.Errorf("%s: SEQN %d after %d", name, got, last)
				} else {
					last = got
				}
			}
			if a, err := r.Attest(soon(t)); err != nil || len(a.Nonce) != 8 || a.Size != len(firmware.Image) {
				t.Errorf("%+v, %v", a, err)
			}
			r.Wire.Next(wire.DropReply)
			sent, err := r.Device.Send(soon(t), []byte(`"again"`))
			if err != nil || sent.Outcome != control.Presumed || sent.Attempts != 2 {
				t.Errorf("after a lost reply: %+v, %v", sent, err)
			}
		})
	}
}

// On link serial a reply that is larger than the device's line, or comes from
// somebody who means harm, is the device's affair and not a failure of the rig.
func TestHostileReplies(t *testing.T) {
	t.Parallel()
	cfg := config(t)
	cfg.Link = control.LinkSerial
	r := open(t, cfg)
	const ok = "HTTP/1.1 200 OK\r\n\r\n{\"status\":\"OK\"}"
	for name, reply := range map[string]string{
		"binary":                 "\x00\x1e{\"id\":1}\n\xff\x80",
		"too large for the line": ok + strings.Repeat(" ", 4096),
		"too large for anything": ok + strings.Repeat(" ", 10<<20),
		"OK, then more":          ok + strings.Repeat(" ", 4096) + "not",
		"not HTTP":               strings.Repeat("ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n", 40),
	} {
		r.Wire.Answer([]byte(reply))
		sent, err := r.Device.Send(soon(t), []byte(`"x"`))
		if err != nil || sent.Outcome != control.Accepted || sent.Attempts != 2 {
			t.Errorf("%s: %+v, %v; want the second attempt to be accepted", name, sent, err)
		}
	}
	delivers(t, r)
}

// A board whose flash is kept goes on counting where it was, whatever the rig
// was told to begin with, also under a new passphrase.
func TestKeptFlash(t *testing.T) {
	t.Parallel()
	cfg := config(t)
	cfg.Virtual.FlashFile = filepath.Join(t.TempDir(), "flash.bin")
	var last uint64
	for i, pass := range []string{passphrase, passphrase, "another"} {
		cfg.Identity.Passphrase = pass
		r, err := rig.Open(soon(t), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && r.First <= last {
			t.Errorf("rig %d begins with SEQN %d, the one before ended with %d", i+1, r.First, last)
		}
		for range 3 {
			n := delivers(t, r)
			if n <= last && last > 0 {
				t.Errorf("SEQN %d after %d", n, last)
			}
			last = n
		}
		if err := r.Close(soon(t)); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(soon(t)); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	}
}

// Program is a rig without a backend.
func TestProgram(t *testing.T) {
	t.Parallel()
	r, err := rig.Program(soon(t), config(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(soon(t))
	if r.Server != nil || r.Wire != nil || r.Boot().Hello.Digest == [16]byte{} {
		t.Errorf("%+v", r.Boot())
	}
	if _, err := r.Restart(soon(t)); err != nil {
		t.Error(err)
	}
	if err := r.Recover(soon(t)); err != nil {
		t.Error(err)
	}
}

// Firmware that cannot prove anything is written and started, no more.
func TestProgramWithoutProof(t *testing.T) {
	t.Parallel()
	cfg := config(t)
	cfg.Image, cfg.NoAttest = program(t, returns), true
	r, err := rig.Program(soon(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(soon(t))
	if _, err := r.Console.After(0).Expect(soon(t), console.Text("user code done")); err != nil {
		t.Error(err)
	}
}

// The board is held to the image until the rig is closed.
func TestAttestNoticesAChange(t *testing.T) {
	t.Parallel()
	r, err := rig.Program(soon(t), config(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(soon(t))
	at := len(firmware.Image) - 100
	if err := r.Virtual().PokeFlash(at, firmware.Image[at]^1); err != nil {
		t.Fatal(err)
	}
	_, err = r.Attest(soon(t))
	var f *rig.Fault
	if !errors.Is(err, rig.ErrAttest) || !errors.As(err, &f) || f.Class != report.InfraBoot {
		t.Errorf("got %v", err)
	}
	if err := r.Flash(soon(t), firmware.Image); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Attest(soon(t)); err != nil {
		t.Error(err)
	}
	if err := r.Flash(soon(t), make([]byte, 5<<20)); !errors.Is(err, rom.ErrRange) || rig.Classify(report.Harness, err) != report.InfraFlash {
		t.Errorf("an image larger than the flash: %v", err)
	}
}
