package maskrom_test

import (
	"strings"
	"testing"
)

const (
	memInit      = 0x40001998
	memFree      = 0x400019e0
	memMalloc    = 0x40001b40
	memCalloc    = 0x40001c2c
	memZalloc    = 0x40001c58
	base64Encode = 0x400094fc
	base64Decode = 0x40009648

	heapBase = dram + 0x4000
)

// heap is a bench with a heap, filled with a pattern first.
func heap(t *testing.T) *bench {
	b := newBench(t)
	b.write(heapBase, []byte(strings.Repeat("\xa5", 0x1100)))
	b.call(memInit, heapBase)
	return b
}

func TestHeap(t *testing.T) {
	b := heap(t)
	first := b.call(memMalloc, 10)
	second := b.call(memMalloc, 100)
	third := b.call(memMalloc, 1)
	if first != heapBase+8 || second != first+12+8 || third != second+100+8 {
		t.Errorf("blocks at %x, %x, %x", first, second, third)
	}
	b.call(memFree, second)
	if got := b.call(memMalloc, 101); got != third+12+8 {
		t.Errorf("too large for the gap, and at %x", got)
	}
	if got := b.call(memZalloc, 60); got != second || b.word(second) != 0 || b.word(second+56) != 0 {
		t.Errorf("in the gap: %x, %x", got, b.read(second, 60))
	}
	b.call(memFree, first)
	b.call(memFree, second) // joins the one before, and the rest of the gap
	if got := b.call(memMalloc, 12+8+100); got != first {
		t.Errorf("in the gap of two: %x", got)
	}
	for _, size := range []uint32{0, 4000, 0xfffc} {
		if got := b.call(memMalloc, size); got != 0 {
			t.Errorf("%d bytes at %x", size, got)
		}
	}
	if got := b.call(memCalloc, 3, 5); got == 0 || b.word(got+8) != 0 {
		t.Errorf("mem_calloc: %x", got)
	}
	b.call(memFree, 0)
	b.call(memFree, dram)
}

func TestBase64(t *testing.T) {
	for _, tt := range []struct{ data, text string }{
		{"", ""},
		{"f", "Zg==\n"},
		{"fo", "Zm8=\n"},
		{"foobar", "Zm9vYmFy\n"},
		{"\xfb\xff\xbf", "+/+/\n"},
		{strings.Repeat("a", 54), strings.Repeat("YWFh", 18) + "\n"},
		{strings.Repeat("a", 56), strings.Repeat("YWFh", 18) + "\nYWE=\n"},
	} {
		b := heap(t)
		b.write(dram, []byte(tt.data))
		at := b.call(base64Encode, dram, uint32(len(tt.data)), dram+0x800)
		n := int(b.word(dram + 0x800))
		if got := string(b.read(at, n+1)); got != tt.text+"\x00" {
			t.Errorf("%q: %q, want %q", tt.data, got, tt.text)
		}
		back := b.call(base64Decode, at, uint32(n), dram+0x804)
		if tt.data == "" {
			if back != 0 {
				t.Errorf("of nothing: %x", back)
			}
			continue
		}
		if got := string(b.read(back, int(b.word(dram+0x804)))); got != tt.data {
			t.Errorf("%q: back %q, want %q", tt.text, got, tt.data)
		}
	}
	b := heap(t)
	for _, bad := range []string{"Zg", "Zg=", "Z===", "!!!!"} {
		b.write(dram, []byte(bad))
		if got := b.call(base64Decode, dram, uint32(len(bad)), dram+0x804); got != 0 {
			t.Errorf("%q: %x", bad, got)
		}
	}
	b.write(dram, []byte("Zm9v!\nYmFy"))
	if at := b.call(base64Decode, dram, 10, dram+0x804); string(b.read(at, 6)) != "foobar" {
		t.Errorf("with others in between: %q", b.read(at, 6))
	}
}

// Whatever the text, decoding it ends, and the heap goes on.
func FuzzBase64(f *testing.F) {
	f.Add("Zm9vYmFy")
	f.Add("Zg==\n====")
	f.Fuzz(func(t *testing.T, text string) {
		b := newBench(t)
		b.call(memInit, heapBase)
		text = text[:min(len(text), 1000)]
		b.write(dram, []byte(text))
		if at := b.call(base64Decode, dram, uint32(len(text)), dram+0x804); at != 0 {
			if n := b.word(dram + 0x804); int(n) > len(text) {
				t.Errorf("%d bytes of %d characters", n, len(text))
			}
			b.call(memFree, at)
		}
		if got := b.call(memMalloc, 4000); got != heapBase+8 {
			t.Errorf("then there is no room: 0x%x", got)
		}
	})
}
