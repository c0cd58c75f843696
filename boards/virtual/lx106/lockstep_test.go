package lx106_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

// A pair is this core beside another one.
type pair struct {
	*sim
	census census // of what both executed, by mnemonic
	// fault, if set, spoils what the instruction word did, which began with
	// the registers before.
	fault func(s *sim, before *lx106.State, word uint32)
}

// A divergence is where the two differ.
type divergence struct {
	after     int // instructions
	pc, word  uint32
	registers string
}

func (d *divergence) Error() string {
	return fmt.Sprintf("after %d instructions, of which the last is %s, %06x at 0x%08x: (this, other)%s",
		d.after, mnemonic(d.word), d.word, d.pc, d.registers)
}

// resetting is how many instructions QEMU has to come to a program's first.
const resetting = 10

// lockstep runs p beside oracle from p.PC on, and compares their registers
// before every instruction. It returns how many instructions it compared.
func (p *pair) lockstep(oracle iter.Seq2[*lx106.State, error]) (compared int, err error) {
	start, skipped, running := p.PC, 0, false
	var before, previous lx106.State // the oracle's
	var word uint32
	for want, err := range oracle {
		switch {
		case err != nil:
			return compared, err
		case running:
			if *want == before {
				continue // QEMU came back to it without having executed it
			}
			if word, err = p.step(); err != nil {
				return compared, err
			}
			compared++
		case want.PC == start:
			p.A, p.PS, p.VECBASE = want.A, want.PS, want.VECBASE
			running = true
		case skipped < resetting:
			skipped++
			continue
		default:
			return 0, fmt.Errorf("it does not come to 0x%08x, but to 0x%08x", start, want.PC)
		}
		previous, before = before, *want
		told := *want
		exempt(&told, &p.State)
		if told != p.State {
			return compared, &divergence{compared, previous.PC, word, differences(&p.State, &told)}
		}
	}
	if !running {
		return 0, errors.New("it tells of no instruction")
	}
	return compared, nil
}

// step executes one instruction, and returns it.
func (p *pair) step() (word uint32, err error) {
	before := p.State
	word = p.wordAt(p.PC)
	stop, err := p.Run(1)
	switch {
	case err != nil:
		return word, err
	case stop == lx106.Idle: // time passes until the comparator meets
		p.Skip(p.NextCompare())
		_, err = p.Run(0)
	case p.PC < nullEnd: // QEMU does not tell of a fetch that fails
		_, err = p.Run(1)
	}
	p.census.count(word)
	p.census.enter(&p.State)
	if p.fault != nil {
		p.fault(p.sim, &before, word)
	}
	return word, err
}

// wordAt returns the up to three bytes of code at pc.
func (s *sim) wordAt(pc uint32) uint32 {
	var w [4]byte
	if s.iram.Contains(pc) {
		copy(w[:3], s.iram.Data[pc-iramBase:])
	}
	return binary.LittleEndian.Uint32(w[:])
}

// exempt takes over from own what no oracle tells.
func exempt(s, own *lx106.State) {
	s.Lines, s.CCountBias, s.Cycles, s.Retired, s.Waiting = own.Lines, own.CCountBias, own.Cycles, own.Retired, own.Waiting
}

// TestLockstepStreams compares with QEMU after every instruction of random
// programs, among which every mnemonic occurs.
func TestLockstepStreams(t *testing.T) {
	need.Tool(t, "qemu-system-xtensa")
	seed := need.Seed(t)
	const least = 1_000_000
	total, all := 0, census{}
	for i := uint64(0); total < least; i++ {
		program := newStream(rand.New(rand.NewPCG(seed, i)))
		p := pair{sim: newSim(), census: all}
		p.code(program.code)
		p.PC = iramBase + streamAt
		n, err := p.lockstep(qemuFrom(t, p.PC, program.code))
		if total += n; err != nil {
			t.Fatalf("program %d: %v", i, err)
		}
		if end := iramBase + len(program.code) - 3; int(p.PC) != end { // simcall ends QEMU
			t.Fatalf("program %d ends at 0x%08x, not at 0x%08x", i, p.PC, end)
		}
	}
	t.Logf("%d instructions compared in streams of seed %d", total, seed)
	all.report(t)
}
