package virtual_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/smallrom"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// romEnv names a file with a dump of a mask ROM, which is then held against
// ours too: make rom-check ROM=FILE.
const romEnv = "ESPALIER_ROM"

// roms are the mask ROMs that are executed and ought to say what package
// maskrom says.
func roms(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"small": smallrom.ROM}
	if path := os.Getenv(romEnv); path != "" {
		p, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%s: %v", romEnv, err)
		}
		all["dump"] = p
	}
	return all
}

// dialogue is one connection to a board.
type dialogue struct {
	t *testing.T
	b *virtual.Board
	p boards.Port
}

// ask sends a frame with the request, and returns what comes back in time.
func (d *dialogue) ask(op byte, sum uint32, data []byte) string {
	d.t.Helper()
	q := binary.LittleEndian.AppendUint16([]byte{0, op}, uint16(len(data)))
	q = append(binary.LittleEndian.AppendUint32(q, sum), data...)
	return d.raw(slip(q))
}

func slip(q []byte) []byte {
	q = bytes.ReplaceAll(q, []byte{0xdb}, []byte{0xdb, 0xdd})
	q = bytes.ReplaceAll(q, []byte{0xc0}, []byte{0xdb, 0xdc})
	return append(append([]byte{0xc0}, q...), 0xc0)
}

func (d *dialogue) raw(p []byte) string {
	d.t.Helper()
	if _, err := d.p.Write(p); err != nil {
		d.t.Fatal(err)
	}
	return drain(d.t, d.p)
}

// loader resets into the loader and has it measure the speed.
func (d *dialogue) loader(baud int) (said []string) {
	d.t.Helper()
	if err := d.p.SetBaud(baud); err != nil {
		d.t.Fatal(err)
	}
	reset(d.t, d.p, true)
	drain(d.t, d.p)
	said = []string{d.raw(sync), d.raw(sync)}
	if err := d.p.SetReadTimeout(time.Second); err != nil { // erasing takes its time
		d.t.Fatal(err)
	}
	return said
}

func checksum(p []byte) uint32 {
	sum := byte(0xef)
	for _, c := range p {
		sum ^= c
	}
	return uint32(sum)
}

func block(seq uint32, p []byte) []byte {
	return append(words(uint32(len(p)), seq, 0, 0), p...)
}

// stimuli are what both kinds of ROM are told.
var stimuli = []struct {
	name  string
	flash []byte
	talk  func(d *dialogue) []string
}{
	{"the firmware boots", firmware.Image, func(d *dialogue) []string {
		return []string{until(d.t, d.p, "\x1e[^\n]*\n")}
	}},
	{"a blank flash", nil, func(d *dialogue) []string { return []string{drain(d.t, d.p)} }},
	{"chip and speed", nil, func(d *dialogue) []string {
		said := d.loader(115200)
		for _, addr := range []uint32{0x40001000, 0x60000014, 0x3ff00050, 0x3ff00054, 0x3ff00058, 0x3ff0005c} {
			said = append(said, d.ask(0x0a, 0, words(addr)))
		}
		return said
	}},
	{"transfers", nil, func(d *dialogue) []string {
		said := d.loader(115200)
		p := bytes.Repeat([]byte{0xc0, 0xdb, 1, 2}, 256)
		return append(said,
			d.ask(2, 0, words(0x1000, 1, 0x400, 0)),
			d.ask(3, checksum(p)^1, block(0, p)),
			d.ask(3, checksum(p), block(0, p)),
			d.ask(2, 0, words(0x1000, 1, 0x400, 0)),
			d.ask(3, checksum(p), block(0, p)),
			d.ask(2, 0, words(0x1000, 1, 0x1801, 0)),
			d.ask(2, 0, words(0x1000, 1, 0x400, 0x801)),
			d.ask(2, 0, words(0x1000)),
			d.ask(5, 0, words(0x10, 1, 0x400, 0x3ffe8000)),
			d.ask(7, checksum(p[:16]), block(0, p[:16])),
			d.ask(9, 0, words(0x3ffe8000, 0x11223344, 0xffff, 0)),
			d.ask(10, 0, words(0x3ffe8000)),
			d.ask(0x14, 0, nil),
			d.ask(8, 0, append(words(0x20120707), bytes.Repeat([]byte{0x55}, 32)...)),
			d.ask(0x14, 0, nil),
			d.ask(0x0b, 0, words(0, 0x100000, 0x10000, 0x1000, 0x100, 0xffff)),
			d.ask(2, 0, words(0x1000, 1, 0x400, 0x100000)),
			d.ask(10, 0, words(0x3ffe8001)),
			d.raw(sync),
		)
	}},
}

// Both kinds of ROM say the same, byte for byte, and leave the same flash.
func TestROMsAgree(t *testing.T) {
	for name, rom := range roms(t) {
		for _, s := range stimuli {
			t.Run(name+"/"+s.name, func(t *testing.T) {
				ours, flash := converse(t, nil, s.flash, s.talk)
				theirs, other := converse(t, rom, s.flash, s.talk)
				if len(ours) != len(theirs) {
					t.Fatalf("%d answers and %d", len(ours), len(theirs))
				}
				for i := range ours {
					if ours[i] != theirs[i] {
						t.Errorf("answer %d: ours %s\nexecuted %s", i, show(ours[i]), show(theirs[i]))
					}
				}
				if !bytes.Equal(flash, other) {
					t.Error("the flash differs")
				}
			})
		}
	}
}

func converse(t *testing.T, rom, flash []byte, talk func(*dialogue) []string) (said []string, left []byte) {
	b, p := withROM(t, rom, flash)
	said = talk(&dialogue{t, b, p})
	return said, b.FlashBytes(0, 4<<20)
}

func show(s string) string {
	if len(s) > 0 && s[0] == 0xc0 {
		return hex.EncodeToString([]byte(s))
	}
	return fmt.Sprintf("%q", s)
}
