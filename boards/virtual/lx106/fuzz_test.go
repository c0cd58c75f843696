package lx106_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

// anyCode executes code with registers: sixteen words of A, then SAR, PS,
// INTENABLE, CCOMPARE0 and VECBASE, as far as they go. Meanwhile events happen,
// two bytes each: after how many instructions, and what. Whatever these are, the
// run ends within its bounds, and one instruction at a time, each decoded anew,
// leads to the same end. It returns the machine at that.
func anyCode(t *testing.T, code, words, events []byte) *sim {
	const last = 300
	whole, steps := newAny(code, words), newAny(code, words)
	limit, ended := uint64(0), false
	run := func(n uint64) {
		limit += n
		ended = whole.advance(t, n, n)
		if also := steps.advance(t, n, 1); also != ended {
			t.Fatalf("whole ends: %v, in steps: %v", ended, also)
		}
	}
	for events = events[:min(len(events), 64)]; len(events) > 1 && !ended; events = events[2:] {
		run(uint64(events[0]))
		whole.happen(events[1])
		steps.happen(events[1])
	}
	if !ended {
		run(last)
	}
	switch {
	case whole.Retired > limit:
		t.Fatalf("%d instructions, of at most %d", whole.Retired, limit)
	case whole.SAR > 63 || whole.PS > 63:
		t.Fatalf("sar %x, ps %x", whole.SAR, whole.PS)
	}
	if diff := differences(&whole.State, &steps.State); diff != "" {
		t.Errorf("(whole, in steps)%s", diff)
	}
	if !bytes.Equal(whole.dram.Data, steps.dram.Data) || !bytes.Equal(whole.iram.Data, steps.iram.Data) {
		t.Error("memory differs between whole and in steps")
	}
	return whole
}

// advance executes up to n instructions, at most so many in a run; if that is
// one, it is decoded anew. A trap counts as one that returns. Time passes while
// the core waits.
func (s *sim) advance(t *testing.T, n, most uint64) (ended bool) {
	for end := s.Retired + n; s.Retired < end; {
		if off := s.PC - iramBase; most == 1 && off < iramSize {
			s.iram.Invalidate(int(off), 3)
		}
		stop, err := s.Run(min(most, end-s.Retired))
		s.stops[stop]++
		var halt *lx106.Halt
		switch {
		case (stop == lx106.Halted) != errors.As(err, &halt):
			t.Fatalf("stops with %v: %v", stop, err)
		case stop == lx106.Halted || s.exited:
			return true
		case stop == lx106.Trapped:
			s.PC = s.A[0]
			end--
		case stop == lx106.Idle:
			s.Skip(min(s.NextCompare(), 5000))
			return false
		case stop != lx106.Budget:
			t.Fatalf("stops with %v", stop)
		}
	}
	return false
}

// happen raises an interrupt, or lowers one, or lets time pass.
func (s *sim) happen(what byte) {
	switch irq := int(what & 15); what >> 4 & 3 {
	case 0, 1:
		s.Raise(irq)
	case 2:
		s.Lower(irq)
	case 3:
		s.Skip(uint64(1) << (2 * irq))
	}
}

func newAny(code, words []byte) *sim {
	s := newSim()
	s.code(code[:min(len(code), iramSize)])
	s.TrapLo, s.TrapHi = 0x40000000, 0x40010000
	registers := []*uint32{16: &s.SAR, 17: &s.PS, 18: &s.INTENABLE, 19: &s.CCOMPARE0, 20: &s.VECBASE}
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
	if s.VECBASE&3 != 0 {
		s.VECBASE = iramBase
	} else {
		s.VECBASE = s.TrapLo
	}
	return s
}

func FuzzAnyCode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	words := someWords(r)
	for _, e := range written {
		f.Add(bytes.Repeat(e.word(f), 3), words, someEvents(r))
	}
	for range 8 {
		f.Add(newStream(r).short(), words, someEvents(r))
	}
	f.Add([]byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, code, words, events []byte) { anyCode(t, code, words, events) })
}

// TestAnyCode does what the fuzzer does, without its patience, and sees every
// way in which a run can stop, and exceptions of many causes.
func TestAnyCode(t *testing.T) {
	seed := need.Seed(t)
	stops, causes, nmis := map[lx106.Stop]int{}, map[uint32]int{}, 0
	for i := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, i))
		words, events := someWords(r), someEvents(r)
		code := someCode(t, r)
		s := anyCode(t, code, words, events)
		if t.Failed() {
			t.Fatalf("code %x\nwords %x\nevents %x", code, words, events)
		}
		for stop, n := range s.stops {
			stops[stop] += n
		}
		causes[s.EXCCAUSE]++
		if s.EPC[3] != 0 {
			nmis++
		}
	}
	t.Logf("stops: %v; last causes: %v; %d with an NMI", stops, causes, nmis)
	for _, stop := range []lx106.Stop{lx106.Budget, lx106.Idle, lx106.Trapped, lx106.Halted} {
		if stops[stop] == 0 {
			t.Errorf("no run stops with %v", stop)
		}
	}
	for _, cause := range []uint32{
		lx106.CauseIllegal, lx106.CauseInterrupt, lx106.CauseUnaligned, lx106.CauseFetchProhibited, lx106.CauseLoadProhibited,
	} {
		if causes[cause] == 0 {
			t.Errorf("no run ends after an exception of cause %d", cause)
		}
	}
}

// someCode returns bytes, instructions of any kind, or what goes on for longer.
func someCode(t *testing.T, r *rand.Rand) []byte {
	switch r.IntN(4) {
	case 0:
		code := make([]byte, 1+r.IntN(600))
		for i := range code {
			code[i] = byte(r.Uint32())
		}
		return code
	case 1:
		return newStream(r).short()
	}
	var code []byte
	for range 1 + r.IntN(200) {
		e := written[r.IntN(len(written))]
		code = append(code, e.word(t)...)
		if r.IntN(20) == 0 {
			code = append(code, assembled(t, "007000")...) // waiti 0
		}
	}
	return code
}

// short returns the first part of s, to be executed from its first byte on.
func (s *stream) short() []byte {
	code := bytes.Clone(s.code[:streamAt+2000])
	put(code, (streamAt-4)<<6|6, 3) // j
	return code
}

// someWords returns contents of registers, many of them pointers.
func someWords(r *rand.Rand) []byte {
	var words []byte
	for range 21 {
		w := r.Uint32()
		switch r.IntN(5) {
		case 0:
			w = dramBase + w%dramSize
		case 1:
			w = iramBase + w%0x400
		case 2:
			w %= 256
		case 3:
			w = 0x40000000 + w%0x10000
		}
		words = binary.LittleEndian.AppendUint32(words, w)
	}
	return words
}

func someEvents(r *rand.Rand) []byte {
	events := make([]byte, 2*r.IntN(20))
	for i := range events {
		events[i] = byte(r.Uint32())
	}
	return events
}
