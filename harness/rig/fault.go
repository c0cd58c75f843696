package rig

import (
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/interpreter"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
)

// Fault is why a rig could not be brought up or went down, with the class of
// failure that decides the exit code.
type Fault struct {
	Class report.Class
	Step  string // what was being done, as "flashing"
	Err   error

	// Of a bring-up: what the board said as it died, and the places in the source
	// that it means ([Rig.Postmortem]); what failed before, and was tried again.
	Crash    []string
	Attempts []report.Attempt
}

func (f *Fault) Error() string { return fmt.Sprintf("%s: %v", f.Step, f.Err) }
func (f *Fault) Unwrap() error { return f.Err }

// fault classes err for a step. A crash of the firmware and a lost port are
// what they are, whatever was being done when they showed.
func fault(class report.Class, step string, err error) error {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return err
	}
	return &Fault{Class: Classify(class, err), Step: step, Err: err}
}

// Classify returns the class of err: what it says of itself, or else class. A
// program that halts a virtual board, by what a chip would not survive either
// or nobody knows the effect of, has crashed.
func Classify(class report.Class, err error) report.Class {
	var f *Fault
	var crash *console.Crash
	var halt *lx106.Halt
	switch {
	case errors.As(err, &f):
		return f.Class
	case errors.Is(err, interpreter.ErrNoVerb): // a spec that does not say what it needs
		return report.Harness
	case errors.As(err, &crash), errors.As(err, &halt):
		return report.Crash
	case errors.Is(err, console.ErrLost), errors.Is(err, port.ErrLost):
		return report.InfraPort
	}
	return class
}
