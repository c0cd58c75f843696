package lx106_test

import (
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// TestLockstepCompiled compares with QEMU after every instruction of what gcc
// makes of the programs in testdata. Each returns 0 where its results are what
// they ought to be.
func TestLockstepCompiled(t *testing.T) {
	need.Tool(t, "qemu-system-xtensa")
	gcc := need.Tool(t, "xtensa-lx106-elf-gcc")
	programs, err := filepath.Glob("testdata/*.c")
	if err != nil {
		t.Fatal(err)
	}
	total, all := 0, census{}
	for _, program := range programs {
		if filepath.Base(program) == "rom.c" {
			continue // the library of the others
		}
		for _, optimize := range []string{"-Os", "-O2"} {
			p := pair{sim: newSim(), census: all}
			elf := compile(t, gcc, optimize, "-fno-tree-loop-distribute-patterns", "-DROUNDS=10", program, "testdata/rom.c", "-lgcc")
			p.loadELF(t, elf)
			p.PC = p.entry
			n, err := p.lockstep(qemu(t, "-kernel", elf)) // which fails unless the program returns 0
			if err != nil {
				t.Errorf("%s %s: %v", program, optimize, err)
			}
			t.Logf("%s %s: %d instructions compared", program, optimize, n)
			if total += n; n < 10_000 {
				t.Errorf("%s %s: too few instructions compared", program, optimize)
			}
		}
	}
	t.Logf("%d instructions of compiled programs compared, of %d mnemonics", total, len(all))
	if all["unknown"] > 0 {
		t.Errorf("%d unknown instructions", all["unknown"])
	}
}
