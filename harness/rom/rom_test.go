package rom_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
	"github.com/espalier-hil/espalier/harness/slip"
)

const baud = 115200

// tape is a line that keeps what is written and answers with what was laid in.
type tape struct {
	*romtest.Chip
	sent bytes.Buffer
}

func (tp *tape) Write(p []byte) (int, error) {
	tp.sent.Write(p)
	return tp.Chip.Write(p)
}

func TestNames(t *testing.T) {
	for op, want := range map[rom.OpCode]string{
		rom.Sync: "SYNC", rom.FlashBegin: "FLASH_BEGIN", rom.ReadReg: "READ_REG", 0x0B: "OP_0B",
	} {
		if got := op.String(); got != want {
			t.Errorf("%#02x is %s, want %s", byte(op), got, want)
		}
	}
	for s, want := range map[rom.Status]string{
		rom.BadChecksum: "status 07: checksum of the block does not match",
		rom.Status(9):   "status 09",
	} {
		if got := s.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The bytes on the line, as anyone may check them against the layout.
func TestWire(t *testing.T) {
	line := &tape{Chip: romtest.New()}
	c := rom.New(line, baud)
	if err := c.Connect(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	sync := "\xc0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20" + strings.Repeat("U", 32) + "\xc0"
	if got := line.sent.String(); got != sync {
		t.Errorf("SYNC went out as % x", got)
	}
	line.sent.Reset()
	if v, err := c.ReadReg(t.Context(), 0x40001000); err != nil || v != 0xFFF0C101 {
		t.Errorf("ReadReg = %08x, %v", v, err)
	}
	if err := c.WriteReg(t.Context(), 0x600000C0, 0x11223344); err != nil {
		t.Error(err)
	}
	want := "\xc0\x00\x0a\x04\x00\x00\x00\x00\x00\x00\x10\x00\x40\xc0" +
		"\xc0\x00\x09\x10\x00\x00\x00\x00\x00\xdb\xdc\x00\x00\x60\x44\x33\x22\x11\xff\xff\xff\xff\x00\x00\x00\x00\xc0"
	if got := line.sent.String(); got != want {
		t.Errorf("got  % x\nwant % x", got, want)
	}
}

func TestConnect(t *testing.T) {
	chip := romtest.New()
	chip.Deaf = 6 // one try and one SYNC more: the second reset must not be the last
	resets := 0
	enter := func(ctx context.Context) error {
		if resets++; resets > 1 {
			chip.Deaf = 1
		}
		return rom.Classic(0, 0).Run(ctx, chip)
	}
	c := rom.New(chip, baud)
	if err := c.Connect(t.Context(), enter); err != nil {
		t.Fatal(err)
	}
	if resets != 2 || len(chip.Commands) != 5+2 {
		t.Errorf("%d resets and %d SYNCs, want 2 and 7", resets, len(chip.Commands))
	}
	// None of the eight answers is left to be taken for another.
	if v, err := c.ReadReg(t.Context(), 0x60000014); err != nil || v != 451 {
		t.Errorf("after SYNC, ReadReg = %d, %v", v, err)
	}
}

func TestConnectFails(t *testing.T) {
	t.Run("silence", func(t *testing.T) {
		chip := romtest.New()
		chip.Deaf = 1000
		err := rom.New(chip, baud).Connect(t.Context(), func(ctx context.Context) error { return rom.Classic(0, 0).Run(ctx, chip) })
		if !errors.Is(err, rom.ErrNoReply) || !strings.Contains(err.Error(), "nothing came back") {
			t.Error(err)
		}
		if len(chip.Commands) != 35 {
			t.Errorf("%d SYNCs, want 7 × 5", len(chip.Commands))
		}
	})
	t.Run("firmware runs", func(t *testing.T) {
		chip := romtest.New()
		chip.Boot = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n"
		err := rom.New(chip, baud).Connect(t.Context(), func(ctx context.Context) error { return rom.Hard(0).Run(ctx, chip) })
		if !errors.Is(err, rom.ErrNoReply) || !strings.Contains(err.Error(), "last bytes 6f 6f 74 20 6d 6f 64 65 3a 28 33 2c 36 29 0d 0a") {
			t.Error(err)
		}
	})
	t.Run("lines that do not move", func(t *testing.T) {
		broken := errors.New("inappropriate ioctl for device")
		err := rom.New(romtest.New(), baud).Connect(t.Context(), func(context.Context) error { return broken })
		if !errors.Is(err, broken) {
			t.Error(err)
		}
	})
	t.Run("lost port", func(t *testing.T) {
		chip := romtest.New()
		chip.Close()
		if err := rom.New(chip, baud).Connect(t.Context(), nil); !errors.Is(err, io.ErrClosedPipe) {
			t.Error(err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := rom.New(romtest.New(), baud).Connect(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("stub", func(t *testing.T) {
		reply := "\xc0\x01\x08\x02\x00\x00\x00\x00\x00\x00\x00\xc0"
		if err := rom.New(&scripted{reply: reply}, baud).Connect(t.Context(), nil); !errors.Is(err, rom.ErrStub) {
			t.Error(err)
		}
	})
}

// scripted answers whatever is written with the same bytes.
type scripted struct {
	romtest.Chip
	reply string
	out   bytes.Buffer
}

func (s *scripted) Write(p []byte) (int, error) { s.out.WriteString(s.reply); return len(p), nil }
func (s *scripted) Read(p []byte) (int, error)  { return s.out.Read(p) }

// What the line does to one reply does not change what Identify finds.
func TestReplies(t *testing.T) {
	for _, tt := range []struct {
		do   romtest.Action
		want error
	}{
		{romtest.Precede, nil},
		{romtest.Babble, nil},
		{romtest.Corrupt, rom.ErrNoReply},
		{romtest.Cut, rom.ErrNoReply},
		{romtest.Drop, rom.ErrNoReply},
		{romtest.Ignore, rom.ErrNoReply},
	} {
		chip := romtest.New()
		chip.Faults = []romtest.Fault{{Op: rom.ReadReg, Do: tt.do}}
		c := rom.New(chip, baud)
		v, err := c.ReadReg(t.Context(), 0x60000014)
		if !errors.Is(err, tt.want) || err == nil && v != 451 {
			t.Errorf("fault %d: %d, %v; want %v", tt.do, v, err, tt.want)
		}
	}
}

// After a failure every success carries its error byte; only status counts.
func TestSuccessWithStaleErrorByte(t *testing.T) {
	chip := romtest.New()
	chip.Faults = []romtest.Fault{{Op: rom.FlashData, Do: romtest.Refuse, Status: rom.BadChecksum}}
	if err := rom.New(chip, baud).Flash(t.Context(), []byte("image"), 0, nil); err != nil {
		t.Fatal(err)
	}
	want := []rom.OpCode{rom.FlashBegin, rom.FlashData, rom.FlashBegin, rom.FlashData}
	if !slices.Equal(chip.Commands, want) {
		t.Errorf("commands %v, want %v", chip.Commands, want)
	}
}

// FuzzReplies answers a READ_REG with anything. Nothing but a sound reply to
// READ_REG that reports success yields a value.
func FuzzReplies(f *testing.F) {
	f.Add([]byte("\xc0\x01\x0a\x02\x00\xc3\x01\x00\x00\x00\x00\xc0"))
	f.Add([]byte("ets\xc0\xc0\x01\x0a\x02\x00\xc3\x01\x00\x00\x01\x05\xc0"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		v, err := rom.New(&scripted{reply: string(answer)}, baud).ReadReg(t.Context(), 0x60000014)
		if err != nil {
			if v != 0 {
				t.Fatalf("value %08x beside %v", v, err)
			}
			return
		}
		sound := slip.Append(nil, []byte{1, 0x0a, 2, 0, byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24), 0})
		if !bytes.Contains(answer, sound[:len(sound)-1]) {
			t.Fatalf("value %08x from % x", v, answer)
		}
	})
}
