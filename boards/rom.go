package boards

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/espalier-hil/espalier/boards/smallrom"
)

// MaskROM says which mask ROM a virtual board executes.
type MaskROM struct {
	SHA256 string `json:"sha256"` // of its 64 KiB, in hex
	What   string `json:"what"`   // it is, in words
}

// dumps are the mask ROMs that are known to have been read out of a chip. Every
// ESP8266 has the same one, which gives its date as Jan 8 2013.
var dumps = map[string]string{
	"32f199bf10da9a08c6c4e1b556b29c7606656b8a6d04e4f17d5afa74e5d98c68": "mask ROM of the ESP8266EX, dumped from a chip",
}

// IdentifyROM says what p is. Nothing counts as a chip's ROM but what is known
// for it, byte for byte.
func IdentifyROM(p []byte) MaskROM {
	sum := sha256.Sum256(p)
	rom := MaskROM{SHA256: hex.EncodeToString(sum[:]), What: "not known as the ROM of a chip"}
	if what, ok := dumps[rom.SHA256]; ok {
		rom.What = what
	} else if bytes.Equal(p, smallrom.ROM) {
		rom.What = "the small ROM written here"
	}
	return rom
}

// Dumped reports whether the ROM is known to have been read out of a chip,
// whatever it says of itself.
func (r *MaskROM) Dumped() bool { return r != nil && dumps[r.SHA256] != "" }
