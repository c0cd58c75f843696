package maskrom_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

func TestStrings(t *testing.T) {
	b := newBench(t)
	b.write(dram, []byte("abcdef\x00abcdeg\x00"))
	sign := func(v uint32) int { return int(min(max(int32(v), -1), 1)) }
	for _, tt := range []struct {
		name string
		addr uint32
		args []uint32
		want int
	}{
		{"strcmp less", strcmp, []uint32{dram, dram + 7}, -1},
		{"strcmp equal", strcmp, []uint32{dram, dram}, 0},
		{"strcmp prefix", strcmp, []uint32{dram, dram + 6}, 1},
		{"strncmp", strncmp, []uint32{dram, dram + 7, 5}, 0},
		{"strncmp more", strncmp, []uint32{dram + 7, dram, 6}, 1},
		{"memcmp", memcmp, []uint32{dram, dram + 7, 6}, -1},
		{"memcmp nothing", memcmp, []uint32{dram, dram + 7, 0}, 0},
	} {
		if got := sign(b.call(tt.addr, tt.args...)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	if got := b.call(strlen, dram); got != 6 {
		t.Errorf("strlen %d, want 6", got)
	}
}

func TestStrncpyAndStrstr(t *testing.T) {
	b := newBench(t)
	b.write(dram, []byte("banana\x00nan\x00nab\x00\x00"))
	for _, tt := range []struct {
		what, want uint32
	}{{dram + 7, dram + 2}, {dram + 11, 0}, {dram + 15, dram}} {
		for _, addr := range []uint32{0x4000e1e0, 0x40002ad8} {
			if got := b.call(addr, dram, tt.what); got != tt.want {
				t.Errorf("strstr: 0x%08x, want 0x%08x", got, tt.want)
			}
		}
	}
	for _, tt := range []struct {
		n    uint32
		want string
	}{{0, "....."}, {2, "na..."}, {4, "nan\x00."}, {5, "nan\x00\x00"}} {
		b.write(dram+0x40, []byte("....."))
		if got := b.call(0x4000c0a0, dram+0x40, dram+7, tt.n); got != dram+0x40 || string(b.read(dram+0x40, 5)) != tt.want {
			t.Errorf("strncpy of %d: %q, want %q", tt.n, b.read(dram+0x40, 5), tt.want)
		}
	}
}

func TestCopyAndFill(t *testing.T) {
	for _, tt := range []struct {
		name string
		addr uint32
		args []uint32
		want string
	}{
		{"memcpy", memcpy, []uint32{dram + 9, dram, 4}, "abcdefgh.abcd..."},
		{"memcpy words", memcpy, []uint32{dram + 8, dram, 8}, "abcdefghabcdefgh"},
		{"memmove up", memmove, []uint32{dram + 2, dram, 8}, "ababcdefgh......"},
		{"memmove down", memmove, []uint32{dram, dram + 4, 8}, "efgh............"},
		{"memset", memset, []uint32{dram + 1, 'x', 13}, "axxxxxxxxxxxxx.."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.write(dram, []byte("abcdefgh........"))
			if got := b.call(tt.addr, tt.args...); got != tt.args[0] {
				t.Errorf("returns 0x%x, want 0x%x", got, tt.args[0])
			}
			if got := string(b.read(dram, 16)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// The ROM's code is bound by the rules of memory as any other: IRAM takes
// whole words only.
func TestCopyIntoIRAM(t *testing.T) {
	b := newBench(t)
	b.write(dram, []byte("abcdefgh"))
	b.call(memcpy, iram, dram, 8)
	if got := string(b.read(iram, 8)); got != "abcdefgh" {
		t.Errorf("%q", got)
	}
	c := b.m.CPU
	c.PC, c.A[0], c.A[2], c.A[3], c.A[4] = memcpy, back, iram, dram, 5
	b.step()
	if c.EXCCAUSE != lx106.CauseLoadStoreError || c.EXCVADDR != iram+4 || c.A[4] != 5 {
		t.Errorf("cause %d at 0x%08x, a4 %d", c.EXCCAUSE, c.EXCVADDR, c.A[4])
	}
}
