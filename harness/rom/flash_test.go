package rom_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

// image returns n bytes that do not repeat.
func image(n int) []byte {
	p := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(p)
	return p
}

func TestFlash(t *testing.T) {
	const block = 0x400
	for _, offset := range []uint32{0, 0x1000, 0xF000, 0x76000} {
		for _, n := range []int{1, 3, 4, block - 1, block, block + 1, 4096, 4097, 17*4096 + 1} {
			t.Run(fmt.Sprintf("offset=%#x,len=%d", offset, n), func(t *testing.T) {
				chip := romtest.New()
				fill(chip.Flash, 0x55) // a chip that was used before
				var last int
				progress := func(done, total int) {
					if done <= last && last != 0 || total != n {
						t.Errorf("progress %d of %d after %d", done, total, last)
					}
					last = done
				}
				want := image(n)
				if err := rom.New(chip, baud).Flash(t.Context(), want, offset, progress); err != nil {
					t.Fatal(err)
				}
				if got := chip.Flash[offset:][:n]; !bytes.Equal(got, want) {
					t.Error("flash does not hold the image")
				}
				if last != n {
					t.Errorf("progress ended at %d", last)
				}
				if offset > 0 && chip.Flash[offset-1] != 0x55 {
					t.Error("the byte before the image is gone")
				}
				end := rom.Erased(offset, rom.EraseSize(offset, uint32(n)))
				if chip.Flash[end-1] != 0xFF || chip.Flash[end] != 0x55 {
					t.Errorf("erased other than up to %#x", end)
				}
			})
		}
	}
}

func fill(p []byte, b byte) {
	for i := range p {
		p[i] = b
	}
}

// One thing goes wrong, the image starts over, and is whole in the end.
func TestFlashStartsOver(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault romtest.Fault
	}{
		{"checksum", romtest.Fault{Op: rom.FlashData, After: 2, Do: romtest.Refuse, Status: rom.BadChecksum}},
		{"sequence", romtest.Fault{Op: rom.FlashData, After: 2, Do: romtest.Refuse, Status: rom.BadRequest}},
		{"read back", romtest.Fault{Op: rom.FlashData, After: 4, Do: romtest.Refuse, Status: rom.BadReadBack}},
		{"lost request", romtest.Fault{Op: rom.FlashData, After: 1, Do: romtest.Ignore}},
		{"lost reply", romtest.Fault{Op: rom.FlashData, Do: romtest.Drop}},
		{"damaged reply", romtest.Fault{Op: rom.FlashData, Do: romtest.Corrupt}},
		{"lost reply to the erase", romtest.Fault{Op: rom.FlashBegin, Do: romtest.Drop}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chip := romtest.New()
			chip.Faults = []romtest.Fault{tt.fault}
			want := image(5000)
			var fellBack int
			progress := func(done, _ int) {
				if done == 0 {
					fellBack++
				}
			}
			if err := rom.New(chip, baud).Flash(t.Context(), want, 0, progress); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(chip.Flash[:len(want)], want) {
				t.Error("flash does not hold the image")
			}
			begins := len(slices.DeleteFunc(slices.Clone(chip.Commands), func(op rom.OpCode) bool { return op != rom.FlashBegin }))
			if begins != 2 || fellBack != 1 || len(chip.Faults) != 0 {
				t.Errorf("%d times FLASH_BEGIN, progress fell back %d times, %d faults left", begins, fellBack, len(chip.Faults))
			}
		})
	}
}

func TestFlashFails(t *testing.T) {
	four := func(f romtest.Fault) []romtest.Fault { return []romtest.Fault{f, f, f, f} }
	for _, tt := range []struct {
		name   string
		image  []byte
		offset uint32
		faults []romtest.Fault
		want   error
		begins int
		text   string
	}{
		{name: "empty image", want: rom.ErrRange},
		{name: "offset not aligned", image: image(8), offset: 0x400, want: rom.ErrRange, text: "8 bytes at 0x400"},
		{name: "beyond the chip", image: image(8192), offset: 4<<20 - 0x1000, want: rom.ErrRange, text: "8192 bytes at 0x3ff000"},
		{
			name: "erase refused", image: image(8), offset: 0x1000, want: rom.Failed, begins: 1, text: "FLASH_BEGIN for 8 bytes at 0x1000",
			faults: []romtest.Fault{{Op: rom.FlashBegin, Do: romtest.Refuse, Status: rom.Failed}},
		},
		{
			name: "never reads back", image: image(0x800), want: rom.BadReadBack, begins: 4,
			faults: four(romtest.Fault{Op: rom.FlashData, After: 1, Do: romtest.Refuse, Status: rom.BadReadBack}),
			text:   "block 2 of 2 at 0x400: status 08: flash does not read back what was written; started over 3 times",
		},
		{
			name: "silence", image: image(8), want: rom.ErrNoReply, begins: 4,
			faults: four(romtest.Fault{Op: rom.FlashBegin, Do: romtest.Ignore}),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chip := romtest.New()
			chip.Faults = tt.faults
			err := rom.New(chip, baud).Flash(t.Context(), tt.image, tt.offset, nil)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %v with %q", err, tt.want, tt.text)
			}
			begins := 0
			for _, op := range chip.Commands {
				if op == rom.FlashBegin {
					begins++
				}
			}
			if begins != tt.begins {
				t.Errorf("%d times FLASH_BEGIN, want %d", begins, tt.begins)
			}
		})
	}
}

// The erase of a megabyte may take forty seconds, of a sector three.
func TestEraseTimeout(t *testing.T) {
	for _, tt := range []struct {
		n    int
		want time.Duration
	}{{4096, 3 * time.Second}, {1 << 20, 38 * time.Second}} {
		chip := romtest.New()
		if err := rom.New(chip, baud).Flash(t.Context(), image(tt.n), 0, nil); err != nil {
			t.Fatal(err)
		}
		if got := slices.Max(chip.Timeouts); got < tt.want-time.Second || got > tt.want {
			t.Errorf("%d bytes: waited up to %v, want %v", tt.n, got, tt.want)
		}
	}
}
