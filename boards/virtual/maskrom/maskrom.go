// Package maskrom is a mask ROM for the virtual ESP8266, written by this
// project. It answers at the addresses of the real one and shows the outside
// the same bytes: the boot log, the UART loader with its oddities, and the
// functions that programs call.
//
// Nothing in it is machine code. The core stops when it enters the ROM, and
// [ROM.Step] does in one go what the ROM does from that address on. What the
// ROM does in a waiting loop, Step leaves for the next call: PC stays where it
// is, so that interrupts come through as they do during the real loop.
//
// What the ROM remembers is in [State] and in the chip's own RAM, where the
// real one has it.
package maskrom

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Outcome is what a step led to.
type Outcome int

const (
	// Ran means that PC has moved on.
	Ran Outcome = iota
	// Waits means that the ROM polls for something that has not come: input,
	// an interrupt, or a reset. Nothing changes until then.
	Waits
	// Crashed means that the ROM printed the report of an exception that will
	// occur again at once. It took the time that the text takes on the wire; a
	// board that shows it to somebody lets the wall clock catch up.
	Crashed
)

// Phase is what the ROM itself is doing.
type Phase int

const (
	// InApp is the time from the program's entry on.
	InApp Phase = iota
	// Autobaud waits for edges on RX, to measure the host's speed.
	Autobaud
	// Loader receives commands.
	Loader
	// Hung is the end of a boot, or of a program, that has nowhere to go.
	Hung
)

// ErrUnknown is the reason of a halt at an address where this ROM has nothing.
var ErrUnknown = errors.New("maskrom: no such ROM function")

// State is what the ROM remembers outside the chip's RAM.
type State struct {
	Phase Phase
	// Dead is why the ROM hangs until reset, empty if it does not.
	Dead string

	baud   baudMeter
	rx     receiver
	loader loader
	seed   uint64 // of rand

	running   invocation // the last one
	callbacks []callback // that the program's code has not returned from
}

// ROM is the ROM of one chip. It is not safe for concurrent use.
type ROM struct {
	State
	m   *soc.Machine
	cpu *lx106.CPU
}

// New returns the ROM of m, and makes the core stop where it enters it.
func New(m *soc.Machine) *ROM {
	r := &ROM{State: State{seed: 1}, m: m, cpu: m.CPU}
	m.CPU.TrapLo, m.CPU.TrapHi = soc.ROMBase, soc.ROMBase+soc.ROMSize
	return r
}

// Snapshot returns a State that stays as it is.
func (r *ROM) Snapshot() State {
	s := r.State
	s.callbacks = slices.Clone(s.callbacks)
	return s
}

// Restore sets what the ROM remembers to what Snapshot returned, of this ROM or
// of another.
func (r *ROM) Restore(s State) {
	r.State = s
	r.callbacks = slices.Clone(s.callbacks)
}

// Word returns the words of the ROM that are known as data. It is what
// [soc.Config] calls ROMWord.
func Word(addr uint32) (uint32, bool) {
	if addr == 0x40001000 { // esptool tells the chip by it
		return 0xfff0c101, true
	}
	return 0, false
}

// Step does what the ROM does at PC. The error is a *[lx106.Halt]: the
// program asked for something of which this ROM does not know the effect.
func (r *ROM) Step() (Outcome, error) {
	pc := r.cpu.PC
	if run, ok := places[pc]; ok {
		out, err := run(r)
		return out, r.halt(err)
	}
	f, ok := functions[pc]
	if !ok {
		return Waits, r.halt(fmt.Errorf("%w at 0x%08x, called from 0x%08x", ErrUnknown, pc, r.cpu.A[0]))
	}
	r.running = invocation{pc, r.cpu.A}
	out, err := r.finish(f.run(r))
	return out, r.halt(err)
}

// finish ends a step of the function that is running, with the error that the
// step returned: the function is over where that is nil.
func (r *ROM) finish(err error) (Outcome, error) {
	f := functions[r.running.entry]
	var fault *soc.Fault
	switch {
	case errors.Is(err, errWaits):
		return Waits, nil
	case errors.Is(err, errAgain):
		return Ran, nil
	case errors.As(err, &fault): // a handler may come back to the call
		r.cpu.PC, r.cpu.A = r.running.entry, r.running.args
		return Ran, r.fault(err)
	case err != nil:
		return Waits, fmt.Errorf("maskrom: %s: %w", f.name, err)
	}
	r.leave(f.results)
	return Ran, nil
}

// fault makes the core enter the exception that err stands for; any other
// error it returns.
func (r *ROM) fault(err error) error {
	var fault *soc.Fault
	if !errors.As(err, &fault) {
		return err
	}
	r.cpu.Exception(fault.Cause, fault.Addr)
	return nil
}

// leave returns to the caller. A caller may not rely on the registers that
// the calling convention gives away, so they come back spoilt.
func (r *ROM) leave(results int) {
	for i := 2 + results; i <= 11; i++ {
		r.cpu.A[i] = spoilt
	}
	r.cpu.PC = r.cpu.A[0]
	r.spend(callCycles)
}

const (
	spoilt     = 0x5bad5bad
	callCycles = 20 // what a call costs at least; a round figure
	cpuMHz     = 52
)

// spend lets n core cycles pass.
func (r *ROM) spend(n int) {
	r.m.Advance(time.Duration(n) * time.Microsecond / cpuMHz)
}

// halt makes err, if there is one, the end of the machine's run.
func (r *ROM) halt(err error) error {
	var halt *lx106.Halt
	if err == nil || errors.As(err, &halt) {
		return err
	}
	return &lx106.Halt{PC: r.cpu.PC, A: r.cpu.A, Reason: err}
}
