package lx106_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// An example is one instruction and what it does.
type example struct {
	text string // as the assembler takes it
	hex  string // as objdump prints it: op2 op1 r s t op0, or r s t op0
	// cases are runs of the instruction, separated by "; ", each "before ->
	// after": name=value, in hex, of registers and of words of memory at
	// @address. A +value of pc counts from the instruction. What the after does
	// not name stays as it was, and pc goes on to the next instruction.
	cases string
}

// spot is where the instruction of an example lies.
const spot = iramBase + 0x400

// word returns the instruction as it lies in memory.
func (e *example) word(t testing.TB) []byte {
	t.Helper()
	v, err := strconv.ParseUint(e.hex, 16, 24)
	if err != nil || len(e.hex) != 4 && len(e.hex) != 6 {
		t.Fatalf("%s: %q is no instruction", e.text, e.hex)
	}
	return binary.LittleEndian.AppendUint32(nil, uint32(v))[:len(e.hex)/2]
}

// assembled returns the instructions in a row, as they lie in memory.
func assembled(t testing.TB, hex ...string) []byte {
	t.Helper()
	var code []byte
	for _, h := range hex {
		e := example{text: h, hex: h}
		code = append(code, e.word(t)...)
	}
	return code
}

func check(t *testing.T, examples []example) {
	for _, e := range examples {
		t.Run(e.text, func(t *testing.T) {
			for c := range strings.SplitSeq(e.cases, ";") {
				before, after, ok := strings.Cut(c, "->")
				if !ok {
					t.Fatalf("case %q has no arrow", c)
				}
				e.run(t, before, after)
			}
		})
	}
}

// run executes the instruction once. A register that before does not name
// holds something that would show in a result.
func (e *example) run(t *testing.T, before, after string) {
	t.Helper()
	s, want := newSim(), newSim()
	for i := range s.A {
		s.A[i] = 0xc0c0c0c0 | uint32(i)
	}
	s.PC = spot
	s.set(t, before)
	want.State = s.State
	want.set(t, before)

	word := e.word(t)
	copy(s.iram.Data[s.PC-iramBase:], word)
	copy(want.iram.Data[s.PC-iramBase:], word)
	want.PC += uint32(len(word))
	want.Cycles, want.Retired = 1, 1
	want.set(t, strings.ReplaceAll(after, "pc=+", fmt.Sprintf("pc=%x+", s.PC)))

	if stop, err := s.Run(1); err != nil {
		t.Fatalf("%s-> %v: %v", before, stop, err)
	}
	if diff := differences(&s.State, &want.State); diff != "" {
		t.Errorf("%s-> (got, want)%s", before, diff)
	}
	if !bytes.Equal(s.dram.Data, want.dram.Data) || !bytes.Equal(s.iram.Data, want.iram.Data) {
		t.Errorf("%s-> memory is not as after %s", before, after)
	}
}

// set sets the registers and words that text names.
func (s *sim) set(t *testing.T, text string) {
	t.Helper()
	for assignment := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(assignment, "=")
		value, distance, _ := strings.Cut(value, "+")
		v, err := strconv.ParseUint(value, 16, 32)
		if err != nil {
			t.Fatalf("%q: %v", assignment, err)
		}
		if distance != "" {
			d, err := strconv.ParseInt(distance, 0, 32)
			if err != nil {
				t.Fatalf("%q: %v", assignment, err)
			}
			v += uint64(d)
		}
		if at, ok := strings.CutPrefix(name, "@"); ok {
			s.setWord(t, at, uint32(v))
		} else if r := registers(&s.State)[name]; r != nil {
			*r = uint32(v)
		} else {
			t.Fatalf("%q: no such register", assignment)
		}
	}
}

func (s *sim) setWord(t *testing.T, at string, v uint32) {
	t.Helper()
	addr, err := strconv.ParseUint(at, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*lx106.Memory{&s.dram, &s.iram} {
		if m.Contains(uint32(addr)) {
			binary.LittleEndian.PutUint32(m.Data[uint32(addr)-m.Base:], v)
			return
		}
	}
	t.Fatalf("no memory at %s", at)
}

// registers returns where s holds the registers, by the assembler's names.
func registers(s *lx106.State) map[string]*uint32 {
	m := map[string]*uint32{
		"pc": &s.PC, "ps": &s.PS, "sar": &s.SAR, "litbase": &s.LITBASE,
		"epc1": &s.EPC[1], "epc2": &s.EPC[2], "epc3": &s.EPC[3],
		"eps2": &s.EPS[2], "eps3": &s.EPS[3],
		"excsave1": &s.EXCSAVE[1], "excsave2": &s.EXCSAVE[2], "excsave3": &s.EXCSAVE[3],
		"exccause": &s.EXCCAUSE, "excvaddr": &s.EXCVADDR, "depc": &s.DEPC, "vecbase": &s.VECBASE,
		"intenable": &s.INTENABLE, "interrupt": &s.INTERRUPT, "lines": &s.Lines,
		"ccompare0": &s.CCOMPARE0, "ccountbias": &s.CCountBias,
		"debugcause": &s.DEBUGCAUSE, "ddr": &s.DDR, "ibreaka0": &s.IBREAKA0, "dbreaka0": &s.DBREAKA0, "icount": &s.ICOUNT,
	}
	for i := range s.A {
		m[fmt.Sprint("a", i)] = &s.A[i]
	}
	return m
}

// differences names the registers in which got and want differ.
func differences(got, want *lx106.State) string {
	var b strings.Builder
	wanted := registers(want)
	for name, v := range registers(got) {
		if w := wanted[name]; *v != *w {
			fmt.Fprintf(&b, " %s=%08x,%08x", name, *v, *w)
		}
	}
	if b.Len() == 0 && *got != *want {
		fmt.Fprintf(&b, " %+v, %+v", *got, *want)
	}
	return b.String()
}
