package cli_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// program1 returns a v1 image of one segment of instructions at the start of
// IRAM, where it is entered.
//
//	E9 | segments 1 | flash 02 40 | entry u32 | address u32 | length u32 | code | padding | checksum
func program1(code ...byte) string {
	const iram = 0x40100000
	var b bytes.Buffer
	b.Write([]byte{0xe9, 1, 0x02, 0x40})
	sum := byte(0xef)
	for _, c := range code {
		sum ^= c
	}
	for _, word := range []uint32{iram, iram, uint32(len(code))} {
		binary.Write(&b, binary.LittleEndian, word) // a Buffer takes everything
	}
	b.Write(code)
	b.Write(make([]byte, 15-b.Len()%16))
	b.WriteByte(sum)
	return b.String()
}

var (
	crashes = program1(0, 0, 0, 0)                                                          // ill
	spins   = program1(0x06, 0xff, 0xff, 0)                                                 // j .
	halts   = program1(0x06, 1, 0, 0, 0x34, 0x12, 0, 0x40, 1, 0xff, 0xff, 0xc0, 0, 0, 0, 0) // j 1f; .word 0x40001234; 1: l32r a0, .-4; callx0 a0
	intact  = string(firmware.Image)                                                        //
	noMagic = "ELF" + intact[3:]                                                            //
	cutOff  = intact[:len(intact)/2]                                                        //
	damaged = intact[:5000] + "?" + intact[5001:]                                           // a byte of code changed
)

func TestHandmadeImagesAreImages(t *testing.T) {
	for _, im := range []string{crashes, spins, halts} {
		if _, _, err := image.Parse([]byte(im)); err != nil {
			t.Error(err)
		}
	}
}

// document is what the tests look at in a report.json.
type document struct {
	Code     int
	Grade    string
	Seed     string
	Repeat   string
	Finished string
	Board    struct {
		Name, Port, MAC string
		ROM             *boards.MaskROM
	}
	Server  struct{ Mode string }
	Results []struct {
		ID, Status, Grade, Class, Message, Repeat string
		Crash                                     []string
		Attempts                                  []struct{ Class, Message string }
		Requirements                              []string
		Heard                                     *struct{ First, Last int }
	}
	Measurements []struct {
		Name  string
		Value float64
	}
}

// reported reads the report in dir.
func reported(t *testing.T, dir string) document {
	t.Helper()
	p, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(p, &d); err != nil {
		t.Fatalf("%v in %s", err, p)
	}
	if junit, err := os.ReadFile(filepath.Join(dir, "junit.xml")); err != nil || !strings.Contains(string(junit), "<testsuite") {
		t.Errorf("junit.xml: %v", err)
	}
	return d
}

// measured returns the measurement called name.
func (d document) measured(t *testing.T, name string) float64 {
	t.Helper()
	for _, m := range d.Measurements {
		if m.Name == name {
			return m.Value
		}
	}
	t.Fatalf("no measurement %q among %v", name, d.Measurements)
	return 0
}
