package lx106_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// census counts instructions by mnemonic.
type census map[string]int

func (c census) count(word uint32) {
	if c != nil {
		c[mnemonic(word)]++
	}
}

// apart are the mnemonics of the core that are not compared with QEMU, with
// the reason and the tests that execute them.
var apart = map[string]string{
	"simcall": "it ends QEMU's run: TestBreakEndsRun, TestUnknownHalts",
	"rer":     "QEMU has no external registers, and the chip's are not known: TestUnknownHalts",
	"wer":     "QEMU has no external registers, and the chip's are not known: TestUnknownHalts",
}

// report logs c, and fails t where a mnemonic never occurred.
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
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("never executed: %s", strings.Join(missing, " "))
	}
}
