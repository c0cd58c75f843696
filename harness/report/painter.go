package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

type shade string

const (
	red    shade = "\x1b[31m"
	green  shade = "\x1b[32m"
	yellow shade = "\x1b[33m"
	faint  shade = "\x1b[2m"
	plain  shade = "\x1b[0m"
)

// painter collects lines, with colours or without.
type painter struct {
	strings.Builder
	colour bool
}

func (p *painter) line(format string, args ...any) {
	p.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (p *painter) paint(s shade, text string) string {
	if !p.colour {
		return text
	}
	return string(s) + text + string(plain)
}

// mark returns a verdict as it stands at the head of a row.
func (p *painter) mark(verdict string) string {
	switch verdict {
	case "pass":
		return p.paint(green, "pass    ")
	case "fail":
		return p.paint(red, "FAIL    ")
	case "skip":
		return p.paint(yellow, "not run ")
	}
	return p.paint(faint, "untested")
}

// printable returns text with control characters written out. What a board
// says must not move the cursor of whoever reads about it.
func printable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && r != '\t' }) {
		return text
	}
	q := strconv.Quote(text)
	return strings.NewReplacer(`\"`, `"`, `\t`, "\t").Replace(q[1 : len(q)-1])
}
