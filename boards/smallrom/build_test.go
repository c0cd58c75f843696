package smallrom_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/smallrom"
	"github.com/espalier-hil/espalier/harness/need"
)

// The ROM in bin/ is what the sources give, from wherever they are built.
func TestReproducible(t *testing.T) {
	need.Tool(t, "xtensa-lx106-elf-gcc")
	dir, out := filepath.Join(t.TempDir(), "elsewhere"), t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS("src")); err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Makefile"), makefile, 0o644); err != nil {
		t.Fatal(err)
	}
	core, err := filepath.Abs("../firmware/core")
	if err != nil {
		t.Fatal(err)
	}
	rom := filepath.Join(out, "smallrom.bin")
	cmd := exec.Command(need.Tool(t, "make"), "-s", "-C", dir, "BUILD="+out, "CORE="+core, rom)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, said)
	}
	got, err := os.ReadFile(rom)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, smallrom.ROM) {
		t.Error("the ROM that is committed is not what the sources give: make smallrom")
	}
}

// It is a mask ROM as the chip's: of that size, and with the word that hosts
// tell the chip by.
func TestShape(t *testing.T) {
	if len(smallrom.ROM) != 1<<16 {
		t.Fatalf("%d bytes", len(smallrom.ROM))
	}
	if w := binary.LittleEndian.Uint32(smallrom.ROM[0x1000:]); w != 0xfff0c101 {
		t.Errorf("the word at 40001000 is %08x", w)
	}
}
