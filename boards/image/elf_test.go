package image_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/need"
)

const program = `
	.section .text
	.global start
start:	j start
	.section .data
	.byte 1, 2, 3, 4, 5
`

func TestFromELF(t *testing.T) {
	gcc := need.Tool(t, "xtensa-lx106-elf-gcc")
	dir := t.TempDir()
	src, elf := filepath.Join(dir, "p.S"), filepath.Join(dir, "p.elf")
	if err := os.WriteFile(src, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(gcc, "-nostdlib", "-nostartfiles", "-Wl,-n,-Ttext=0x40100000,-Tdata=0x3ffe8000,-estart", "-o", elf, src).CombinedOutput()
	if err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	f, err := os.Open(elf)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	im, err := image.FromELF(f)
	if err != nil {
		t.Fatal(err)
	}
	if im.Entry != 0x40100000 || len(im.Segments) != 2 {
		t.Fatalf("entry %#x, segments %+v", im.Entry, im.Segments)
	}
	data, text := im.Segments[0], im.Segments[1]
	if data.Addr != 0x3ffe8000 || string(data.Data) != "\x01\x02\x03\x04\x05\x00\x00\x00" {
		t.Errorf("data: %#x % x", data.Addr, data.Data)
	}
	if text.Addr != 0x40100000 || text.Data[0] != 0x06 { // j .
		t.Errorf("text: %#x % x", text.Addr, text.Data)
	}
}
