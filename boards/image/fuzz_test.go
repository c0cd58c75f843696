package image_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
)

// FuzzFromELF reads anything as a program. What it takes for one encodes to an
// image that Parse takes too; what it refuses has one of the package's reasons.
func FuzzFromELF(f *testing.F) {
	f.Add(firmware.ELF[:4096])
	f.Add(elf32(0x40100000, 4, 4))
	f.Add(elf32(0x40107ffc, 8, 4))
	f.Add(elf32(0x3ffe8000, 5, 8))
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, p []byte) {
		im, err := image.FromELF(bytes.NewReader(p))
		if (err == nil) != (im != nil) {
			t.Fatalf("%v, %v", im, err)
		}
		if err != nil {
			if !errors.Is(err, image.ErrELF) && !errors.Is(err, image.ErrSegment) && !errors.Is(err, image.ErrTooLarge) {
				t.Fatalf("%v is of no class", err)
			}
			return
		}
		out, err := im.Encode()
		if errors.Is(err, image.ErrHeader) || errors.Is(err, image.ErrTooLarge) {
			return // more segments, or more bytes, than an image has
		}
		if err != nil {
			t.Fatalf("does not encode: %v", err)
		}
		if again, n, err := image.Parse(out); err != nil || n != len(out) || len(again.Segments) != len(im.Segments) {
			t.Fatalf("encoded to what does not parse: %v", err)
		}
	})
}

// elf32 returns an executable for the lx106 with one segment of size bytes at
// addr, of which there are bytes in the file.
func elf32(addr, size uint32, there int) []byte {
	word := func(v uint32) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)} }
	p := append([]byte("\x7fELF\x01\x01\x01"), make([]byte, 9)...)
	p = append(p, 2, 0, 94, 0, 1, 0, 0, 0)                            // ET_EXEC, EM_XTENSA, version
	p = append(append(p, word(addr)...), word(52)...)                 // entry, program headers
	p = append(append(p, word(0)...), word(0)...)                     // section headers, flags
	p = append(p, 52, 0, 32, 0, 1, 0, 0, 0, 0, 0, 0, 0)               // sizes and numbers of headers
	for _, v := range []uint32{1, 84, addr, addr, size, size, 5, 4} { // PT_LOAD at 84
		p = append(p, word(v)...)
	}
	return append(p, make([]byte, there)...)
}

func TestFromELFByHand(t *testing.T) {
	im, err := image.FromELF(bytes.NewReader(elf32(0x3ffe8000, 5, 5)))
	if err != nil || len(im.Segments) != 1 || len(im.Segments[0].Data) != 8 {
		t.Fatalf("%+v, %v", im, err)
	}
	for name, tt := range map[string]struct {
		p    []byte
		want error
	}{
		"cut off":              {elf32(0x40100000, 8, 4), image.ErrSegment},
		"in the cache's half":  {elf32(0x40108000, 4, 4), image.ErrSegment},
		"too large for IRAM":   {elf32(0x40100000, 0x8004, 0x8004), image.ErrTooLarge},
		"unaligned":            {elf32(0x40100002, 4, 4), image.ErrSegment},
		"above what there is":  {elf32(0xfffffffc, 4, 4), image.ErrSegment},
		"nothing to be loaded": {elf32(0x40100000, 0, 0), image.ErrELF},
	} {
		if im, err := image.FromELF(bytes.NewReader(tt.p)); !errors.Is(err, tt.want) || im != nil {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}
