package maskrom_test

import (
	"strings"
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
		{"%.2s", []uint32{dram + 0x100}, "text"}, // precision is ignored
		{"%ld", []uint32{minus - 1}, "-1"},
		{"%llu", []uint32{1, 2}, "8589934593"}, // a4, a5: a3 is left out
		{"%i %o %f", nil, "%i %o %f"},
		{"%+d", nil, "%+d"},
		{"%d %d %d %d %d %d %d", []uint32{1, 2, 3, 4, 5, 6, 7}, "1 2 3 4 5 6 7"}, // the last two on the stack
		{"ends in %", nil, "ends in "},
	} {
		t.Run(tt.format, func(t *testing.T) {
			b := newBench(t)
			b.out()
			b.write(dram+0x100, []byte("text\x00"))
			b.write(dram, append([]byte(tt.format), 0))
			args := append([]uint32{dram}, tt.args...)
			if strings.Contains(tt.format, "ll") {
				args = append([]uint32{dram, 0xdead}, tt.args...)
			}
			b.call(printf, args...)
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
