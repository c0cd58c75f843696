package lx106_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// anyCode executes code with registers: sixteen words of A, then SAR, PS,
// INTENABLE and CCOMPARE0, as far as they go. Whatever these are, the run ends
// within its bounds, and one instruction at a time, each decoded anew, leads to
// the same end.
func anyCode(t *testing.T, code, words []byte) {
	const limit = 300
	whole, steps := newAny(code, words), newAny(code, words)
	stop, err := whole.Run(limit)
	var halt *lx106.Halt
	switch {
	case stop > lx106.Halted || stop == lx106.Trapped:
		t.Fatalf("stops with %v", stop)
	case (stop == lx106.Halted) != errors.As(err, &halt):
		t.Fatalf("stops with %v: %v", stop, err)
	case whole.Retired > limit:
		t.Fatalf("%d instructions", whole.Retired)
	case whole.SAR > 63 || whole.PS > 63:
		t.Fatalf("sar %x, ps %x", whole.SAR, whole.PS)
	}
	for range limit {
		if off := steps.PC - iramBase; off < iramSize {
			steps.iram.Invalidate(int(off), 3)
		}
		if stop, _ := steps.Run(1); stop != lx106.Budget || steps.exited {
			break
		}
	}
	if diff := differences(&whole.State, &steps.State); diff != "" {
		t.Errorf("(whole, in steps)%s", diff)
	}
	if !bytes.Equal(whole.dram.Data, steps.dram.Data) || !bytes.Equal(whole.iram.Data, steps.iram.Data) {
		t.Error("memory differs between whole and in steps")
	}
}

func newAny(code, words []byte) *sim {
	s := newSim()
	s.code(code[:min(len(code), iramSize)])
	s.VECBASE = iramBase
	registers := []*uint32{16: &s.SAR, 17: &s.PS, 18: &s.INTENABLE, 19: &s.CCOMPARE0}
	for i := range s.A {
		registers[i] = &s.A[i]
	}
	for _, r := range registers {
		if len(words) < 4 {
			break
		}
		*r = binary.LittleEndian.Uint32(words)
		words = words[4:]
	}
	s.SAR &= 0x3f
	s.PS &= 0x3f
	s.INTENABLE &= 0x7fff
	return s
}

func FuzzAnyCode(f *testing.F) {
	words := someWords(rand.New(rand.NewPCG(1, 2)))
	for _, e := range written {
		f.Add(bytes.Repeat(e.word(f), 3), words)
	}
	f.Add([]byte{}, []byte{})
	f.Fuzz(anyCode)
}

// TestAnyCode does what the fuzzer does, without its patience.
func TestAnyCode(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, i))
		code := make([]byte, 1+r.IntN(600))
		for i := range code {
			code[i] = byte(r.Uint32())
		}
		words := someWords(r)
		if anyCode(t, code, words); t.Failed() {
			t.Fatalf("code %x\nwords %x", code, words)
		}
	}
}

// someWords returns contents of registers, many of them pointers.
func someWords(r *rand.Rand) []byte {
	var words []byte
	for range 20 {
		w := r.Uint32()
		switch r.IntN(4) {
		case 0:
			w = dramBase + w%dramSize
		case 1:
			w = iramBase + w%0x400
		case 2:
			w %= 256
		}
		words = binary.LittleEndian.AppendUint32(words, w)
	}
	return words
}
