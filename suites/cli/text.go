package cli

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote returns s as one word of a POSIX shell.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// boardWords returns the flags that name an image and a mask ROM, where they are given.
func boardWords(image, rom string) string {
	var words []string
	for _, f := range [][2]string{{"--image", image}, {"--rom", rom}} {
		if f[1] != "" {
			words = append(words, f[0], quote(f[1]))
		}
	}
	return strings.Join(words, " ")
}

// cut shortens text to n columns.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

// fold breaks text between words into lines of less than width columns; all but
// the first are indented by hang. With width 0 it stays one line.
func fold(text string, width, hang int) string {
	if width <= hang {
		return text
	}
	var b strings.Builder
	at := 0
	for i, word := range strings.Split(text, " ") {
		n := columns(word)
		switch {
		case i > 0 && at+1+n >= width && n > 0:
			b.WriteString("\n" + strings.Repeat(" ", hang))
			at = hang
		case i > 0:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	return b.String()
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// columns returns how many columns text takes on a terminal.
func columns(text string) int { return utf8.RuneCountInString(escapes.ReplaceAllString(text, "")) }

// printable returns text with control characters written out: what a board says
// must not move the cursor of whoever reads it.
func printable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }) {
		return text
	}
	q := strconv.Quote(text)
	return strings.NewReplacer(`\"`, `"`, `\t`, "\t").Replace(q[1 : len(q)-1])
}

// harmless is printable for a text of several lines.
func harmless(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}
