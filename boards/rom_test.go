package boards_test

import (
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/smallrom"
)

// Only what is known for it counts as a chip's ROM, whatever it says of itself.
func TestROMsOfChips(t *testing.T) {
	forged := boards.IdentifyROM(make([]byte, 1<<16))
	if forged.SHA256 != "de2f256064a0af797747c2b97505dc0b9f3df0de4f489eac731c23ae9ca9cc31" || forged.Dumped() {
		t.Errorf("64 KiB of zeros: %+v", forged)
	}
	forged.What = "mask ROM of the ESP8266EX, dumped from a chip"
	if forged.Dumped() {
		t.Error("believed for its words")
	}
	small := boards.IdentifyROM(smallrom.ROM)
	if small.Dumped() || small.What != "the small ROM written here" {
		t.Errorf("our own: %+v", small)
	}
	var none *boards.MaskROM
	if none.Dumped() {
		t.Error("no ROM counts as one")
	}
	real := boards.MaskROM{SHA256: "32f199bf10da9a08c6c4e1b556b29c7606656b8a6d04e4f17d5afa74e5d98c68"}
	if !real.Dumped() {
		t.Error("the ESP8266's ROM is not known")
	}
	real.SHA256 = strings.ToUpper(real.SHA256)
	if real.Dumped() {
		t.Error("a digest in another form is taken")
	}
}
