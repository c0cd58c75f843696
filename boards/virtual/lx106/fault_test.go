package lx106_test

import (
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

// A recording is a stream and what QEMU did on it.
type recording struct {
	program *stream
	states  []lx106.State
}

func record(t *testing.T, seed, number uint64) *recording {
	t.Helper()
	r := &recording{program: newStream(rand.New(rand.NewPCG(seed, number)))}
	for s, err := range qemuFrom(t, iramBase+streamAt, r.program.code) {
		if err != nil {
			t.Fatal(err)
		}
		r.states = append(r.states, *s)
	}
	return r
}

// all yields the states as QEMU did.
func (r *recording) all() iter.Seq2[*lx106.State, error] {
	return func(yield func(*lx106.State, error) bool) {
		for i := range r.states {
			if !yield(&r.states[i], nil) {
				return
			}
		}
	}
}

// against runs the stream on a core with a fault, beside the recording.
func (r *recording) against(f func(*sim, *lx106.State, uint32)) error {
	p := pair{sim: newSim(), fault: f}
	p.code(r.program.code)
	p.PC = iramBase + streamAt
	_, err := p.lockstep(r.all())
	return err
}

// TestLockstepCatchesFaults plants one fault after the other into this core:
// each is found, and laid to the instruction that has it. The faults of the
// list show with some operands only: the streams have those.
func TestLockstepCatchesFaults(t *testing.T) {
	need.Tool(t, "qemu-system-xtensa")
	const seed, most = 1, 4 // the same streams each time; four, for a fault that shows rarely
	var recordings []*recording
	for i := range uint64(most) {
		recordings = append(recordings, record(t, seed, i))
		if err := recordings[i].against(nil); err != nil {
			t.Fatalf("without a fault: %v", err)
		}
	}
	caught := func(t *testing.T, name string, spoil func(*sim, *lx106.State, operands)) {
		for _, r := range recordings {
			err := r.against(func(s *sim, before *lx106.State, word uint32) {
				if mnemonic(word) == name {
					spoil(s, before, operands(word))
				}
			})
			if err == nil {
				continue
			}
			var d *divergence
			if !errors.As(err, &d) {
				t.Fatal(err)
			}
			store := name == "s8i" || name == "s16i" || name == "s32i" // shows where it is loaded
			if m := mnemonic(d.word); m != name && !store {
				t.Errorf("laid to %s: %v", m, err)
			}
			return
		}
		t.Error("not caught")
	}
	everywhere := 0
	for name := range strings.FieldsSeq(mnemonics) {
		if apart[name] == "" {
			t.Run(name+"/ends one byte off", func(t *testing.T) {
				caught(t, name, func(s *sim, _ *lx106.State, _ operands) { s.PC++ })
			})
			everywhere++
		}
	}
	faults := slices.Concat(wrongValues, wrongWays)
	for _, f := range faults {
		t.Run(f.mnemonic+"/"+f.text, func(t *testing.T) { caught(t, f.mnemonic, f.spoil) })
	}
	t.Logf("caught: a fault in each of %d mnemonics, and %d that show with some operands only", everywhere, len(faults))
}
