// Package object reads one JSON object more strictly than encoding/json does.
//
// Keys match byte for byte (encoding/json also takes "seqn" for "SEQN"), a key
// that comes twice is an error (encoding/json lets the last one win), and the
// text is UTF-8 and nothing but the object. Values are handed over as the bytes
// that came; what lies inside them is checked for grammar only.
package object

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may be nested, the outermost object
// included. It bounds the stack, whatever an attacker sends.
const MaxDepth = 512

var (
	// ErrSyntax reports a text that is not exactly one JSON object in UTF-8.
	ErrSyntax = errors.New("object: not one JSON object")

	// ErrDuplicate reports a key that comes twice in the outermost object.
	ErrDuplicate = errors.New("object: duplicate key")
)

// Members calls visit for each member of the object in text, in order. The key
// has its escapes resolved; the value is the bytes as they came, without the
// white space around them, and shares text's memory. An error of visit ends
// the walk and is returned as it is.
//
// Grammar is checked on the way, so visit may have seen members of a text that
// turns out to be broken: a caller keeps nothing unless Members returns nil.
// Errors tell positions, never content, which may be secret.
func Members(text []byte, visit func(key, value []byte) error) error {
	if !utf8.Valid(text) {
		return fmt.Errorf("%w: not UTF-8", ErrSyntax)
	}
	var seen keys
	s := scanner{text: text}
	s.space()
	ok := s.peek() == '{' && s.object(1, func(quoted, value []byte) error {
		key, err := unquote(quoted)
		if err != nil {
			return err
		}
		if !seen.add(key) {
			return fmt.Errorf("%w: at byte %d", ErrDuplicate, s.at)
		}
		return visit(key, value)
	})
	if s.err != nil {
		return s.err
	}
	s.space()
	if !ok || s.at != len(text) {
		return fmt.Errorf("%w: byte %d of %d", ErrSyntax, s.at, len(text))
	}
	return nil
}

// keys is the set of keys met so far. The few of an honest message need no map.
type keys struct {
	few  [8][]byte
	n    int
	many map[string]bool
}

// add reports whether key is new to the set.
func (k *keys) add(key []byte) bool {
	for _, old := range k.few[:k.n] {
		if bytes.Equal(old, key) {
			return false
		}
	}
	if k.n < len(k.few) {
		k.few[k.n] = key
		k.n++
		return true
	}
	if k.many[string(key)] {
		return false
	}
	if k.many == nil {
		k.many = make(map[string]bool)
	}
	k.many[string(key)] = true
	return true
}
