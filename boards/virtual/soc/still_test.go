package soc_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// What may be known of programs that go round in a loop. a2 is UART0, a3 data
// RAM, a4 the timers, a5 IRAM.
func TestStill(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		want       bool
	}{
		{"a jump to itself", spin, true},
		// 1: memw; l32i.n a6, a2, 0x1c; extui a6, a6, 0, 8; beqz a6, 1b
		{"polls the UART's count", `c02000 6872 606074 1646ff`, true},
		// 1: s32i.n a2, a3, 0; j 1b
		{"stores what is there", `2903 86feff`, true},
		// 1: addi.n a6, a6, 1; j 1b
		{"counts", `1b66 86feff`, false},
		// 1: l32i.n a6, a3, 4; addi.n a6, a6, 1; s32i.n a6, a3, 4; movi.n a6, 0; j 1b
		{"counts in memory", `6813 1b66 6913 0c06 46fdff`, false},
		// 1: rsr.ccount a6; j 1b
		{"looks at the clock", `60ea03 46feff`, false},
		// 1: rsr.ccount a6; movi.n a6, 0; j 1b
		{"looks at the clock and forgets", `60ea03 0c06 c6fdff`, false},
		// 1: l32i.n a6, a4, 4; movi.n a6, 0; j 1b
		{"looks at a timer", `6814 0c06 06feff`, false},
		// 1: l32i.n a6, a2, 0; j 1b
		{"takes from the FIFO", `6802 86feff`, false},
		// 1: s32i.n a6, a2, 0; j 1b
		{"sends", `6902 86feff`, false},
		{"sleeps", sleep, false},
		{"meets an exception without end", `000000`, false},
	} {
		b := newBench(t, soc.Config{})
		b.enter(tt.code)
		b.CPU.A[2], b.CPU.A[3], b.CPU.A[4] = 0x60000000, soc.DRAMBase, 0x60000600
		b.set(soc.DRAMBase, 0x60000000)
		if got := b.Still(100); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// A loop that is longer than what is looked at is not known for one.
func TestStillIsBounded(t *testing.T) {
	b := newBench(t, soc.Config{})
	// 1: nop.n × 4; j 1b
	b.enter(`3df0 3df0 3df0 3df0 06fdff`)
	if b.Still(4) {
		t.Error("five instructions, known by four")
	}
	if !b.Still(5) {
		t.Error("five instructions, not known by five")
	}
}

// Who waits for a byte is told from who works by what it looks at and does.
func TestGlances(t *testing.T) {
	b := newBench(t, soc.Config{})
	looks, deeds := b.Glances()
	b.get(uartCounts)
	if l, d := b.Glances(); l != looks+1 || d != deeds {
		t.Errorf("a look counts %d and %d", l-looks, d-deeds)
	}
	b.get(uartFIFO)
	b.set(uartFIFO, 'x')
	if l, d := b.Glances(); l != looks+1 || d != deeds+2 {
		t.Errorf("two deeds count %d and %d", l-looks-1, d-deeds)
	}
}
