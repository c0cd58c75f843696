package crash

import (
	"regexp"
	"strconv"
	"strings"
)

// Death is the way in which a device died.
type Death string

// The ways.
const (
	Exception       Death = "fatal exception"
	Panic           Death = "panic"               // abort, assert, a C++ exception that nobody caught, a smashed stack
	SoftWatchdog    Death = "software watchdog"   // of an SDK, which tells more than the chip's
	WatchdogReset   Death = "watchdog reset"      // of the chip: "wdt reset", or cause 4 in the boot line
	UnexpectedReset Death = "unexpected reset"    // a boot line that nobody asked for
	BootFailure     Death = "no program to start" // "ets_main.c": the ROM found no sound image and hangs
)

// begins are the lines that begin a dump. What an exception's line does not hold
// itself, the next one does.
var begins = []struct {
	death Death
	line  *regexp.Regexp
}{
	{Exception, regexp.MustCompile(`Fatal exception ?\(?([0-9]{1,3})\b`)},           // the mask ROM, NONOS SDK, Arduino before it has started
	{Exception, regexp.MustCompile(`^Exception \(([0-9]{1,3})\):`)},                 // Arduino
	{Exception, regexp.MustCompile(`^Guru Meditation Error: Core +0 panic'ed`)},     // RTOS SDK
	{Exception, regexp.MustCompile(`^epc1=0x`)},                                     // the mask ROM, of an unaligned access
	{SoftWatchdog, regexp.MustCompile(`^Soft WDT reset`)},                           // Arduino
	{Panic, regexp.MustCompile(`^Panic \S+:[0-9]+`)},                                // Arduino
	{Panic, regexp.MustCompile(`^(?:Abort called|Unhandled (?:C\+\+ )?exception)`)}, // Arduino
	{Panic, regexp.MustCompile(`^Stack (?:smashing|overflow) detected`)},            // Arduino
	{Panic, regexp.MustCompile(`^User exception \(panic/abort/assert\)`)},           // Arduino
}

// opening is the line that begins a dump.
type opening struct {
	death Death
	cause int    // EXCCAUSE; -1 if the line does not tell
	at    int    // where in the line it begins
	text  string // from there on
}

// beginning finds the beginning of a dump in a line.
func beginning(s string) (opening, bool) {
	for _, b := range begins {
		m := b.line.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		o := opening{death: b.death, cause: -1, at: m[0], text: s[m[0]:]}
		if len(m) > 2 && m[2] >= 0 {
			n, err := strconv.Atoi(s[m[2]:m[3]])
			if err != nil {
				panic("crash: internal error: " + err.Error()) // three digits, this is unreachable
			}
			o.cause = n
		}
		if strings.HasPrefix(o.text, "epc1=") {
			o.cause = 9 // ESP8266.md 2.3: it tells its stack in place of the number
		}
		return o, true
	}
	return opening{}, false
}

// Begins reports how a device died that prints this line, and whether the line
// that follows tells where.
func Begins(s string) (death Death, more bool) {
	o, ok := beginning(s)
	return o.death, ok && o.death == Exception && !strings.Contains(s, "epc1=") && !strings.HasPrefix(s, "Guru")
}
