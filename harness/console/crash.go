package console

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/harness/crash"
)

// Crash is the error of whoever waits for a device that has died. What else the
// device said of it is in [Console.Dump].
type Crash struct {
	Death crash.Death
	Line  string // what the device printed
	Boot  Boot   // of a boot that nobody asked for
}

// Error says what the device printed, and what an exception's number means.
func (c *Crash) Error() string {
	return fmt.Sprintf("console: the board crashed: %s%s: %s", c.Death, c.meaning(), printable(c.Line))
}

var exceptionNumber = regexp.MustCompile(`xception \(?([0-9]{1,3})\b`)

// meaning returns what the number of an exception stands for, in parentheses.
func (c *Crash) meaning() string {
	if m := exceptionNumber.FindStringSubmatch(c.Line); c.Death == crash.Exception && m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && crash.Meaning(n) != "" {
			return " (" + crash.Meaning(n) + ")"
		}
	}
	return ""
}

// watch looks for deaths. It is armed by the first reset that the harness has
// seen through: what a board does before that, with whatever firmware it
// carries, is nobody's fault. A reset on purpose is told by [Console.Reset].
type watch struct {
	armed  bool
	causes []Cause // of the boot that is expected; empty but not nil: any but the watchdog's
	bitten bool    // that boot was to be the watchdog's, and its "wdt reset" is yet to come
	fatal  string  // an exception whose registers have not come yet
	dump   crash.Dump
}

// line returns the crash that a complete line of log tells of, or nil.
func (w *watch) line(s string) *Crash {
	if boot, ok := ParseBoot(s); ok {
		w.dump.End()
		return w.boot(boot, s)
	}
	if !w.armed {
		return nil
	}
	w.dump.Line(s)
	if w.fatal != "" {
		fatal := w.fatal
		w.fatal = ""
		return &Crash{Death: crash.Exception, Line: strings.TrimRight(fatal, " ") + " " + s}
	}
	death, more := crash.Begins(s)
	switch {
	case more:
		w.fatal = s
	case death != "":
		return &Crash{Death: death, Line: s}
	case strings.HasPrefix(s, "wdt reset") && w.bitten:
		w.bitten = false
	case strings.HasPrefix(s, "wdt reset"):
		return &Crash{Death: crash.WatchdogReset, Line: s}
	}
	return w.partial([]byte(s))
}

// partial returns the crash that a line still without its end tells of: the ROM
// hangs in the middle of this one.
func (w *watch) partial(p []byte) *Crash {
	if w.armed && bytes.Contains(p, []byte("ets_main.c")) {
		return &Crash{Death: crash.BootFailure, Line: string(p)}
	}
	return nil
}

// pending returns the crash whose last line is missing, or nil.
func (w *watch) pending() *Crash {
	if w.fatal == "" {
		return nil
	}
	return &Crash{Death: crash.Exception, Line: w.fatal}
}

// boot judges a boot line: the first one that is expected is fine.
func (w *watch) boot(b Boot, line string) *Crash {
	w.fatal = ""
	if w.expects(b) {
		w.armed, w.causes, w.bitten = true, nil, b.Cause == Watchdog
		return nil
	}
	switch {
	case !w.armed:
		return nil
	case b.Cause == Watchdog:
		return &Crash{Death: crash.WatchdogReset, Line: line, Boot: b}
	}
	return &Crash{Death: crash.UnexpectedReset, Line: line, Boot: b}
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

// Dump returns what the device said as it died. It waits until that is complete:
// the end of a dump, another line, or the next boot; as long as ctx lasts, and
// then returns what there is. A device that lives, or died without a word, has
// said nothing.
func (c *Console) Dump(ctx context.Context) crash.Dump {
	for {
		c.mu.Lock()
		d, changed, gone := c.watch.dump, c.changed, c.err != nil
		d.Words = d.Words[:len(d.Words):len(d.Words)]
		c.mu.Unlock()
		if !d.Began() || d.Ended() || gone {
			return d
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return d
		}
	}
}
