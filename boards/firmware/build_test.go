package firmware_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/need"
)

// build runs make in dir, for this checkout, with its output in a folder of the
// test's own.
func build(t *testing.T, dir, out string, args ...string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-s", "-C", dir, "ROOT=" + root, "BUILD=" + out}, args...)
	if said, err := exec.Command(need.Tool(t, "make"), args...).CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v\n%s", args, err, said)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	p, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Room is what the C code leaves to the image.
func TestRoom(t *testing.T) {
	if want := fmt.Sprintf("FLASH_IMAGE_MAX = 0x%05x,", firmware.Room); !bytes.Contains(read(t, "core/flashmap.h"), []byte(want)) {
		t.Errorf("core/flashmap.h does not say %s", want)
	}
	if n := len(firmware.Image); n > firmware.Room {
		t.Errorf("the image has %d bytes, and there are %d", n, firmware.Room)
	}
}

// The image and the ELF in bin/ are what the sources give, from wherever they
// are built.
func TestReproducible(t *testing.T) {
	need.Tool(t, "xtensa-lx106-elf-gcc")
	dir, out := filepath.Join(t.TempDir(), "elsewhere"), t.TempDir()
	for _, part := range []string{"core", "port", "hobbyist"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(part)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "Makefile"), read(t, "Makefile"), 0o644); err != nil {
		t.Fatal(err)
	}
	elf := filepath.Join(out, "chip-ref", "espalier-ref.elf")
	bin := filepath.Join(out, "chip-ref", "espalier-ref.bin")
	build(t, dir, out, bin, filepath.Join(out, "chip-ref", "hobbyist.bin"))
	if !bytes.Equal(read(t, elf), firmware.ELF) {
		t.Error("the ELF that is committed is not what the sources give: make firmware")
	}
	if !bytes.Equal(read(t, bin), firmware.Image) {
		t.Error("the image that is committed is not what the sources give: make firmware")
	}
	if !bytes.Equal(read(t, filepath.Join(out, "chip-ref", "hobbyist.bin")), firmware.Hobbyist) {
		t.Error("the hobbyist's image that is committed is not what its source gives: make firmware")
	}
}

// The core, on this machine, under the sanitizers.
func TestCore(t *testing.T) {
	need.Tool(t, "gcc")
	build(t, ".", t.TempDir(), "test")
}
