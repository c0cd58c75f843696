package rig_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/crash"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

// Firmware that crashes as it comes up leaves its last words with the fault, and
// is not begun again: that is for INFRA alone, whose failed attempts are kept.
func TestLastWords(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		words      []string
		attempts   int
	}{
		{"crashes", illegal, []string{"exception 0, illegal instruction", "epc1 0x40100000"}, 0},
		{"halts the board", callsUnknown, []string{"the virtual board halted", "epc1 0x40001234"}, 0},
		{"returns", returns, nil, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := config(t)
			cfg.Image = program(t, tt.code)
			_, err := rig.Program(soon(t), cfg)
			var f *rig.Fault
			if !errors.As(err, &f) {
				t.Fatal(err)
			}
			said := strings.Join(f.Crash, "\n")
			for _, w := range tt.words {
				if !strings.Contains(said, w) {
					t.Errorf("%q does not say %q", said, w)
				}
			}
			if tt.words == nil && said != "" {
				t.Errorf("last words of a board that lives: %q", said)
			}
			if tt.words != nil && !strings.Contains(said, "--elf") {
				t.Errorf("%q does not say what is missing", said)
			}
			if len(f.Attempts) != tt.attempts {
				t.Errorf("tried before: %+v", f.Attempts)
			}
			for _, a := range f.Attempts {
				if !a.Class.Infra() || a.Message == "" {
					t.Errorf("tried again after %+v", a)
				}
			}
		})
	}
}

// A board that lives has no last words. Of one that had no time for any is said
// that there are none to be had.
func TestPostmortem(t *testing.T) {
	t.Parallel()
	r := open(t, config(t))
	if got := r.Postmortem(soon(t), nil); got != nil {
		t.Errorf("a board that lives says %q", got)
	}
	r.Virtual().PowerCycle()
	_, err := r.Device.Seqn(soon(t))
	if rig.Classify(report.Harness, err) != report.Crash {
		t.Fatalf("a power cut went unnoticed: %v", err)
	}
	got := strings.Join(r.Postmortem(soon(t), err), "\n")
	if !strings.Contains(got, "unexpected reset") || !strings.Contains(got, "keeps no address") {
		t.Errorf("of a board whose supply fails is said %q", got)
	}
	bitten := &console.Crash{Death: crash.WatchdogReset, Line: " ets Jan  8 2013,rst cause:4, boot mode:(3,6)"}
	if got := strings.Join(r.Postmortem(soon(t), bitten), "\n"); !strings.Contains(got, "watchdog") || !strings.Contains(got, "keeps no address") {
		t.Errorf("of one that the watchdog has bitten is said %q", got)
	}
}

// What is no ELF is refused before anything is touched.
func TestELFThatIsNone(t *testing.T) {
	t.Parallel()
	cfg := config(t)
	cfg.ELF = []byte("#!/bin/sh")
	if _, err := rig.Program(soon(t), cfg); !errors.Is(err, crash.ErrELF) {
		t.Error(err)
	}
}
