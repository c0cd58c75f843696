package console

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// Death is the way in which a device died.
type Death string

// What the mask ROM tells of.
const (
	Exception       Death = "fatal exception"     // "Fatal exception (28): " and its registers
	WatchdogReset   Death = "watchdog reset"      // "wdt reset"
	UnexpectedReset Death = "unexpected reset"    // a boot line that nobody asked for
	BootFailure     Death = "no program to start" // "ets_main.c": the ROM found no sound image and hangs
)

// Crash is the error of whoever waits for a device that has died.
type Crash struct {
	Death Death
	Line  string // what the device printed
	Boot  Boot   // of UnexpectedReset
}

// Error says what the device printed, and what an exception's number means.
func (c *Crash) Error() string {
	return fmt.Sprintf("console: the board crashed: %s%s: %s", c.Death, c.meaning(), printable(c.Line))
}

// exceptions are the values of EXCCAUSE that a program can bring about (Xtensa
// ISA, table "Exception Causes"; on this chip 3 is a byte access to IRAM, ROM
// or flash).
var exceptions = map[string]string{
	"0":  "illegal instruction, or a division by zero",
	"1":  "system call",
	"2":  "instruction fetch failed",
	"3":  "load or store failed: IRAM, ROM and flash take whole words only",
	"6":  "division by zero",
	"8":  "privileged instruction",
	"9":  "unaligned load or store",
	"20": "jump to an address where no code is",
	"28": "load from an address where nothing is",
	"29": "store to an address where nothing is",
}

var exceptionNumber = regexp.MustCompile(`Fatal exception \(([0-9]{1,3})\)`)

// meaning returns what the number of an exception stands for, in parentheses.
func (c *Crash) meaning() string {
	if m := exceptionNumber.FindStringSubmatch(c.Line); c.Death == Exception && m != nil && exceptions[m[1]] != "" {
		return " (" + exceptions[m[1]] + ")"
	}
	return ""
}

// watch looks for deaths. It is armed by the first reset that the harness has
// seen through: what a board does before that, with whatever firmware it
// carries, is nobody's fault.
type watch struct {
	armed  bool
	causes []Cause // of the boot that is expected; empty but not nil: any but the watchdog's
	bitten bool    // that boot was to be the watchdog's, and its "wdt reset" is yet to come
	fatal  string  // an exception whose registers have not come yet
}

// line returns the crash that a complete line of log tells of, or nil.
func (w *watch) line(s string) *Crash {
	if boot, ok := ParseBoot(s); ok {
		return w.boot(boot, s)
	}
	if !w.armed {
		return nil
	}
	if w.fatal != "" {
		fatal := w.fatal
		w.fatal = ""
		return &Crash{Death: Exception, Line: fatal + s}
	}
	switch {
	case strings.Contains(s, "Fatal exception"):
		w.fatal = s
	case strings.HasPrefix(s, "epc1=0x"): // of an unaligned access the ROM tells no more
		return &Crash{Death: Exception, Line: s}
	case strings.HasPrefix(s, "wdt reset") && w.bitten:
		w.bitten = false
	case strings.HasPrefix(s, "wdt reset"):
		return &Crash{Death: WatchdogReset, Line: s}
	}
	return w.partial([]byte(s))
}

// partial returns the crash that a line still without its end tells of: the ROM
// hangs in the middle of this one.
func (w *watch) partial(p []byte) *Crash {
	if w.armed && bytes.Contains(p, []byte("ets_main.c")) {
		return &Crash{Death: BootFailure, Line: string(p)}
	}
	return nil
}

// pending returns the crash whose last line is missing, or nil.
func (w *watch) pending() *Crash {
	if w.fatal == "" {
		return nil
	}
	return &Crash{Death: Exception, Line: w.fatal}
}

// boot judges a boot line: the first one that is expected is fine.
func (w *watch) boot(b Boot, line string) *Crash {
	w.fatal = ""
	if w.expects(b) {
		w.armed, w.causes, w.bitten = true, nil, b.Cause == Watchdog
		return nil
	}
	if !w.armed {
		return nil
	}
	return &Crash{Death: UnexpectedReset, Line: line, Boot: b}
}

// expects reports whether b is the boot that a reset is waiting for.
func (w *watch) expects(b Boot) bool {
	if w.causes == nil {
		return false
	}
	if len(w.causes) == 0 {
		return b.Cause != Watchdog
	}
	for _, c := range w.causes {
		if c == b.Cause {
			return true
		}
	}
	return false
}
