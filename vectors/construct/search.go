package construct

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Where nothing protects the ciphertext, what can be done to it without the key
// is a matter of luck, and who makes the message can help luck along: a search
// puts such characters for ${FILL} that the edit it names is one that passes.
//
// In the middle of the message one block of inner, which is 16 characters of
// base64 and thereby 12 of text, lies within what stands for ${FILL}.
const (
	blockText = block / 4 * 3
	tries     = 1 << 26 // some seconds; one in 2^21 or so succeeds
)

var errSearch = errors.New("nothing was found")

// search knows these styles:
//
//	seqn    one flipped byte of the ciphertext raises SEQN, if a decoder of base64 skips what is not base64
//	text    the same for the digits in text, which stand behind ${FILL}
//	splice  this message's blocks up to ${FILL} and another's, made of plain, from there on are a message that no codec can refuse
func (b *builder) search(a *arguments) error {
	switch a.op.Style {
	case "seqn":
		return b.searchFlip(number, b.params.SEQN)
	case "text":
		return b.searchFlip(a.text(), a.text())
	case "splice":
		return b.searchSplice(a.op.Plain)
	}
	return a.style()
}

// halves returns what stands before and behind ${FILL} in a template.
func halves(template string) (before, behind string, err error) {
	before, behind, found := strings.Cut(template, fill)
	if !found || strings.Contains(behind, fill) || strings.Contains(before, number) {
		return "", "", fmt.Errorf("%w: wants one %s, before %s", errSearch, fill, number)
	}
	return before, behind, nil
}

// searchFlip fills, and remembers which byte to flip, so that digits, which
// stand where the marker does in the template, become a higher number.
func (b *builder) searchFlip(marker, digits string) error {
	before, behind, err := halves(b.recipe.Plain)
	if err != nil {
		return err
	}
	distance := strings.Index(behind, marker)
	if distance < 0 {
		return fmt.Errorf("%w: %s is not behind %s", errSearch, marker, fill)
	}
	distance = len(strings.ReplaceAll(behind[:distance], number, b.params.SEQN))
	behind = strings.ReplaceAll(behind, number, b.params.SEQN)
	first := (len(before) + blockText - 1) / blockText // block that can be filled whole
	for i := range digits {                            // the most significant that can be raised
		for size := (first+1)*blockText - len(before); size < (first+3)*blockText-len(before); size++ {
			text := []byte(before + strings.Repeat("x", size) + behind)
			at, mask := raise(text, len(before)+size+distance, i, len(digits))
			if mask != 0 && at/block == first+1 {
				return b.fillFlip(text, first, at%block, mask)
			}
		}
	}
	return fmt.Errorf("%w: %q cannot be raised by one byte", errSearch, digits)
}

// raise returns the byte of inner, and how to change it, so that digit i of the
// n that stand at begin in text becomes as high as one byte can make it, and
// nothing else changes. The mask is 0 if there is no such byte.
func raise(text []byte, begin, i, n int) (at int, mask byte) {
	group := (begin + i) / 3 * 3
	if group+3 > len(text) {
		return 0, 0 // = stands there
	}
	inner := base64.StdEncoding.EncodeToString(text[group : group+3])
	digit, best := begin+i-group, text[begin+i]
	for c := range inner {
		for _, other := range []byte(alphabet) {
			changed := []byte(inner)
			changed[c] = other
			p, err := base64.StdEncoding.DecodeString(string(changed))
			if err != nil || p[digit] <= best || p[digit] > '9' {
				continue
			}
			whole := append(append(bytes.Clone(text[:group]), p...), text[group+3:]...)
			if safeNumber(whole[begin:begin+n]) && bytes.Equal(whole[:begin+i], text[:begin+i]) && bytes.Equal(whole[begin+i+1:], text[begin+i+1:]) {
				best, at, mask = p[digit], group/3*4+c, inner[c]^other
			}
		}
	}
	return at, mask
}

// safeNumber reports whether digits are at most 2^53-2.
func safeNumber(digits []byte) bool {
	const limit = "9007199254740990"
	return len(digits) < len(limit) || len(digits) == len(limit) && string(digits) <= limit
}

// fillFlip fills block n of inner until that block, when byte at of its
// ciphertext is changed by mask, decrypts to text whose base64, of the
// characters that are base64, is harmless in a JSON string.
func (b *builder) fillFlip(text []byte, n, at int, mask byte) error {
	c, previous, err := b.before(text, n)
	if err != nil {
		return err
	}
	room := text[n*blockText : (n+1)*blockText]
	var ct, garbled [block]byte
	for try := range tries {
		sealBlock(c, &ct, previous, room, try)
		ct[at] ^= mask
		c.Decrypt(garbled[:], ct[:])
		subtle.XORBytes(garbled[:], garbled[:], previous)
		if survives(garbled[:]) {
			b.Text = text
			b.forge = func() error { b.CT[n*block+at] ^= mask; return nil }
			return nil
		}
	}
	return errSearch
}

// before returns the cipher and the ciphertext block before block n of the
// message of text.
func (b *builder) before(text []byte, n int) (cipher.Block, []byte, error) {
	c, err := aes.NewCipher(b.Key)
	if err != nil {
		return nil, nil, err
	}
	inner := []byte(base64.StdEncoding.EncodeToString(text[:n*blockText]))
	ct := append(bytes.Clone(b.IV), make([]byte, len(inner))...)
	if n > 0 {
		cbc(c, b.IV, ct[block:], inner)
	}
	return c, ct[len(ct)-block:], nil
}

// sealBlock writes a number into room, 12 bytes of text, and gives the
// ciphertext of their base64.
func sealBlock(c cipher.Block, ct *[block]byte, previous, room []byte, n int) {
	spell(room, n)
	base64.StdEncoding.Encode(ct[:], room)
	subtle.XORBytes(ct[:], ct[:], previous)
	c.Encrypt(ct[:], ct[:])
}

// spell writes a number into room, in letters that JSON takes as they are.
func spell(room []byte, n int) {
	for i := range room {
		room[i] = 'a' + byte(n&15)
		n >>= 4
	}
}

// survives reports whether all lenient decoders read a block alike, and what
// they read is no trouble: it is UTF-8, the characters that are base64 make
// whole groups, and those are letters of a JSON string; but not all 16 are
// base64, which a strict decoder would take.
func survives(garbled []byte) bool {
	if !utf8.Valid(garbled) { // first, since it is what nearly all fail
		return false
	}
	var kept [block]byte
	n := 0
	for _, c := range garbled {
		switch {
		case c == '-' || c == '_' || c == '=': // some take them for base64
			return false
		case strings.IndexByte(alphabet, c) >= 0:
			kept[n] = c
			n++
		}
	}
	units := utf16.Encode([]rune(string(garbled)))
	if n%4 != 0 || n == block || slices.ContainsFunc(units, truncated) {
		return false
	}
	if len(units) < block && len(units)%4 == 0 { // who counts characters, and not bytes, finds whole groups
		return false
	}
	var text [blockText]byte
	size, err := base64.StdEncoding.Decode(text[:], kept[:n])
	return err == nil && harmless(text[:size])
}

// truncated reports whether a character is one that JavaScript's Buffer takes for
// base64 though it is not, since it looks at the low byte alone: U+8049 is I.
func truncated(unit uint16) bool {
	return unit > 0xff && strings.IndexByte(alphabet+"-_=", byte(unit)) >= 0
}

// harmless reports whether text can stand in a JSON string, and that in any
// language's text.
func harmless(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\'' || c == '\\' {
			return false
		}
	}
	return true
}
