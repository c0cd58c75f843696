package object

import (
	"bytes"
	"encoding/binary"
)

// scanner walks over JSON text by the grammar of RFC 8259. Its methods report
// whether what they are named after stood at the cursor, and leave the cursor
// behind it, or at the offending byte.
type scanner struct {
	text []byte
	at   int
	err  error // what visit returned, if that ended the walk
}

// peek returns the byte at the cursor, or 0, which no grammar rule accepts, at
// the end.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// value takes any JSON value; depth is the number of arrays and objects that
// are open around it.
func (s *scanner) value(depth int) bool {
	switch c := s.peek(); {
	case c == '"':
		return s.string()
	case c == '{':
		return depth < MaxDepth && s.object(depth+1, nil)
	case c == '[':
		return depth < MaxDepth && s.array(depth+1)
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	default:
		return s.number()
	}
}

// object takes an object and shows its members to visit, if there is one.
func (s *scanner) object(depth int, visit func(quoted, value []byte) error) bool {
	s.at++
	s.space()
	if s.take('}') {
		return true
	}
	for {
		start := s.at
		if !s.string() {
			return false
		}
		quoted := s.text[start:s.at]
		s.space()
		if !s.take(':') {
			return false
		}
		s.space()
		start = s.at
		if !s.value(depth) {
			return false
		}
		if visit != nil {
			if s.err = visit(quoted, s.text[start:s.at:s.at]); s.err != nil {
				return false
			}
		}
		s.space()
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
		s.space()
	}
}

func (s *scanner) array(depth int) bool {
	s.at++
	s.space()
	if s.take(']') {
		return true
	}
	for {
		if !s.value(depth) {
			return false
		}
		s.space()
		if s.take(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
		s.space()
	}
}

func (s *scanner) word(w string) bool {
	if !bytes.HasPrefix(s.text[s.at:], []byte(w)) {
		return false
	}
	s.at += len(w)
	return true
}

func (s *scanner) string() bool {
	if !s.take('"') {
		return false
	}
	for {
		s.ordinary()
		if s.take('"') {
			return true
		}
		if !s.take('\\') || !s.escape() {
			return false // a control character, or the end
		}
	}
}

// ordinary takes the bytes that stand for themselves in a string, if there are
// any: eight at a time as long as that goes, since data is mostly these.
func (s *scanner) ordinary() {
	const ones = 0x0101010101010101
	rest := s.text[s.at:]
	for len(rest) >= 8 {
		word := binary.NativeEndian.Uint64(rest)
		quote, backslash := word^ones*'"', word^ones*'\\'
		control := (word - ones*' ') &^ word // a high bit for a byte below, in the lowest such
		if (control|(quote-ones)&^quote|(backslash-ones)&^backslash)&(ones<<7) != 0 {
			break
		}
		rest = rest[8:]
	}
	for len(rest) > 0 && rest[0] >= ' ' && rest[0] != '"' && rest[0] != '\\' {
		rest = rest[1:]
	}
	s.at = len(s.text) - len(rest)
}

// escape takes what follows a backslash.
func (s *scanner) escape() bool {
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
		return true
	case 'u':
		s.at++
		for range 4 {
			if hexDigit(s.peek()) < 0 {
				return false
			}
			s.at++
		}
		return true
	}
	return false
}

func (s *scanner) number() bool {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return false
	}
	if s.take('.') && !s.digits() {
		return false
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		return s.digits()
	}
	return true
}

// digits takes one decimal digit or more.
func (s *scanner) digits() bool {
	start := s.at
	for '0' <= s.peek() && s.peek() <= '9' {
		s.at++
	}
	return s.at > start
}
