package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Class says what a failure is about, and thereby whose it is.
type Class string

// The classes of failure.
const (
	Nonconformant Class = "NONCONFORMANT"   // device or backend did what a requirement forbids
	Crash         Class = "CRASH"           // the firmware crashed
	ServerFailed  Class = "SERVER"          // the backend crashed or failed on its own
	Unreachable   Class = "UNREACHABLE"     // the backend does not answer
	InfraBoard    Class = "INFRA/board"     // the board does not answer, or is another one
	InfraPort     Class = "INFRA/port"      // the port is wrong, busy or gone
	InfraFlash    Class = "INFRA/flash"     // the image could not be written
	InfraBoot     Class = "INFRA/boot"      // the board does not boot what was written
	InfraLink     Class = "INFRA/link"      // the board does not reach the harness's network
	InfraCtr      Class = "INFRA/container" // the container cannot be had
	Harness       Class = "HARNESS"         // the harness itself
)

// Code is the exit code of a command.
type Code int

// The exit codes, one table for the whole command.
const (
	CodeOK            Code = 0
	CodeNonconformant Code = 1
	CodeUsage         Code = 2
	CodeNothing       Code = 3 // nothing was tested
	CodeHarness       Code = 4
	CodeUnreachable   Code = 5
	CodePartial       Code = 6 // something demanded was not tested
	CodeBoard         Code = 10
	CodePort          Code = 11
	CodeFlash         Code = 12
	CodeBoot          Code = 13
	CodeLink          Code = 14
	CodeContainer     Code = 15
	CodeCrash         Code = 20
	CodeServer        Code = 21
)

// classes are in order of precedence: where a run has failures of several
// classes, the first of these decides. What was proved against device or
// backend comes first, for it stays true whatever else broke; INFRA before
// HARNESS, for it is commonly its cause.
var classes = []struct {
	class Class
	code  Code
}{
	{Nonconformant, CodeNonconformant},
	{Crash, CodeCrash},
	{ServerFailed, CodeServer},
	{InfraPort, CodePort},
	{InfraBoard, CodeBoard},
	{InfraFlash, CodeFlash},
	{InfraBoot, CodeBoot},
	{InfraLink, CodeLink},
	{InfraCtr, CodeContainer},
	{Unreachable, CodeUnreachable},
	{Harness, CodeHarness},
}

// Code returns the class's exit code. A class that is none is the harness's
// mistake.
func (c Class) Code() Code {
	for _, k := range classes {
		if k.class == c {
			return k.code
		}
	}
	return CodeHarness
}

// Infra reports whether the class is of what lies around device and backend.
// Nothing else is ever tried again: a second try would hide what the first
// one found.
func (c Class) Infra() bool { return strings.HasPrefix(string(c), "INFRA/") }

// Classes returns all classes, those that decide a run's exit code first.
func Classes() []Class {
	var all []Class
	for _, k := range classes {
		all = append(all, k.class)
	}
	return all
}

// class returns the class of a failed result: what it says, if that exists.
func (res Result) class() Class {
	for _, k := range classes {
		if k.class == res.Class {
			return k.class
		}
	}
	return Harness
}

var codeNames = map[Code]string{
	CodeOK:            "fine",
	CodeNonconformant: "nonconformant",
	CodeUsage:         "usage",
	CodeNothing:       "nothing tested",
	CodeHarness:       "harness failure",
	CodeUnreachable:   "backend unreachable",
	CodePartial:       "partial",
	CodeBoard:         "board",
	CodePort:          "port",
	CodeFlash:         "flash",
	CodeBoot:          "boot",
	CodeLink:          "link",
	CodeContainer:     "container",
	CodeCrash:         "firmware crash",
	CodeServer:        "server failure",
}

// Codes returns all exit codes in rising order.
func Codes() []Code { return slices.Sorted(maps.Keys(codeNames)) }

// String returns what the code means, in a word or two.
func (c Code) String() string {
	if name, ok := codeNames[c]; ok {
		return name
	}
	return fmt.Sprintf("Code(%d)", int(c))
}

// Code returns the run's exit code. It is CodeOK only if something was tested,
// nothing failed, nothing demanded is missing and the run came to its end.
func (r *Run) Code() Code {
	failed := map[Class]bool{}
	partial := false
	for _, res := range r.Results {
		switch res.Status {
		case Pass:
		case Skip:
			partial = partial || res.Demanded
		case Fail:
			failed[res.class()] = true
		default:
			failed[Harness] = true
		}
	}
	for _, k := range classes {
		if failed[k.class] {
			return k.code
		}
	}
	for _, row := range r.Matrix() {
		partial = partial || row.Demanded && row.Pass == 0
	}
	switch {
	case r.Finished.IsZero():
		return CodeHarness
	case r.Counts().Ran() == 0:
		return CodeNothing
	case partial:
		return CodePartial
	}
	return CodeOK
}
