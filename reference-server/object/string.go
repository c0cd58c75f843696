package object

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// String returns the text of a JSON string as [Members] hands it over, quotes
// and escapes resolved. A value that is no string, or an escape that names half
// of a surrogate pair, which is no character, is an [ErrSyntax].
func String(value []byte) (string, error) {
	s := scanner{text: value}
	if !s.string() || s.at != len(value) {
		return "", fmt.Errorf("%w: a string is wanted", ErrSyntax)
	}
	text, err := unquote(value)
	return string(text), err
}

// unquote resolves the quotes and escapes of a string that the scanner has
// taken. Without escapes the result shares quoted's memory.
func unquote(quoted []byte) ([]byte, error) {
	rest := quoted[1 : len(quoted)-1]
	i := bytes.IndexByte(rest, '\\')
	if i < 0 {
		return rest, nil
	}
	text := make([]byte, 0, len(rest))
	for ; i >= 0; i = bytes.IndexByte(rest, '\\') {
		text = append(text, rest[:i]...)
		letter := rest[i+1]
		rest = rest[i+2:]
		if letter != 'u' {
			text = append(text, unescaped(letter))
			continue
		}
		r := hex4(rest)
		rest = rest[4:]
		if utf16.IsSurrogate(r) {
			if len(rest) < 6 || rest[0] != '\\' || rest[1] != 'u' {
				return nil, fmt.Errorf("%w: half a surrogate pair", ErrSyntax)
			}
			if r = utf16.DecodeRune(r, hex4(rest[2:])); r == utf8.RuneError {
				return nil, fmt.Errorf("%w: half a surrogate pair", ErrSyntax)
			}
			rest = rest[6:]
		}
		text = utf8.AppendRune(text, r)
	}
	return append(text, rest...), nil
}

// unescaped returns the character that a backslash and letter stand for.
func unescaped(letter byte) byte {
	switch letter {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return letter // " \ and / stand for themselves
}

// hex4 returns the number that the first four hexadecimal digits of p spell.
func hex4(p []byte) (r rune) {
	for _, c := range p[:4] {
		r = r<<4 | rune(hexDigit(c))
	}
	return r
}

// hexDigit returns the value of c, or -1 if it is no hexadecimal digit.
func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
