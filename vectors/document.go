package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// wellFormed holds text to what JSON readers disagree on, so that all of them
// read the same: one document in UTF-8 without a byte order mark, no key twice,
// no half of a surrogate pair. The error names the place.
func wellFormed(text []byte) error {
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		return errors.New("it begins with a byte order mark")
	}
	if i := firstBadRune(text); i >= 0 {
		return fmt.Errorf("line %d: not UTF-8", lineOf(text, i))
	}
	if err := singleKeys(text); err != nil {
		return err
	}
	return wholeRunes(text)
}

func firstBadRune(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func lineOf(text []byte, at int) int { return 1 + bytes.Count(text[:min(at, len(text))], []byte("\n")) }

// place is where the walk is: one entry for each array or object around it.
type place []*level

type level struct {
	keys  map[string]bool // of an object; nil in an array
	key   string          // of the value that comes or is being read
	named bool            // key has been read, and its value not
	index int             // in an array
}

// String returns the place as a JSON pointer (RFC 6901).
func (p place) String() string {
	var path []string
	for _, l := range p {
		if l.keys == nil {
			path = append(path, strconv.Itoa(l.index))
		} else {
			path = append(path, l.key)
		}
	}
	return pointer(path)
}

// next moves on behind a value.
func (p place) next() {
	if len(p) > 0 {
		p[len(p)-1].index++
		p[len(p)-1].named = false
	}
}

// singleKeys walks one JSON document and fails on a key that an object has
// twice, of which readers take the first, the last or both.
func singleKeys(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var at place
	for {
		token, err := dec.Token()
		switch {
		case err != nil && len(at) == 0 && dec.InputOffset() == 0 && errors.Is(err, io.EOF):
			return errors.New("it is empty")
		case err != nil:
			return syntax(text, dec, at, err)
		}
		if l := at.top(); l != nil && l.keys != nil && !l.named && token != json.Delim('}') {
			l.key, l.named = token.(string), true
			if l.keys[l.key] {
				return fmt.Errorf("at %s: the key stands there twice", at)
			}
			l.keys[l.key] = true
			continue
		}
		switch token {
		case json.Delim('{'):
			at = append(at, &level{keys: map[string]bool{}})
			continue
		case json.Delim('['):
			at = append(at, &level{})
			continue
		case json.Delim('}'), json.Delim(']'):
			at = at[:len(at)-1]
		}
		at.next()
		if len(at) == 0 {
			return trailing(text, dec)
		}
	}
}

func (p place) top() *level {
	if len(p) == 0 {
		return nil
	}
	return p[len(p)-1]
}

// trailing fails unless nothing but white space follows the document.
func trailing(text []byte, dec *json.Decoder) error {
	rest := text[dec.InputOffset():]
	if at := bytes.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune(" \t\r\n", r) }); at >= 0 {
		return fmt.Errorf("line %d: text behind the end of the document", lineOf(text, int(dec.InputOffset())+at))
	}
	return nil
}

// syntax says where the text stops being JSON.
func syntax(text []byte, dec *json.Decoder, at place, err error) error {
	offset := int(dec.InputOffset())
	var s *json.SyntaxError
	if errors.As(err, &s) {
		offset = int(s.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("line %d, at %s: not JSON: it ends there", lineOf(text, len(text)), at)
	}
	return fmt.Errorf("line %d, at %s: not JSON: %w", lineOf(text, offset), at, err)
}

var unicodeEscape = regexp.MustCompile(`^\\u([0-9a-fA-F]{4})`)

// wholeRunes fails on an escape that is half of a surrogate pair: readers make
// different things of it. Text is JSON, so that \ stands in strings only.
func wholeRunes(text []byte) error {
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			i++
			continue
		}
		first, ok := escaped(text[i:])
		if !ok {
			i += 2
			continue
		}
		i += 6
		if first < 0xd800 || first > 0xdfff {
			continue
		}
		second, ok := escaped(text[i:])
		if first > 0xdbff || !ok || second < 0xdc00 || second > 0xdfff {
			return fmt.Errorf(`line %d: \u%04x is half of a surrogate pair`, lineOf(text, i), first)
		}
		i += 6
	}
	return nil
}

// escaped returns the number of the \uXXXX that text begins with.
func escaped(text []byte) (uint64, bool) {
	m := unicodeEscape.FindSubmatch(text[:min(6, len(text))])
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseUint(string(m[1]), 16, 16)
	return n, err == nil
}

// Encode writes a file of the suite in its one form: keys in the order of the
// structs, indented by one space a level, LF, nothing escaped that need not be.
func Encode(doc any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}
