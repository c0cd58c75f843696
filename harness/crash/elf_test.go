package crash_test

import (
	"bytes"
	"debug/elf"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/crash"
)

// functions returns the functions of the reference firmware, by another way than
// the package's own.
func functions(t *testing.T) map[string]uint32 {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(firmware.ELF))
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]uint32{}
	for _, s := range symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			all[s.Name] = uint32(s.Value)
		}
	}
	return all
}

// code returns three bytes of the reference firmware.
func code(t *testing.T, addr uint32) []byte {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(firmware.ELF))
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 3)
	text := f.Section(".text")
	if _, err := text.ReadAt(p, int64(addr)-int64(text.Addr)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLoadRefuses(t *testing.T) {
	truncated := firmware.ELF[:len(firmware.ELF)/2]
	arm := bytes.Clone(firmware.ELF)
	arm[18] = 40 // e_machine
	for name, p := range map[string][]byte{"nothing": nil, "an image": firmware.Image, "cut off": truncated, "ARM": arm} {
		if s, err := crash.Load(p); s != nil || !errors.Is(err, crash.ErrELF) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

// Without line tables there are names; without a symbol table not even those,
// and it is said.
func TestStripped(t *testing.T) {
	for section, want := range map[string]string{".debug_line": "control_line", ".symtab": "control_line (core/control.c:"} {
		s, err := crash.Load(without(t, section))
		if err != nil {
			t.Fatal(err)
		}
		places := s.At(address(t, "control_line"))
		if len(places) != 1 || !strings.HasPrefix(places[0].String(), want) {
			t.Errorf("without %s: %v", section, places)
		}
	}
}

// without returns the reference ELF with a section taken out of the table: its
// type becomes SHT_NULL, or another name if it is found by that.
func without(t *testing.T, name string) []byte {
	t.Helper()
	p := bytes.Clone(firmware.ELF)
	f, err := elf.NewFile(bytes.NewReader(p))
	if err != nil {
		t.Fatal(err)
	}
	headers := int(p[32]) | int(p[33])<<8 | int(p[34])<<16 // e_shoff
	for i, s := range f.Sections {
		if s.Name == name {
			header := p[headers+40*i:]
			copy(header[:8], make([]byte, 8)) // name and type
			return p
		}
	}
	t.Fatalf("the ELF has no %s", name)
	return nil
}
