// Package rig puts together what a spec works with: a board that runs the image
// it was given, a backend, the wire between them, and one console that hears
// everything.
//
//	board ── console ──┐
//	  │                rig ── spec
//	  └── wire ── server
//
// Bringing a rig up is the only place where anything is tried twice, and every
// failed attempt is kept; see [Rig.Attempts]. An error of this package is a
// [*Fault], whose class decides the exit code.
package rig

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/crash"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/wire"
)

// Identity is who the device is to the backend.
type Identity struct {
	ID         string
	Passphrase string
}

// Config says what to bring up.
type Config struct {
	Board    *boards.Descriptor
	Port     string         // "virtual:" or a serial port
	Virtual  virtual.Config // of a virtual board
	Image    []byte         // v1 image, flashed at 0 and attested from then on
	ELF      []byte         // that Image was made from; nil is the reference firmware's where that is the image
	Server   server.Config
	Identity Identity
	Next     uint64 // lowest SEQN to begin with; the device's own wins if it is larger
	Link     string // way to the backend; empty is the descriptor's first
	WireAddr string // where the wire listens; empty is a free port of 127.0.0.1
	Seed     uint64

	// NoAttest leaves out the proof, for firmware that cannot give it: the
	// board is flashed and reset, and nobody waits for a HELLO.
	NoAttest bool

	// Progress, if not nil, is told what is being done. It must return soon.
	Progress func(Step)
}

// Step is a moment of the bring-up.
type Step struct {
	Name   string // server, board, flash, boot, link
	Detail string // what is known by now, for a person
	Done   int    // bytes, while flashing
	Total  int    // bytes, while flashing; otherwise 0
	Over   bool   // the step is complete
	Ask    bool   // Detail is for a person to do, now
}

// Rig is a board, a backend and what lies between them, ready for specs. Its
// methods must not be called at once.
type Rig struct {
	Board    *boards.Descriptor
	Chip     rom.Identity
	Console  *console.Console
	Device   Device
	Server   *server.Server
	Wire     *wire.Recorder
	Identity Identity
	First    uint64 // the SEQN that the run began with

	cfg      Config
	backend  atomic.Pointer[string] // where the wire listens, once it does
	virtual  *virtual.Board         // nil for a board that is not ours
	witness  witness                // of that board
	far      time.Duration          // there and back to the port; 0 on this machine
	boot     Boot
	symbols  *crash.Symbols // nil where no ELF is known
	attempts []report.Attempt
	release  []func(context.Context) error
}

// Open brings a rig up: the board is flashed, booted and attested, the backend
// started, and the device told of it. What was begun is undone on error.
func Open(ctx context.Context, cfg Config) (*Rig, error) {
	r := &Rig{Board: cfg.Board, Identity: cfg.Identity, cfg: cfg}
	return r.bringUp(ctx, r.check, r.plug, r.start, r.program, r.introduce)
}

// Program brings up the board alone: it is flashed, booted and attested. The
// rig has no server and no wire.
func Program(ctx context.Context, cfg Config) (*Rig, error) {
	r := &Rig{Board: cfg.Board, Identity: cfg.Identity, cfg: cfg}
	return r.bringUp(ctx, r.check, r.plug, r.program)
}

func (r *Rig) bringUp(ctx context.Context, steps ...func(context.Context) error) (*Rig, error) {
	for _, bring := range steps {
		if err := bring(ctx); err != nil {
			var f *Fault
			if errors.As(err, &f) {
				f.Crash, f.Attempts = r.Postmortem(ctx, err), r.attempts
			}
			return nil, errors.Join(err, r.Close(context.WithoutCancel(ctx)))
		}
	}
	return r, nil
}

// Close takes the rig down, last things first. The console's and the wire's
// records stay readable.
func (r *Rig) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	var errs []error
	for len(r.release) > 0 {
		last := len(r.release) - 1
		errs = append(errs, r.release[last](ctx))
		r.release = r.release[:last]
	}
	return errors.Join(errs...)
}

// onClose has f called when the rig is taken down.
func (r *Rig) onClose(f func(context.Context) error) { r.release = append(r.release, f) }

func (r *Rig) say(s Step) {
	if r.cfg.Progress != nil {
		r.cfg.Progress(s)
	}
}

// Image returns the image that the board is held to. It must not be changed.
func (r *Rig) Image() []byte { return r.cfg.Image }

// Seed returns the seed of the run.
func (r *Rig) Seed() uint64 { return r.cfg.Seed }

// Virtual returns the virtual board, or nil for one that is not ours.
func (r *Rig) Virtual() *virtual.Board { return r.virtual }

// ROM says which mask ROM the virtual board executes; nil where it has the one
// that is written here, and for a board that is not ours.
func (r *Rig) ROM() *boards.MaskROM {
	if r.virtual == nil {
		return nil
	}
	return r.virtual.ROM()
}

// Boot returns how the board last came up.
func (r *Rig) Boot() Boot { return r.boot }

// Attempts returns what failed on the way up before it went well.
func (r *Rig) Attempts() []report.Attempt { return r.attempts }

// Links that matter here.
const (
	serial = "serial" // the host carries what the device sends
	wifi   = "wifi"   // a network of the board's own
)

// Grade returns what results on this rig are evidence of.
func (r *Rig) Grade() report.Grade {
	claim, board := report.HardwareTethered, report.Board{MAC: r.Chip.MAC.String(), ROM: r.ROM()}
	switch {
	case board.ROM != nil:
		claim = report.VirtualROM
	case r.Link() == wifi:
		claim = report.HardwareWiFi
	}
	return board.Believed(claim)
}
