package lx106_test

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// written are all examples that the lx106's assembler can write.
var written = slices.Concat(arithmetic, moves, shifts, loads, stores, branches, jumps, exceptions, system, specialRegisters(), elsewhere)

// elsewhere are those that do more than one case can say: see the tests of
// halts and interrupts.
var elsewhere = []example{
	{text: "waiti 0", hex: "007000"},
	{text: "simcall", hex: "005100"},
}

// mnemonics are those of the core that programs for the chip use: its mask
// ROM, and what gcc and its libraries emit.
const mnemonics = `
	add add.n addi addi.n addmi addx2 addx4 addx8 sub subx2 subx4 subx8 neg abs and or xor
	slli srli srai sll srl sra src ssl ssr ssai ssa8l ssa8b extui nsa nsau mull mul16u mul16s
	mov.n movi movi.n moveqz movnez movltz movgez
	l8ui l16ui l16si l32i l32i.n l32r s8i s16i s32i s32i.n
	beqz beqz.n bnez bnez.n bltz bgez beqi bnei blti bgei bltui bgeui
	beq bne blt bge bltu bgeu bany bnone ball bnall bbc bbs bbci bbsi
	j jx call0 callx0 ret ret.n rsr wsr xsr rsil waiti rfe rfde rfi syscall break break.n ill ill.n nop nop.n
	memw extw isync rsync esync dsync excw witlb wdtlb iitlb idtlb simcall`

// mnemonic returns the first word of the text, without the register of rsr,
// wsr and xsr.
func (e *example) mnemonic() string {
	m := strings.Fields(e.text)[0]
	if len(e.hex) == 6 { // no density instruction
		m, _, _ = strings.Cut(m, ".")
	}
	return m
}

func TestEveryMnemonicHasAnExample(t *testing.T) {
	have := map[string]bool{}
	for _, e := range written {
		have[e.mnemonic()] = true
	}
	for m := range strings.FieldsSeq(mnemonics) {
		if !have[m] {
			t.Errorf("no example of %s", m)
		}
	}
}

// TestAssemblerAgrees assembles the text of every example: the hex beside it
// must come out.
func TestAssemblerAgrees(t *testing.T) {
	as, ld := need.Tool(t, "xtensa-lx106-elf-as"), need.Tool(t, "xtensa-lx106-elf-ld")
	const first, pitch = 0x400, 16
	var source strings.Builder
	fmt.Fprintln(&source, ".begin no-transform")
	for i, e := range written {
		fmt.Fprintf(&source, ".org %d\n%s\n", first+pitch*i, e.text)
	}
	fmt.Fprintf(&source, ".org %d\n.end no-transform\n", first+pitch*len(written))

	dir := t.TempDir()
	in, object, out := filepath.Join(dir, "in.s"), filepath.Join(dir, "in.o"), filepath.Join(dir, "out.elf")
	if err := os.WriteFile(in, []byte(source.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, as, in, "-o", object)
	run(t, ld, "--no-relax", "-e", "0", "-Ttext", fmt.Sprintf("0x%x", iramBase), object, "-o", out)

	f, err := elf.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := f.Section(".text").Data()
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range written {
		want := e.word(t)
		if got := text[first+pitch*i:][:len(want)+1]; !bytes.Equal(got[:len(want)], want) || got[len(want)] != 0 {
			slices.Reverse(got)
			t.Errorf("%s is %x, not %s", e.text, got, e.hex)
		}
	}
}
