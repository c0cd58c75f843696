package shim

import (
	"errors"
	"strings"
)

// ErrQuote reports a command line whose quotes are not closed.
var ErrQuote = errors.New("shim: a quote is not closed")

// Split splits a command line into words as a shell does, and does nothing else
// that a shell would: '…' and "…" hold blanks together, and a backslash takes
// the blank, quote or backslash after it as it stands. Before any other
// character, and within '…', a backslash is one. Who wants a shell writes
// sh -c '…'.
func Split(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune // that is open, or 0
	begun := false
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == '\\' && quote != '\'' && i+1 < len(runes) && strings.ContainsRune(" \t\n\\\"'", runes[i+1]):
			i++
			word.WriteRune(runes[i])
			begun = true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && strings.ContainsRune(" \t\r\n", r):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, ErrQuote
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}
