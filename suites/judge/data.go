package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// sameValue reports whether two JSON texts say the same: numbers are exact
// decimals, so that 1.0 is 1 and 2^53+1 is not 2^53; escapes are resolved; the
// order of an object's keys does not matter. A key that stands there twice has
// all its values, in their order: to keep one of them is to change the data.
func sameValue(a, b []byte) bool {
	if !json.Valid(a) || !json.Valid(b) {
		return false
	}
	return canonical(a) == canonical(b)
}

// canonical returns one spelling for all spellings of a value.
func canonical(text []byte) string {
	w := walker{rest: text}
	return w.value()
}

// walker goes over JSON text that is known to be valid.
type walker struct{ rest []byte }

// peek returns the next byte that is no white space.
func (w *walker) peek() byte {
	w.rest = bytes.TrimLeft(w.rest, " \t\r\n")
	return w.rest[0]
}

func (w *walker) value() string {
	switch w.peek() {
	case '{':
		return w.object()
	case '[':
		var items []string
		w.list(']', func() { items = append(items, w.value()) })
		return "[" + strings.Join(items, ",") + "]"
	case '"':
		return w.text()
	case 't', 'f', 'n':
		return w.token("abcdefghijklmnopqrstuvwxyz")
	}
	return number(w.token("+-.0123456789eE"))
}

// list takes what stands between brackets, item by item.
func (w *walker) list(end byte, item func()) {
	w.rest = w.rest[1:]
	for w.peek() != end {
		if w.rest[0] == ',' {
			w.rest = w.rest[1:]
			continue
		}
		item()
	}
	w.rest = w.rest[1:]
}

func (w *walker) object() string {
	type member struct{ key, value string }
	var members []member
	w.list('}', func() {
		key := w.text()
		w.peek()
		w.rest = w.rest[1:] // the colon
		members = append(members, member{key, w.value()})
	})
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.key, b.key) })
	var s strings.Builder
	for _, m := range members {
		fmt.Fprintf(&s, "%s:%s,", m.key, m.value)
	}
	return "{" + s.String() + "}"
}

func (w *walker) token(alphabet string) string {
	n := len(w.rest) - len(bytes.TrimLeft(w.rest, alphabet))
	word := string(w.rest[:n])
	w.rest = w.rest[n:]
	return word
}

// text takes a string and returns it in quotes of its own. Half of a surrogate
// pair, which is no character, stays what it is.
func (w *walker) text() string {
	p := w.rest[1:]
	var out []byte
	for p[0] != '"' {
		if p[0] != '\\' {
			out = append(out, p[0])
			p = p[1:]
			continue
		}
		letter := p[1]
		p = p[2:]
		if letter != 'u' {
			out = append(out, unescape[letter])
			continue
		}
		r := unit(p)
		p = p[4:]
		if utf16.IsSurrogate(r) {
			if len(p) >= 6 && p[0] == '\\' && p[1] == 'u' && utf16.DecodeRune(r, unit(p[2:])) != '\uFFFD' {
				r = utf16.DecodeRune(r, unit(p[2:]))
				p = p[6:]
			} else { // as UTF-8 would have it, if it were a character
				out = append(out, 0xe0|byte(r>>12), 0x80|byte(r>>6&0x3f), 0x80|byte(r&0x3f))
				continue
			}
		}
		out = append(out, string(r)...)
	}
	w.rest = p[1:]
	return strconv.Quote(string(out))
}

// unescape is what a backslash and a letter stand for.
var unescape = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func unit(p []byte) rune {
	n, _ := strconv.ParseUint(string(p[:4]), 16, 16) // four digits: the text is valid
	return rune(n)
}

// number returns a JSON number as its digits, without zeros around them, and
// the power of ten of the last one.
func number(s string) string {
	mantissa, power, _ := strings.Cut(strings.ToLower(s), "e")
	exponent := new(big.Int)
	if power != "" {
		exponent.SetString(strings.TrimPrefix(power, "+"), 10)
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	exponent.Sub(exponent, big.NewInt(int64(len(fraction))))
	digits = strings.TrimLeft(whole+fraction, "0")
	short := strings.TrimRight(digits, "0")
	if short == "" {
		return "0"
	}
	exponent.Add(exponent, big.NewInt(int64(len(digits)-len(short))))
	if negative {
		short = "-" + short
	}
	return short + "e" + exponent.String()
}
