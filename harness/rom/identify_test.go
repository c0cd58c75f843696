package rom_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

func TestIdentify(t *testing.T) {
	for _, tt := range []struct {
		name    string
		regs    map[uint32]uint32
		flash   uint32
		chip    string
		mac     string
		crystal int
		size    int
	}{
		{
			name: "virtual", regs: nil, flash: 0x1640EF,
			chip: "ESP8266EX", mac: "7a:e5:82:00:00:01", crystal: 26e6, size: 4 << 20,
		},
		{
			name:  "first OUI, 40 MHz, 512 KiB",
			regs:  map[uint32]uint32{0x3FF00050: 0xAB000000, 0x3FF00054: 0x0000CDEF, 0x3FF0005C: 0, 0x60000014: 694},
			flash: 0x1340C8,
			chip:  "ESP8266EX", mac: "18:fe:34:cd:ef:ab", crystal: 40e6, size: 512 << 10,
		},
		{
			name:  "second OUI, flash within",
			regs:  map[uint32]uint32{0x3FF00050: 0x01000010, 0x3FF00054: 0x00010203, 0x3FF0005C: 0},
			flash: 0x144051,
			chip:  "ESP8285", mac: "ac:d0:74:02:03:01", crystal: 26e6, size: 1 << 20,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chip := romtest.New()
			maps.Copy(chip.Regs, tt.regs)
			chip.FlashID = tt.flash
			before := maps.Clone(chip.Regs)
			id, err := rom.New(chip, baud).Identify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if id.Chip != tt.chip || id.MAC.String() != tt.mac || id.Crystal != tt.crystal || id.Flash.Size() != tt.size {
				t.Errorf("got %+v", id)
			}
			for _, addr := range []uint32{0x6000021C, 0x60000224} {
				if chip.Regs[addr] != before[addr] {
					t.Errorf("register %x left at %08x, was %08x", addr, chip.Regs[addr], before[addr])
				}
			}
			if chip.Commands[1] != rom.ReadReg || chip.Flash[0] != 0xFF {
				t.Error("identifying wrote to flash")
			}
		})
	}
}

// A flash that is still busy does not tell its id, and is waited for.
func TestIdentifyWaitsForTheFlash(t *testing.T) {
	chip := romtest.New()
	chip.Busy = 40
	id, err := rom.New(chip, baud).Identify(t.Context())
	if err != nil || id.Flash != 0x1640EF || chip.Busy != 0 {
		t.Errorf("%+v, %v, busy for %d more", id, err, chip.Busy)
	}
}

func TestIdentifyFails(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*romtest.Chip)
		want error
	}{
		{"another chip", func(c *romtest.Chip) { c.Regs[0x40001000] = 0x00F01D83 }, rom.ErrChip},
		{"unknown OUI", func(c *romtest.Chip) { c.Regs[0x3FF0005C], c.Regs[0x3FF00054] = 0, 0x020000 }, rom.ErrChip},
		{"no flash, bus high", func(c *romtest.Chip) { c.FlashID = 0xFFFFFF }, rom.ErrFlashID},
		{"no flash, bus low", func(c *romtest.Chip) { c.FlashID = 0 }, rom.ErrFlashID},
		{"flash busy for good", func(c *romtest.Chip) { c.Busy = 1 << 30 }, rom.ErrFlashID},
		{"flash not attached", func(c *romtest.Chip) {
			c.Faults = []romtest.Fault{{Op: rom.FlashBegin, Do: romtest.Refuse, Status: rom.Failed}}
		}, rom.Failed},
		{"silence", func(c *romtest.Chip) {
			c.Faults = []romtest.Fault{{Op: rom.ReadReg, After: 3, Do: romtest.Ignore}}
		}, rom.ErrNoReply},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chip := romtest.New()
			tt.set(chip)
			id, err := rom.New(chip, baud).Identify(t.Context())
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if id.MAC != nil || id.Chip != "" {
				t.Errorf("identity %+v beside an error", id)
			}
		})
	}
}

func TestFlashID(t *testing.T) {
	for id, want := range map[rom.FlashID]int{0x1640EF: 4 << 20, 0x1840EF: 16 << 20, 0x0040EF: 0, 0x1940EF: 0} {
		if got := id.Size(); got != want {
			t.Errorf("%v has %d bytes, want %d", id, got, want)
		}
	}
	if got := rom.FlashID(0x1640EF).String(); got != "ef 40 16" {
		t.Errorf("got %q", got)
	}
}
