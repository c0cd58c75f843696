package nor_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// unhex reads hex with blanks.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What the chip answers, byte by byte, on a chip that holds 00 01 02 … at
// 0x1000 and is 1 MiB.
func TestTransfer(t *testing.T) {
	for _, tt := range []struct{ name, out, in string }{
		{"nothing", "", "ffff"},
		{"read", "03 001001", "010203"},
		{"read with its address cut short", "03 0010", "ffffff"},
		{"fast read", "0b 001001 aa", "0102"},
		{"fast read without its dummy byte", "0b 001001", "ffff"},
		{"id", "9f", "ef4014 ff"},
		{"device id", "ab 000000", "1313"},
		{"wake", "ab", "ff"},
		{"manufacturer and device", "90 000000", "ef13ef"},
		{"device and manufacturer", "90 000001", "13ef13"},
		{"status", "05", "0000"},
		{"second status", "35", "00"},
	} {
		c := newChip(t)
		if err := c.Put(0x1000, []byte{0, 1, 2, 3, 4}); err != nil {
			t.Fatal(err)
		}
		want := unhex(t, tt.in)
		in := make([]byte, len(want))
		if err := c.Transfer(unhex(t, tt.out), in); err != nil || !bytes.Equal(in, want) {
			t.Errorf("%s: % x, %v, want % x", tt.name, in, err, want)
		}
	}
}

// What changes the chip, and what would if it were sent right.
func TestTransferChanges(t *testing.T) {
	for _, tt := range []struct {
		name, out string
		works     bool
	}{
		{"program", "02 001000 00", true},
		{"program nothing", "02 001000", false},
		{"sector erase", "20 002000", true},
		{"sector erase, cut short", "20 0020", false},
		{"sector erase, a byte too many", "20 002000 00", false},
		{"block erase", "d8 000000", true},
		{"chip erase", "c7", true},
		{"chip erase, the other", "60", true},
		{"chip erase, a byte too many", "60 00", false},
		{"status", "01 1c", true},
		{"both status registers", "01 1c 00", true},
		{"status, cut short", "01", false},
		{"status, too long", "01 1c 00 00", false},
	} {
		c := newChip(t)
		if err := c.Put(0x2000, []byte{0}); err != nil {
			t.Fatal(err)
		}
		before := bytes.Clone(c.Data)
		changes := func() bool {
			t.Helper()
			if err := c.Transfer(unhex(t, tt.out), nil); err != nil {
				t.Fatal(err)
			}
			return !bytes.Equal(c.Data, before) || c.Status()&nor.StatusBP != 0
		}
		if changes() || c.Counters.Ignored != 1 {
			t.Errorf("%s: works without write enable", tt.name)
		}
		if err := c.Transfer([]byte{6}, nil); err != nil || c.Status() != nor.StatusWEL {
			t.Fatalf("write enable: %v", err)
		}
		if got := changes(); got != tt.works {
			t.Errorf("%s: works: %v, want %v", tt.name, got, tt.works)
		}
		if err := errors.Join(c.Transfer([]byte{6}, nil), c.Transfer([]byte{4}, nil)); err != nil || c.Status()&nor.StatusWEL != 0 {
			t.Errorf("write disable: %v", err)
		}
	}
}

// A busy chip tells its status, and nothing else.
func TestTransferBusy(t *testing.T) {
	c := newChip(t)
	c.Timing, c.Now = nor.Typical, func() time.Duration { return 0 }
	erase(t, c, 0, nor.SectorSize)
	for out, want := range map[string]string{"05": "01", "35": "00", "9f": "ff", "03 000000": "ff", "06": "ff", "20 000000": "ff"} {
		in := make([]byte, 1)
		if err := c.Transfer(unhex(t, out), in); err != nil || in[0] != unhex(t, want)[0] {
			t.Errorf("%s: % x, %v, want %s", out, in, err, want)
		}
	}
	if c.Status() != nor.StatusBusy || c.Counters.Ignored != 1 {
		t.Errorf("status %02x, %d ignored", c.Status(), c.Counters.Ignored)
	}
}

func TestTransferUnknown(t *testing.T) {
	if err := newChip(t).Transfer([]byte{0x77}, nil); !errors.Is(err, nor.ErrCommand) || !strings.Contains(err.Error(), "0x77") {
		t.Errorf("%v", err)
	}
}

func FuzzTransfer(f *testing.F) {
	f.Add([]byte{3, 0, 0, 0}, uint8(4))
	f.Add([]byte{2, 0, 0, 0xff, 1, 2, 3}, uint8(0))
	f.Fuzz(func(t *testing.T, out []byte, n uint8) {
		c := newChip(t)
		c.WriteEnable()
		if err := c.Transfer(out, make([]byte, n)); err != nil && !errors.Is(err, nor.ErrCommand) {
			t.Error(err)
		}
	})
}

// esptool looks for a maker in the SFDP, and takes ones for another one; and it
// resets the chip.
func TestTransferIgnored(t *testing.T) {
	c, err := nor.New(nor.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	c.WriteEnable()
	for _, out := range [][]byte{{0x5a, 0, 0, 0x10, 0}, {0x66}, {0x99}} {
		in := []byte{0, 0}
		if err := c.Transfer(out, in); err != nil || in[0] != 0xff || in[1] != 0xff || c.Status() != nor.StatusWEL {
			t.Errorf("% x: % x, %v, status %02x", out, in, err, c.Status())
		}
	}
}
