package backend

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf8"
)

// spelling is what a decoder of base64 lets pass beyond the canonical spelling.
type spelling struct {
	looseBits  bool // bits that padding leaves over need not be zero
	overpadded bool // = behind whole groups
	newlines   bool // CR and LF are skipped
	trailing   bool // what follows the first = is not looked at
	unpadded   bool // = may be missing
	partial    bool // a last group of one character is dropped
	url        bool // - and _ stand for + and /
	zero       bool // what is not base64 counts as A
	ones       bool // what is not base64 counts as -1, and fills its word with ones
	foreign    bool // what is not base64 is skipped
}

var errBase64 = errors.New("not base64")

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decode reads text by these rules.
func (r spelling) decode(text string) (p []byte, err error) {
	if r.ones && !utf8.ValidString(text) {
		return nil, errBase64 // CryptoJS takes texts, and no bytes
	}
	var sextets []int
	for i, c := range text {
		value := strings.IndexRune(alphabet, c)
		if r.url && value < 0 {
			value = 62 + strings.IndexRune("-_", c)
			if value < 62 {
				value = -1
			}
		}
		switch {
		case value >= 0:
			sextets = append(sextets, value)
		case c == '=':
			end, ok := r.end(r.visible(text[i:]), len(sextets))
			if ok {
				return r.bytes(sextets, end)
			}
			if !r.foreign {
				return nil, errBase64
			}
		case r.ones:
			sextets = append(sextets, -1)
		case r.newlines && (c == '\r' || c == '\n'):
		case r.zero:
			sextets = append(sextets, 0)
		case !r.foreign:
			return nil, errBase64
		}
	}
	return r.bytes(sextets, len(sextets)%4 == 0)
}

// visible returns what the decoder sees of a rest that begins with =.
func (r spelling) visible(rest string) string {
	return strings.Map(func(c rune) rune {
		if c != '=' && !strings.ContainsRune(alphabet, c) && (r.foreign || r.newlines && (c == '\r' || c == '\n')) {
			return -1
		}
		return c
	}, rest)
}

// end decides whether the text ends at rest, which begins with =, after n
// characters of base64; and whether their padding is whole.
func (r spelling) end(rest string, n int) (padded, ok bool) {
	want := strings.Repeat("=", (4-n%4)%4)
	switch {
	case n%4 >= 2 && rest == want:
		return true, true
	case n%4 == 0 && n > 0 && r.overpadded && strings.Trim(rest, "=") == "":
		return true, true
	case r.trailing && n%4 >= 2 && strings.HasPrefix(rest, want):
		return true, true
	case r.trailing:
		return n%4 == 0, true
	}
	return false, false
}

// bytes packs sextets; padded says whether what had to follow them did.
func (r spelling) bytes(sextets []int, padded bool) (p []byte, err error) {
	switch over := len(sextets) % 4; {
	case over == 1 && !r.partial, over > 1 && !padded && !r.unpadded:
		return nil, errBase64
	case over == 1:
		sextets = sextets[:len(sextets)-1]
	}
	bits, n := 0, 0
	for _, s := range sextets {
		bits, n = bits<<6|s&63, n+6
		if n >= 8 {
			n -= 8
			p = append(p, byte(bits>>n))
			bits &= 1<<n - 1
		}
	}
	if bits != 0 && !r.looseBits {
		return nil, errBase64
	}
	if r.ones {
		return smeared(sextets), nil
	}
	return p, nil
}

// smeared packs sextets into words of four bytes, as CryptoJS 3 does: the ones
// of a -1 run over the bytes that stand before it in the word.
func smeared(sextets []int) (p []byte) {
	var word uint32
	for i, s := range sextets {
		if i%4 == 0 {
			continue
		}
		n, shift := len(p)%4, i%4*2
		word |= (uint32(sextets[i-1])<<shift | uint32(s)>>(6-shift)) << (24 - 8*n)
		p = binary.BigEndian.AppendUint32(p[:len(p)-n], word)[:len(p)+1]
		if n == 3 {
			word = 0
		}
	}
	return p
}
