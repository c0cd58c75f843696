// Package forgery edits captured envelopes as somebody would who sits on the
// wire and has no key. A backend must refuse every one of the results.
package forgery

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrShort reports a message with too few ciphertext blocks to edit.
var ErrShort = errors.New("forgery: envelope has fewer than three blocks")

// Edit is one way of tampering with an envelope.
type Edit struct {
	Name string // what was done, as the end of "an envelope …"
	Req  string // the requirement by which it is refused
	Msg  string // the envelope after the edit
}

// Offsets in a decoded envelope.
const (
	saltAt = 8
	textAt = 16
	block  = 16
)

// Edits returns the standard set of edits of msg, the text under "msg" of a
// captured POST. Its ciphertext needs at least three blocks, which any reading
// of 30 characters has.
func Edits(msg string) ([]Edit, error) {
	raw, err := base64.StdEncoding.DecodeString(msg)
	if err != nil {
		return nil, fmt.Errorf("forgery: %w", err)
	}
	if len(raw) < textAt+3*block {
		return nil, fmt.Errorf("%w: %d bytes", ErrShort, len(raw))
	}
	last := len(raw) - block
	edits := []Edit{
		{"with another magic", "REQ-ENV-002", flip(raw, 0, 0x01)},
		{"without its magic and salt", "REQ-ENV-002", encode(raw[textAt:])},
		{"with one bit of its salt flipped", "REQ-ENV-004", flip(raw, saltAt, 0x80)},
		{"with one bit of its first block flipped", "REQ-ENV-006", flip(raw, textAt, 0x01)},
		{"with one bit of its middle block flipped", "REQ-ENV-006", flip(raw, textAt+block, 0x10)},
		{"with one bit of its last block flipped", "REQ-ENV-005", flip(raw, last, 0x01)},
		{"with its padding rewritten through the block before", "REQ-ENV-005", flip(raw, last-1, 0xff)},
		{"with two blocks swapped", "REQ-ENV-006", encode(swap(raw))},
		{"without its last block", "REQ-ENV-005", encode(raw[:last])},
		{"cut to magic and salt", "REQ-ENV-003", encode(raw[:textAt])},
		{"one byte short", "REQ-ENV-003", encode(raw[:len(raw)-1])},
		{"one byte long", "REQ-ENV-003", encode(append(raw[:len(raw):len(raw)], 0))},
		{"with a line break after it", "REQ-ENV-006", msg + "\n"},
		{"with text after it", "REQ-ENV-006", msg + "AAAA"},
		{"in the URL alphabet", "REQ-ENV-006", urlAlphabet(raw)},
		{"that is empty", "REQ-ENV-001", ""},
	}
	if strings.HasSuffix(msg, "=") {
		edits = append(edits,
			Edit{"without base64 padding", "REQ-ENV-006", strings.TrimRight(msg, "=")},
			Edit{"with stray bits before its base64 padding", "REQ-ENV-006", strayBits(msg)})
	}
	return edits, nil
}

// Sweep returns msg with one bit flipped, once for each of its decoded bytes.
func Sweep(msg string) ([]Edit, error) {
	raw, err := base64.StdEncoding.DecodeString(msg)
	if err != nil {
		return nil, fmt.Errorf("forgery: %w", err)
	}
	var edits []Edit
	for at := range raw {
		edits = append(edits, Edit{fmt.Sprintf("with bit %d of byte %d flipped", at%8, at), "REQ-ENV-007", flip(raw, at, 1<<(at%8))})
	}
	return edits, nil
}

func encode(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

func flip(raw []byte, at int, mask byte) string {
	p := append([]byte(nil), raw...)
	p[at] ^= mask
	return encode(p)
}

// swap exchanges the first two blocks of ciphertext.
func swap(raw []byte) []byte {
	p := append([]byte(nil), raw...)
	copy(p[textAt:], raw[textAt+block:textAt+2*block])
	copy(p[textAt+block:], raw[textAt:textAt+block])
	return p
}

// urlAlphabet spells the same bytes with the alphabet of RFC 4648 section 5.
// Where that makes no difference, the first character is replaced by one that
// does.
func urlAlphabet(raw []byte) string {
	url := base64.URLEncoding.EncodeToString(raw)
	if url == encode(raw) {
		return "_" + url[1:]
	}
	return url
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// strayBits sets a bit that canonical base64 leaves zero, in the character
// before the "=".
func strayBits(msg string) string {
	at := strings.IndexByte(msg, '=') - 1
	value := strings.IndexByte(alphabet, msg[at])
	return msg[:at] + string(alphabet[value|1]) + msg[at+1:]
}
