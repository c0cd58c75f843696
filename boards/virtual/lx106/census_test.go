package lx106_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// census counts instructions by mnemonic, and those of rsr, wsr and xsr by
// their register, too: "special 3".
type census map[string]int

func (c census) count(word uint32) {
	if c == nil {
		return
	}
	m := mnemonic(word)
	c[m]++
	switch m {
	case "rsr", "wsr", "xsr":
		c[special(word>>8&255)]++
	}
}

// enter counts the exceptions and interrupts by what they are, if s is at a
// vector.
func (c census) enter(s *lx106.State) {
	if c == nil {
		return
	}
	switch s.PC - s.VECBASE {
	case 0x10:
		c["debug exceptions"]++
	case 0x30, 0x50:
		c[fmt.Sprint("cause ", s.EXCCAUSE)]++
	case 0x70:
		c["double exceptions"]++
	}
}

func special(number uint32) string { return fmt.Sprint("special ", number) }

// apart are the mnemonics of the core that are not compared with QEMU, with
// the reason and the tests that execute them.
var apart = map[string]string{
	"simcall": "it ends QEMU's run: TestBreakEndsRun, TestUnknownHalts",
	"rer":     "QEMU has no external registers, and the chip's are not known: TestUnknownHalts",
	"wer":     "QEMU has no external registers, and the chip's are not known: TestUnknownHalts",
}

// apartRegisters are the special registers that are not compared, likewise.
var apartRegisters = map[uint32]string{
	89:  "MMID, which QEMU has only with a trace unit: TestSystem",
	235: "PRID, whose value is not known: TestUnknownHalts",
	234: "CCOUNT, for QEMU's goes by the wall clock: TestCountMoves, TestPeriod",
	240: "CCOMPARE0, likewise: TestLockstepWaiti, TestComparator",
}

// report logs c, and fails t where a mnemonic, a special register or an
// exception never occurred.
func (c census) report(t *testing.T) {
	t.Helper()
	var counts, missing []string
	for m := range strings.FieldsSeq(mnemonics) {
		if apart[m] != "" {
			continue
		}
		counts = append(counts, fmt.Sprintf("%s %d", m, c[m]))
		if c[m] == 0 {
			missing = append(missing, m)
		}
	}
	t.Logf("%d of %d mnemonics compared: %s", len(counts)-len(missing), len(counts), strings.Join(counts, ", "))
	for m, reason := range apart {
		t.Logf("not compared: %s, for %s", m, reason)
	}
	registers := 0
	for _, number := range slices.Concat(holding(), others) {
		switch name := special(number); {
		case apartRegisters[number] != "":
		case c[name] == 0:
			missing = append(missing, name)
		default:
			registers++
		}
	}
	t.Logf("%d special registers compared, of %d", registers, registers+len(apartRegisters))
	for _, reason := range apartRegisters {
		t.Logf("not compared: %s", reason)
	}
	var entries []string
	for _, e := range []string{
		"cause 0", "cause 1", "cause 4", "cause 9", "cause 20", "cause 28", "cause 29", "double exceptions", "debug exceptions",
	} {
		entries = append(entries, fmt.Sprintf("%s %d", e, c[e]))
		if c[e] == 0 {
			missing = append(missing, e)
		}
	}
	t.Logf("entries of vectors compared: %s", strings.Join(entries, ", "))
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("never compared: %s", strings.Join(missing, ", "))
	}
}
