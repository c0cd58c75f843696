package powercut_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/suites/powercut"
)

// cutsVariable set to "all" has TestReference explore all cuts there are, as
// .ci/run does, and as espalier run does in any case.
const cutsVariable = "ESPALIER_CUTS"

// broad has cuts of every kind and all changes of sectors, and of each as many
// as a test of every day has time for. It leaves out no more than powercut.Some
// does (TestBroad), under which TestMutants finds each fault.
var broad = powercut.Size{Changes: 6, Near: 2, Between: 64, Setups: 8, Boots: 256, Again: 64, Lives: 8, Cuts: 30}

// The reference firmware, under broad cuts or all; under the race detector some.
func TestReference(t *testing.T) {
	size, least := powercut.Here, powercut.Count{}
	switch {
	case size != powercut.All:
	case os.Getenv(cutsVariable) == "all":
		least = powercut.Count{Cuts: 5000, Sends: 1000, Changes: 6, InSetup: 1000, InBoots: 1000, InLives: 1000}
	default:
		size = broad
		least = powercut.Count{Cuts: 1000, Sends: 40, Changes: 6, InSetup: 200, InBoots: 200, InLives: 200}
	}
	n, err := powercut.Explore(t.Context(), powercut.Config{Image: firmware.Image, Seed: 1, Size: size})
	t.Log(n)
	if err != nil {
		t.Fatal(err)
	}
	if n.Cuts < least.Cuts || n.Sends < least.Sends || n.Changes < least.Changes || n.InSends < 16*n.Sends ||
		n.InSetup < least.InSetup || n.InBoots < least.InBoots || n.InLives < least.InLives {
		t.Errorf("that is less than was promised: %v", least)
	}
	if n.Skipped > n.Cuts {
		t.Errorf("%d numbers are skipped at %d cuts", n.Skipped, n.Cuts)
	}
}

// What one size explores, the next one explores too.
func TestBroad(t *testing.T) {
	for _, tt := range []struct{ less, more powercut.Size }{{powercut.Some, broad}, {broad, powercut.All}} {
		l, m := tt.less, tt.more
		if l.Changes > m.Changes || l.Near > m.Near || l.Again > m.Again || l.Lives > m.Lives || l.Cuts > m.Cuts ||
			l.Between%m.Between != 0 || l.Setups%m.Setups != 0 || l.Boots%m.Boots != 0 {
			t.Errorf("%+v is no part of %+v", l, m)
		}
	}
}

// mutant builds firmware with a fault.
func mutant(t *testing.T, fault string) []byte {
	t.Helper()
	need.Tool(t, "xtensa-lx106-elf-gcc")
	dir := t.TempDir()
	out := filepath.Join(dir, "mutant.bin")
	cmd := exec.Command("make", "-C", "../../boards/firmware", "mutant", "BUILD="+dir, "FAULT="+fault, "OUT="+out)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	im, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// Each faulty firmware is caught, for what is wrong with it, and the same cut
// alone catches it again.
func TestMutants(t *testing.T) {
	for _, tt := range []struct {
		fault string
		parts powercut.Parts
		says  string
	}{
		{"FAULT_RECORD_AFTER_SEND", powercut.Sends, "is repeated"},
		{"FAULT_SEQN_RESET_ON_BOOT", powercut.Sends, "SEQN 10, and 11 is due: a number is repeated"},
		{"FAULT_TORN_RECORD", powercut.Sends, "are skipped"},
		{"FAULT_TORN_PROVISION", powercut.Setups, `store is "damaged"`},
		{"FAULT_WEAK_COPY", powercut.Setups, `store is "damaged"`},
		{"FAULT_RECORD_AFTER_SEND", powercut.Lives, ""},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			t.Parallel()
			cfg := powercut.Config{Image: mutant(t, tt.fault), Seed: 1, Size: powercut.Some, Parts: tt.parts}
			n, err := powercut.Explore(t.Context(), cfg)
			var v *powercut.Violation
			if !errors.As(err, &v) || !strings.Contains(v.What, tt.says) {
				t.Fatalf("%v, not a violation that says %q, after %v", err, tt.says, n)
			}
			t.Log(v)
			if !strings.Contains(v.Error(), "--seed 1 --at "+v.Place.String()) {
				t.Errorf("no command repeats %q", v)
			}
			again, err := powercut.Repeat(t.Context(), cfg, v.Place)
			var same *powercut.Violation
			if !errors.As(err, &same) || same.What != v.What || same.Place != v.Place {
				t.Errorf("the same cut again: %v", err)
			}
			if before := strings.Join(v.Last, "\n"); !strings.Contains(before, "fails\n") || !strings.Contains(before, "device ") {
				t.Errorf("what came before lacks a lane:\n%s", before)
			}
			if again.Cuts > 60 {
				t.Errorf("it took %d cuts again", again.Cuts)
			}
		})
	}
}

// A chip that leaves no pulse half done does not count, and would let a fault
// through.
func TestKindChip(t *testing.T) {
	cfg := powercut.Config{Image: firmware.Image, Seed: 1, Size: powercut.Some, Parts: powercut.Sends, Whole: true}
	n, err := powercut.Explore(t.Context(), cfg)
	if !errors.Is(err, powercut.ErrKind) || n.Cuts == 0 || n.Torn > 0 {
		t.Errorf("%v, %v", n, err)
	}
	cfg.Image, cfg.Size, cfg.Parts = mutant(t, "FAULT_WEAK_COPY"), powercut.Some, powercut.Setups
	if n, err := powercut.Explore(t.Context(), cfg); !errors.Is(err, powercut.ErrKind) {
		t.Errorf("a fault that only weak cells show: %v, %v", n, err)
	}
}

// What is no device is no violation, and ends.
func TestNoDevice(t *testing.T) {
	for name, im := range map[string][]byte{"nothing": nil, "half an image": firmware.Image[:len(firmware.Image)/2]} {
		_, err := powercut.Explore(t.Context(), powercut.Config{Image: im, Seed: 1, Size: powercut.Some})
		var v *powercut.Violation
		if err == nil || errors.As(err, &v) || !strings.Contains(err.Error(), "before any cut") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := powercut.Explore(ctx, powercut.Config{Image: firmware.Image, Size: powercut.All}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestPlaces(t *testing.T) {
	for _, s := range []string{"send-0/1", "send-256/9", "provision-first/1", "provision-same/208~3", "provision-other/208~3+120", "provision-other/8+1", "life-3"} {
		p, err := powercut.ParsePlace(s)
		if err != nil || p.String() != s {
			t.Errorf("%q: %v, %v", s, p, err)
		}
	}
	for _, s := range []string{"", "send", "send-", "send-1", "send-01/1", "send--1/1", "send-1/0", "send-1/1+", "send-1/1+0", "send-1/1~", "send-1/01", "life-1/2", "life-x", "boot/1", "send-1/1+2~3", "send-1/1/2", "send-10000/1"} {
		if p, err := powercut.ParsePlace(s); !errors.Is(err, powercut.ErrPlace) {
			t.Errorf("%q is taken for %+v, %v", s, p, err)
		}
	}
	p, err := powercut.ParsePlace("send-1/999")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := powercut.Repeat(t.Context(), powercut.Config{Image: firmware.Image, Size: powercut.Some}, p); !errors.Is(err, powercut.ErrPlace) {
		t.Errorf("a pulse that there is not: %v", err)
	}
}

func FuzzPlace(f *testing.F) {
	f.Add("provision-other/208~3+120")
	f.Add("life-3")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := powercut.ParsePlace(s); err == nil && p.String() != s {
			t.Errorf("%q becomes %q", s, p)
		}
	})
}
