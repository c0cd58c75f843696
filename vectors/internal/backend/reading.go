package backend

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/vectors"
)

const maxSEQN = 1<<53 - 2

// read returns the reading in a text, or the stage that refuses it. next is the
// lowest number that is let in.
func (b Backend) read(text []byte, next uint64) (data string, seqn uint64, stage vectors.Stage) {
	text = b.unicode(text)
	if !utf8.Valid(text) {
		if !b.replacedUTF8 {
			return "", 0, vectors.StageInnerUTF8
		}
		text = replaced(text)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil || members == nil {
		return "", 0, vectors.StageInnerJSON
	}
	value, number := members["data"], string(members["SEQN"])
	if value == nil || number == "" {
		return "", 0, vectors.StageFields
	}
	seqn, err := strconv.ParseUint(number, 10, 64)
	switch {
	case err != nil || seqn > maxSEQN:
		return "", 0, vectors.StageSEQNType
	case seqn < next:
		return "", 0, vectors.StageSEQNReplay
	}
	return string(value), seqn, ""
}

// replaced puts U+FFFD for what is no UTF-8, one for each of Unicode's maximal
// subparts, as Node and Python do.
func replaced(text []byte) (all []byte) {
	for len(text) > 0 {
		c, n := utf8.DecodeRune(text)
		if c == utf8.RuneError && n == 1 {
			for n < len(text) && !utf8.FullRune(text[:n+1]) {
				n++
			}
		}
		all, text = utf8.AppendRune(all, c), text[n:]
	}
	return all
}

// unicode returns text in UTF-8 and without a byte order mark, as far as the
// backend knows of such; zeros tell UTF-16, as RFC 4627 says.
func (b Backend) unicode(text []byte) []byte {
	if b.skipsBOM && strings.HasPrefix(string(text), "\xef\xbb\xbf") {
		return text[3:]
	}
	if !b.utf16 || len(text) < 2 || len(text)%2 != 0 {
		return text
	}
	var order binary.ByteOrder
	switch {
	case text[0] == 0xff && text[1] == 0xfe:
		text, order = text[2:], binary.LittleEndian
	case text[0] == 0xfe && text[1] == 0xff:
		text, order = text[2:], binary.BigEndian
	case text[0] == 0:
		order = binary.BigEndian
	case text[1] == 0:
		order = binary.LittleEndian
	default:
		return text
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
