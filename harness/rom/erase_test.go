package rom_test

import (
	"fmt"
	"testing"

	"github.com/espalier-hil/espalier/harness/rom"
)

// What the ROM does with a size that it takes at its word, as measured.
func TestErased(t *testing.T) {
	for _, tt := range []struct{ offset, size, want uint32 }{
		{0x00000, 0x00000, 0x00000},
		{0x00000, 0x01000, 0x02000}, // sectors 0, 1
		{0x00000, 0x18000, 0x28000}, // 0–F, block at 10000, 20–27
		{0x0E000, 0x01000, 0x10000}, // E, F
		{0x0C000, 0x20000, 0x30000}, // C–F, block at 10000, 20–2F
	} {
		if got := rom.Erased(tt.offset, tt.size); got != tt.want {
			t.Errorf("Erased(%#x, %#x) = %#x, want %#x", tt.offset, tt.size, got, tt.want)
		}
	}
}

func TestEraseSize(t *testing.T) {
	for _, tt := range []struct{ offset, length, want uint32 }{
		{0, 1, 0x1000},
		{0, 0x1000, 0x1000},
		{0, 0x1001, 0x1000},      // two sectors, one of them unasked
		{0, 0x2001, 0x2000},      // three, rounded up to four
		{0, 0x1F000, 0x10000},    // 31 sectors, just under twice 16
		{0, 0x20000, 0x10000},    // 32: the boundary case
		{0, 0x21000, 0x11000},    // 33
		{0xF000, 0x1000, 0x1000}, // one before the boundary
		{0xF000, 0x3000, 0x2000},
		{0x10000, 0x40000, 0x30000},
	} {
		if got := rom.EraseSize(tt.offset, tt.length); got != tt.want {
			t.Errorf("EraseSize(%#x, %#x) = %#x, want %#x", tt.offset, tt.length, got, tt.want)
		}
	}
}

// Wherever an image lies, all of it is erased, and at most one sector behind it.
func TestEraseSizeSuffices(t *testing.T) {
	const sector = 4096
	for offset := uint32(0); offset < 20*sector; offset += sector {
		for length := uint32(1); length < 70*sector; length += sector / 2 {
			end := (offset + length + sector - 1) / sector * sector
			got := rom.Erased(offset, rom.EraseSize(offset, length))
			if got != end && got != end+sector {
				t.Fatalf("%d bytes at %#x: erased up to %#x, image ends in the sector before %#x", length, offset, got, end)
			}
		}
	}
}

func ExampleEraseSize() {
	size := rom.EraseSize(0, 0x18000)
	fmt.Printf("ask for %#x, get %#x\n", size, rom.Erased(0, size))
	// Output: ask for 0xc000, get 0x18000
}
