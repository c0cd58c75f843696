package explain

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// width is how many columns a line takes at most, those for the shell aside.
const width = 79

type shade string

const (
	bold   shade = "\x1b[1m"
	faint  shade = "\x1b[2m"
	red    shade = "\x1b[31m"
	green  shade = "\x1b[32m"
	yellow shade = "\x1b[33m"
	blue   shade = "\x1b[34m"
	cyan   shade = "\x1b[36m"
	plain  shade = "\x1b[0m"
)

// page collects lines, with colours or without.
type page struct {
	strings.Builder
	colour bool
}

func (p *page) paint(s shade, text string) string {
	if !p.colour || strings.TrimSpace(text) == "" {
		return text
	}
	return string(s) + text + string(plain)
}

func (p *page) line(format string, args ...any) {
	p.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// section begins a part of the page.
func (p *page) section(title string) { p.line("\n%s", p.paint(bold, title)) }

// say writes text behind a label, folded between words. The label stands in a
// column of its own.
func (p *page) say(label string, column int, format string, args ...any) {
	p.shaded("", label, column, format, args...)
}

// shaded is say with the label in a colour.
func (p *page) shaded(s shade, label string, column int, format string, args ...any) {
	text := printable(fmt.Sprintf(format, args...))
	if label != "" && utf8.RuneCountInString(label) >= column {
		p.line("  %s", p.paint(s, label))
		if label = ""; text == "" {
			return
		}
	}
	for i, l := range fold(text, width-2-column) {
		if i > 0 {
			label = ""
		}
		gap := max(0, column-utf8.RuneCountInString(label))
		p.line("  %s%s%s", p.paint(s, label), strings.Repeat(" ", gap), l)
	}
}

// fold breaks text between words into lines of at most n characters. A word
// that is longer is broken where the line ends.
func fold(text string, n int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		for utf8.RuneCountInString(word) > n {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := string([]rune(word)[:n])
			lines, word = append(lines, head), strings.TrimPrefix(word, head)
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > n:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// printable returns text with control characters written out: what was made to
// confuse a backend must not confuse a terminal.
func printable(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		text = text[n:]
	}
	return b.String()
}

// longest is how many characters of a text are shown; the rest is counted.
const longest = 320

// short is printable for a text that may be long: its beginning and its end.
func short(text []byte) string {
	if len(text) <= longest {
		return printable(string(text))
	}
	head, tail := text[:longest*3/4], text[len(text)-longest/8:]
	return fmt.Sprintf("%s … %d bytes more … %s", printable(string(head)), len(text)-len(head)-len(tail), printable(string(tail)))
}

// dots returns bytes as they stand beside their hexadecimal digits.
func dots(p []byte) string {
	runes := make([]rune, len(p))
	for i, c := range p {
		runes[i] = '·'
		if c >= 0x20 && c < 0x7f {
			runes[i] = rune(c)
		}
	}
	return string(runes)
}

// block writes text as it is over several lines, folded where the column ends.
func (p *page) block(label string, column int, text string, marks []int) {
	room := width - 2 - column
	runes := []rune(text)
	for at := 0; at < len(runes) || at == 0; at += room {
		end := min(at+room, len(runes))
		if at > 0 {
			label = ""
		}
		p.line("  %s%s%s", label, strings.Repeat(" ", max(0, column-utf8.RuneCountInString(label))), string(runes[at:end]))
		if row := carets(marks, at, end); row != "" {
			p.line("  %s%s", strings.Repeat(" ", column), p.paint(red, row))
		}
	}
}

// carets returns a row that points at those marks which lie from at to end.
func carets(marks []int, at, end int) string {
	var b strings.Builder
	for i := at; i < end; i++ {
		if _, marked := slices.BinarySearch(marks, i); marked {
			b.WriteByte('^')
		} else {
			b.WriteByte(' ')
		}
	}
	return strings.TrimRight(b.String(), " ")
}
