package virtual_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
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
	if err := errors.Join(d.p.SetBaud(baud), d.p.SetReadTimeout(100*time.Millisecond)); err != nil {
		d.t.Fatal(err)
	}
	reset(d.t, d.p, true)
	drain(d.t, d.p)
	said = []string{d.raw(sync), d.raw(sync)}
	if err := d.p.SetReadTimeout(5 * time.Second); err != nil { // erasing takes its time
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

// Both kinds of ROM say the same, byte for byte, and leave the same flash.
func TestROMsAgree(t *testing.T) {
	for name, rom := range roms(t) {
		for _, s := range stimuli {
			t.Run(name+"/"+s.name, func(t *testing.T) {
				ours, flash := converse(t, nil, s.flash(t), s.talk)
				theirs, other := converse(t, rom, s.flash(t), s.talk)
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

// A ROM that says one letter otherwise does not agree.
func TestROMsDisagree(t *testing.T) {
	other := bytes.Replace(smallrom.ROM, []byte("chksum"), []byte("chksun"), 1)
	ours, _ := converse(t, nil, firmware.Image, silence)
	small, _ := converse(t, smallrom.ROM, firmware.Image, silence)
	theirs, _ := converse(t, other, firmware.Image, silence)
	if ours[0] != small[0] || ours[0] == theirs[0] {
		t.Errorf("ours %q\nsmall %q\nplanted %q", ours, small, theirs)
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
