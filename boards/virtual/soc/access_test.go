package soc_test

import (
	"bytes"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

func TestWidths(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(soc.DRAMBase, 0x44332211)
	for i, want := range []byte{0x11, 0x22, 0x33, 0x44} {
		if got, err := b.Read8(soc.DRAMBase + uint32(i)); got != want || err != nil {
			t.Errorf("byte %d: %02x, %v", i, got, err)
		}
	}
	if got, err := b.Read16(soc.DRAMBase + 2); got != 0x4433 || err != nil {
		t.Errorf("halfword: %04x, %v", got, err)
	}
	if err := b.Write8(soc.DRAMBase+1, 0xaa); err != nil {
		t.Fatal(err)
	}
	if err := b.Write16(soc.DRAMBase+2, 0xbbcc); err != nil {
		t.Fatal(err)
	}
	b.want("after a byte and a halfword", soc.DRAMBase, 0xbbccaa11)
}

func TestBytes(t *testing.T) {
	for _, tt := range []struct {
		name string
		addr uint32
		n    int
		want int
		done int // how many bytes are read in spite of an error
	}{
		{"DRAM", soc.DRAMBase + 1, 7, works, 7},
		{"DRAM, nothing", soc.DRAMBase, 0, works, 0},
		{"IRAM by words", soc.IRAMBase + 4, 8, works, 8},
		{"IRAM, odd length", soc.IRAMBase, 7, 3, 0},
		{"IRAM, odd address", soc.IRAMBase + 1, 4, 3, 0},
		{"over the end of IRAM", soc.IRAMBase + soc.IRAMSize - 8, 12, unknown, 8},
		{"null", 0, 4, 28, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, soc.Config{})
			given := []byte("0123456789ab")[:tt.n]
			want := tt.want
			if want == 28 {
				want = 29
			}
			if err := b.WriteBytes(tt.addr, given); outcome(err) != want {
				t.Errorf("write: %v, want outcome %d", err, want)
			}
			got, err := b.ReadBytes(tt.addr, tt.n)
			if outcome(err) != tt.want || !bytes.Equal(got, given[:tt.done]) {
				t.Errorf("read: %q, %v, want %q and outcome %d", got, err, given[:tt.done], tt.want)
			}
		})
	}
}
