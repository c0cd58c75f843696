package maskrom_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
)

func TestPrintf(t *testing.T) {
	for _, tt := range []struct {
		format string
		args   []uint32
		want   string
	}{
		{"plain\n", nil, "plain\r\n"},
		{"a\r\nb", nil, "a\r\nb"},
		{"%d %d", []uint32{12, minus - 3}, "12 -3"},
		{"%u", []uint32{minus - 1}, "4294967295"},
		{"%x %X", []uint32{0xbeef, 0xbeef}, "beef BEEF"},
		{"%p", []uint32{0x3ffe8000}, "0x3ffe8000"},
		{"%c%c", []uint32{'o', 'k'}, "ok"},
		{"[%s]", []uint32{dram + 0x100}, "[text]"},
		{"100%%", nil, "100%"},
		{"%5d|%-5d|%05d", []uint32{42, 42, 42}, "   42|42   |00042"},
		{"%05d", []uint32{minus - 123}, "-0123"},
		{"%5d", []uint32{minus - 123}, " -123"},
		{"%08x", []uint32{0x1234}, "00001234"},
		{"%6s|%-6s|", []uint32{dram + 0x100, dram + 0x100}, "  text|text  |"},
		{"%ld", []uint32{minus - 1}, "-1"},
		{"%d %d %d %d %d %d %d", []uint32{1, 2, 3, 4, 5, 6, 7}, "1 2 3 4 5 6 7"}, // the last two on the stack
		{"%D %U %S %C", []uint32{minus - 1, minus - 1, dram + 0x100, 'x'}, "-1 4294967295 text x"},
		{"%s", []uint32{0}, "<null>"},
		{"%p|%3p", []uint32{0x12, 0x12}, "0x00000012|0x00000012"},
		{"%-08d|", []uint32{minus - 42}, "-42     |"},
		{"%09s", []uint32{dram + 0x100}, "00000text"},
		{"%.2s %8.3d %.d", []uint32{dram + 0x100, 7, 7}, "text 00000007 7"}, // a precision fills with zeros
		{"%lld", []uint32{0, 1, 2}, "8589934593"},                           // an even register and the next
		{"%lld", []uint32{0, 0, 1 << 31}, "-9223372036854775808"},
		{"%llu %llx", []uint32{0, 1, 2, 3, 4}, "1 3"}, // only d looks at the upper half
		{"%9b", []uint32{0b10110}, ".11.1...\x00"},    // from the lowest bit, and one short
		// Kinds that there are not. Each use of no text counts down its length.
		{"%i", nil, "%i"},
		{"%i %o %f", nil, "%i %o  %f  "},
		{"%+d", nil, "%+d"},
		{"%0-2d", nil, "%-2d"},
		{"%d %5i", []uint32{1}, "1 %i      "},
		{"%5%", nil, "%     "},
		{"%d%5%|", []uint32{1}, "1%      |"},
		{"ends in %", nil, "ends in %\x00"},
		{"%5", nil, "%\x00     "},
	} {
		t.Run(tt.format, func(t *testing.T) {
			b := newBench(t)
			b.out()
			b.write(dram+0x100, []byte("text\x00"))
			b.write(dram, append([]byte(tt.format), 0, 0))
			b.call(printf, append([]uint32{dram}, tt.args...)...)
			if got := b.out(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Whatever the format, printing ends.
func FuzzPrintf(f *testing.F) {
	f.Add("%-08.3lld %s", uint32(1), uint32(dram))
	f.Fuzz(func(t *testing.T, format string, a, c uint32) {
		b := newBench(t)
		b.write(dram, append([]byte(format[:min(len(format), 1000)]), 0))
		cpu := b.m.CPU
		cpu.PC, cpu.A[0], cpu.A[1] = printf, back, stack
		cpu.A[2], cpu.A[3], cpu.A[4] = dram, a, c
		if out, err := b.rom.Step(); err == nil && out != maskrom.Ran {
			t.Errorf("outcome %d", out)
		}
	})
}
