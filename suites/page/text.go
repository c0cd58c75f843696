package page

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// How much of a text is shown, in characters; the rest is counted.
const (
	longLine  = 400
	longCode  = 1600
	longShort = 120
)

// piled is how many combining marks a character may carry before they are
// written out: more of them run over the lines above and below.
const piled = 3

// shown returns the first limit characters of a text, with everything written
// out that does not show as itself: control characters, what turns the direction
// of writing, spaces of no width, and bytes that are no UTF-8. What was left out
// is counted. The template does the escaping.
func shown(text string, limit int) string {
	var b strings.Builder
	marks := 0
	for n := 0; len(text) > 0; n++ {
		if n == limit {
			fmt.Fprintf(&b, " … (%d bytes more)", len(text))
			break
		}
		r, size := utf8.DecodeRuneInString(text)
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\n', r == '\r', r == '\t':
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		case marks > piled, !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		text = text[size:]
	}
	return b.String()
}

// line, short and code are shown for prose, for a name and for what a program
// reads.
func line(text string) string  { return shown(text, longLine) }
func short(text string) string { return shown(text, longShort) }
func code(text string) string  { return shown(text, longCode) }

// lines is line for each text, the first few of them.
func lines(texts []string, most int) (list []string) {
	for i, text := range texts {
		if i == most {
			return append(list, fmt.Sprintf("… and %d more", len(texts)-most))
		}
		list = append(list, line(text))
	}
	return list
}

// codes is code for each text, the first few of them.
func codes(texts []string, most int) (list []string) {
	for i, text := range texts {
		if i == most {
			break
		}
		list = append(list, code(text))
	}
	return list
}

// plural returns "1 test", "2 tests".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// took returns a duration as a person reads it.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// compact writes a number in five characters or so, whatever its size.
func compact(n uint64) string {
	if n < 10000 {
		return strconv.FormatUint(n, 10)
	}
	if n >= 1<<52 {
		return fmt.Sprintf("2^%d", bits.Len64(n))
	}
	x, i := float64(n), 0
	for x >= 999.5 && i < 5 {
		x, i = x/1000, i+1
	}
	digits := 2 // behind the point, so that there are three in all
	for y := x; y >= 9.995 && digits > 0; y /= 10 {
		digits--
	}
	return strconv.FormatFloat(x, 'f', digits, 64) + []string{"", "k", "M", "G", "T", "P"}[i]
}
