package rom_test

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

// FuzzIdentify asks chips of all kinds what they are. Each gives a whole
// identity or a reason, and no size of flash that an ESP8266 cannot address.
func FuzzIdentify(f *testing.F) {
	f.Add(uint32(0xFFF0C101), uint32(0x01000000), uint32(0), uint32(0x8000), uint32(0x7AE582), uint32(451), uint32(0x1640EF))
	f.Add(uint32(0xFFF0C101), uint32(0x10), uint32(0x20000), uint32(0x10000), uint32(0), uint32(0xFFFFF), uint32(0xFFFFFF))
	f.Add(uint32(0x00F01D83), uint32(0), uint32(0), uint32(0), uint32(0), uint32(0), uint32(0))
	f.Fuzz(func(t *testing.T, magic, fuse0, fuse1, fuse2, fuse3, divider, flash uint32) {
		chip := romtest.New()
		chip.Flash = nil
		chip.FlashID = flash
		for addr, v := range map[uint32]uint32{
			0x40001000: magic, 0x60000014: divider, 0x3FF00050: fuse0, 0x3FF00054: fuse1, 0x3FF00058: fuse2, 0x3FF0005C: fuse3,
		} {
			chip.Regs[addr] = v
		}
		id, err := rom.New(chip, baud).Identify(t.Context())
		switch {
		case err == nil && (magic != 0xFFF0C101 || len(id.MAC) != 6 || id.Chip == "" || id.Crystal < 26e6):
			t.Errorf("taken for %+v", id)
		case err != nil && !errors.Is(err, rom.ErrChip) && !errors.Is(err, rom.ErrFlashID):
			t.Errorf("%v is of no class", err)
		}
		if n := rom.FlashID(flash).Size(); n != 0 && (n < 256<<10 || n > 16<<20) {
			t.Errorf("%08x has %d bytes", flash, n)
		}
	})
}

// FuzzWriting writes an image while the loader answers anything. It is written
// only if every block was acknowledged, and the conversation has an end.
func FuzzWriting(f *testing.F) {
	ack := "\xc0\x01\x03\x02\x00\x00\x00\x00\x00\x00\x00\xc0"
	begun := "\xc0\x01\x02\x02\x00\x00\x00\x00\x00\x00\x00\xc0"
	f.Add([]byte(begun), []byte(ack))
	f.Add([]byte(begun), []byte("\xc0\x01\x03\x02\x00\x00\x00\x00\x00\x01\x07\xc0"))
	f.Add([]byte("\xc0\x01\x02\x02\x00\x00\x00\x00\x00\x01\x06\xc0"), []byte(begun+ack+ack))
	f.Fuzz(func(t *testing.T, begin, data []byte) {
		line := &liar{answers: map[rom.OpCode][]byte{rom.FlashBegin: begin, rom.FlashData: data}}
		done := 0
		err := rom.New(line, baud).Flash(t.Context(), make([]byte, 3000), 0, func(n, _ int) { done = n })
		if (err == nil) != (done == 3000) {
			t.Errorf("%d bytes are done, and %v", done, err)
		}
	})
}

// liar answers each command with what it was told to.
type liar struct {
	answers map[rom.OpCode][]byte
	out     bytes.Buffer
}

func (l *liar) Write(frame []byte) (int, error) {
	if len(frame) > 2 {
		l.out.Write(l.answers[rom.OpCode(frame[2])])
	}
	return len(frame), nil
}

func (l *liar) Read(p []byte) (int, error) {
	if l.out.Len() == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	return l.out.Read(p)
}

func (l *liar) SetReadTimeout(time.Duration) error { return nil }
