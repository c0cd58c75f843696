// Package crash makes sense of what an ESP8266 prints as it dies: a [Dump] is
// gathered line by line, in the words of the mask ROM, of the vendor's SDKs, of
// the Arduino core or of the reference firmware, and [Symbols] find the places
// in the source that its addresses mean, by the ELF alone.
//
//	Fatal exception (28):
//	epc1=0x40101234, epc2=0x00000000, …, excvaddr=0x00000000, depc=0x00000000
//
// becomes
//
//	exception 28, load from an address where nothing is: 0x00000000
//	epc1 0x40101234 send (core/control.c:134)
//
// A device that has crashed may print anything: whatever comes is bounded, and
// none of it is believed beyond being printed.
package crash

import (
	"regexp"
	"strconv"
	"strings"
)

// Dump is what a device says as it dies. The zero value waits for a line that
// begins one.
type Dump struct {
	Death Death
	Cause int    // EXCCAUSE, as the first line tells it; -1 if it does not
	First string // the line that began it
	Words []Word // in the order told, as far as maxWords

	began, ended bool
}

// Word is a register, or a word of the stack.
type Word struct {
	Name  string // epc1, excvaddr, a0, stack …
	Value uint32
}

// What a Word that is no register is called.
const (
	stackWord = "stack"
	traceWord = "trace" // a call, or where it returns to
	allocWord = "alloc" // where memory was asked for in vain
)

// maxWords bounds a dump: the stack of an Arduino sketch has a thousand.
const maxWords = 2048

// Line takes the next line of log, and reports whether it belongs to the dump.
// The first line that does not, once it began, ends it.
func (d *Dump) Line(s string) bool {
	begin, known := beginning(s)
	switch {
	case d.ended, !d.began && !known:
		return false
	case !d.began:
		d.began, d.Death, d.Cause, d.First = true, begin.death, begin.cause, begin.text
		s = s[begin.at:]
	case known && begin.cause >= 0 && !strings.HasPrefix(s, "epc1="):
		d.End() // the ROM tells the same again and again
		return false
	}
	words := wordsOf(s)
	d.Words = append(d.Words, words[:min(len(words), maxWords-len(d.Words))]...)
	switch {
	case strings.Contains(s, "<<<stack<<<"):
		d.End()
	case len(words) == 0 && !known && !frame.MatchString(s):
		d.End()
		return false
	}
	return true
}

// End says that nothing of the dump is to come: the device was reset.
func (d *Dump) End() { d.ended = d.began }

// Began reports whether there is anything.
func (d *Dump) Began() bool { return d.began }

// Ended reports whether it is complete.
func (d *Dump) Ended() bool { return d.ended }

// word returns the first word of that name.
func (d *Dump) word(name string) (uint32, bool) {
	for _, w := range d.Words {
		if w.Name == name {
			return w.Value, true
		}
	}
	return 0, false
}

// frame is what stands between the words of a dump.
var frame = regexp.MustCompile(`^\s*$|^-+( CUT HERE.*)?$|>>>stack>>>|^\s*(?:ctx|sp): |^Core +0 register dump|^Backtrace:|^last failed alloc`)

var (
	register = regexp.MustCompile(`(?i)\b(epc[1-3]|excvaddr|depc|exccause|pc|a1[0-5]|a[0-9]|at)\s*[=:]\s*(?:0x)?([0-9a-f]{8})\b`)
	stack    = regexp.MustCompile(`^\s*[0-9a-f]{8}:((?:\s+[0-9a-f]{8}){1,4})\s*<?\s*$`)
	traced   = regexp.MustCompile(`\b0x([0-9a-f]{8}):0x[0-9a-f]{8}\b`)
	alloc    = regexp.MustCompile(`^last failed alloc (?:call|caller): (?:0x)?([0-9a-f]{8})\b`)
)

// wordsOf returns the words that a line tells.
func wordsOf(s string) []Word {
	var words []Word
	switch m := stack.FindStringSubmatch(s); {
	case m != nil:
		for _, digits := range strings.Fields(m[1]) {
			words = append(words, Word{stackWord, hex(digits)})
		}
		return words
	case strings.HasPrefix(s, "Backtrace:"):
		for _, m := range traced.FindAllStringSubmatch(s, maxWords) {
			words = append(words, Word{traceWord, hex(m[1])})
		}
		return words
	}
	if m := alloc.FindStringSubmatch(s); m != nil {
		return []Word{{allocWord, hex(m[1])}}
	}
	for _, m := range register.FindAllStringSubmatch(s, maxWords) {
		name := strings.ToLower(m[1])
		switch name {
		case "pc":
			name = "epc1"
		case "at": // as the reference firmware tells of its stack
			name = stackWord
		}
		words = append(words, Word{name, hex(m[2])})
	}
	return words
}

// hex converts eight digits that a pattern has let through.
func hex(digits string) uint32 {
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		panic("crash: internal error: " + err.Error())
	}
	return uint32(v)
}
