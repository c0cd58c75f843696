package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/crash"
)

// dumpTime is what a board gets to say why it dies: at 74880 baud the stack of
// an Arduino sketch takes a second and a half.
const dumpTime = 3 * time.Second

// readELF finds the program that the image was made from.
func (r *Rig) readELF() (err error) {
	elf := r.cfg.ELF
	if elf == nil && bytes.Equal(r.cfg.Image, firmware.Image) {
		elf = firmware.ELF
	}
	if elf != nil {
		r.symbols, err = crash.Load(elf)
	}
	return err
}

// dump returns what the board says as it dies, once that is complete or has
// taken too long.
func (r *Rig) dump(ctx context.Context) crash.Dump {
	if r.Console == nil {
		return crash.Dump{}
	}
	ctx, cancel := context.WithTimeout(ctx, dumpTime)
	defer cancel()
	return r.Console.Dump(ctx)
}

// speechless is what there is to say of deaths after which the chip has nothing
// left to tell.
var speechless = map[crash.Death][]string{
	crash.WatchdogReset: {
		"watchdog reset: the program did not feed the chip's watchdog in time",
		"the chip keeps no address of it: what it did last is in the lanes of the timeline",
	},
	crash.UnexpectedReset: {
		"unexpected reset: the chip began again, and nobody had asked for it",
		"it keeps no address of it: look for a supply that breaks down, or for code that restarts the chip",
	},
	crash.BootFailure: {
		"no program to start: the ROM found no sound image in the flash, and hangs",
	},
}

// Postmortem says what the death means that err tells of, a line each: how the
// board died, where in the source it was, and how it came there. Of a reset that
// keeps no address it says that, and what to do. It is nil for a board that lives.
func (r *Rig) Postmortem(ctx context.Context, err error) []string {
	d := r.dump(ctx)
	if text := d.Text(r.symbols); text != nil {
		return text
	}
	var died *console.Crash
	if errors.As(err, &died) {
		return speechless[died.Death]
	}
	var halt *lx106.Halt
	if !errors.As(err, &halt) {
		return nil
	}
	d.Line(fmt.Sprintf("epc1=0x%08x", halt.PC))
	d.Line(fmt.Sprintf("a0=0x%08x", halt.A[0]))
	d.Cause, d.First = -1, fmt.Sprintf("the virtual board halted: %v", halt.Reason)
	d.End()
	return d.Text(r.symbols)
}
