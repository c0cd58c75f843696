package image_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/image"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var two = image.Image{
	Mode:  image.DIO,
	Entry: 0x40100004,
	Segments: []image.Segment{
		{Addr: 0x3ffe8000, Data: []byte{1, 2, 3, 4}},
		{Addr: 0x40100000, Data: []byte{0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80}},
	},
}

const twoHex = `
	e9 02 02 00  04 00 10 40
	00 80 fe 3f  04 00 00 00  01 02 03 04
	00 00 10 40  08 00 00 00  10 20 30 40 50 60 70 80
	00 00 00 00 00 00 00 00 00 00 00 6b`

func TestEncode(t *testing.T) {
	got, err := two.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if want := unhex(t, twoHex); !bytes.Equal(got, want) {
		t.Errorf("Encode:\n got % x\nwant % x", got, want)
	}
	if len(got) != two.Len() {
		t.Errorf("Len = %d, encoded to %d bytes", two.Len(), len(got))
	}
}

func TestParseRefuses(t *testing.T) {
	good := unhex(t, twoHex)
	edit := func(at int, b byte) []byte { p := bytes.Clone(good); p[at] = b; return p }
	for _, tt := range []struct {
		name string
		in   []byte
		want error
	}{
		{"nothing", nil, image.ErrMagic},
		{"blank flash", bytes.Repeat([]byte{0xff}, 64), image.ErrMagic},
		{"an OTA image", edit(0, 0xea), image.ErrMagic},
		{"a cut header", good[:7], image.ErrHeader},
		{"no segments", edit(1, 0), image.ErrHeader},
		{"seventeen segments", edit(1, 17), image.ErrHeader},
		{"an unknown flash mode", edit(2, 4), image.ErrHeader},
		{"an odd segment length", edit(12, 5), image.ErrSegment},
		{"an empty segment", edit(12, 0), image.ErrSegment},
		{"a segment past the end", edit(15, 0x7f), image.ErrSegment},
		{"a cut segment header", good[:22], image.ErrSegment},
		{"a cut checksum", good[:len(good)-1], image.ErrChecksum},
		{"a flipped bit", edit(17, 0x03), image.ErrChecksum},
		{"a segment in the ROM", edit(23, 0x20), image.ErrSegment},
		{"a segment at a null pointer", edit(11, 0), image.ErrSegment},
		{"a segment past the end of IRAM", edit(22, 0x11), image.ErrSegment},
	} {
		im, n, err := image.Parse(tt.in)
		if !errors.Is(err, tt.want) || im != nil || n != 0 {
			t.Errorf("%s: Parse = %v, %d, %v; want %v", tt.name, im, n, err, tt.want)
		}
	}
}

func TestParseTakesTheHeadOfAFlash(t *testing.T) {
	flash := append(unhex(t, twoHex), bytes.Repeat([]byte{0xff}, 4096)...)
	im, n, err := image.Parse(flash)
	if err != nil || n != two.Len() || im.Entry != two.Entry || len(im.Segments) != 2 {
		t.Errorf("Parse = %+v, %d, %v", im, n, err)
	}
}

// The checksum byte needs room of its own: an image whose segments end just
// before a 16-byte boundary grows by a whole line.
func TestPaddingBoundaries(t *testing.T) {
	for words := 1; words <= 8; words++ {
		im := image.Image{Segments: []image.Segment{{Addr: 0x3ffe8000, Data: make([]byte, 4*words)}}}
		p, err := im.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if len(p)%16 != 0 || len(p) < 17+4*words {
			t.Errorf("%d words: %d bytes", words, len(p))
		}
		if _, n, err := image.Parse(p); err != nil || n != len(p) {
			t.Errorf("%d words: Parse = %d, %v", words, n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(unhex(f, twoHex))
	f.Add([]byte{0xe9, 1, 0, 0})
	f.Fuzz(func(t *testing.T, p []byte) {
		im, n, err := image.Parse(p)
		if err != nil {
			if im != nil || n != 0 {
				t.Fatal("an error came with a result")
			}
			return
		}
		out, err := im.Encode()
		if err != nil {
			t.Fatalf("parsed, but does not encode: %v", err)
		}
		again, _, err := image.Parse(out)
		if err != nil || again.Entry != im.Entry || len(again.Segments) != len(im.Segments) || n != len(out) {
			t.Fatalf("round trip: %v", err)
		}
	})
}

func TestFromELFRefuses(t *testing.T) {
	if _, err := image.FromELF(strings.NewReader("#!/bin/sh\n")); !errors.Is(err, image.ErrELF) {
		t.Errorf("a script: %v, want ErrELF", err)
	}
}
