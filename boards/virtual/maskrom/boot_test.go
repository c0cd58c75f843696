package maskrom_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

const (
	iram = 0x40100000
	dram = 0x3ffe8000
)

func TestBootLog(t *testing.T) {
	for _, tt := range []struct {
		name     string
		segments []image.Segment
		log      string
	}{
		{"next header straddles a chunk", []image.Segment{segment(iram, 44, 0xfd), segment(dram, 20, 0)}, `load 0x40100000, len 44, room 16 
tail 12
chksum 0x12
ho 0 tail 12 room 4
load 0x3ffe8000, len 20, room 12 
tail 8
chksum 0x12
csum 0x12
`},
		{"whole chunks", []image.Segment{segment(iram, 32, 0x11)}, `load 0x40100000, len 32, room 16 
tail 0
chksum 0xfe
csum 0xfe
`},
		{"next header ends with its chunk", []image.Segment{segment(iram, 24, 0xe0), segment(dram, 16, 0x0f)}, `load 0x40100000, len 24, room 16 
tail 8
chksum 0x0f
load 0x3ffe8000, len 16, room 0 
tail 0
chksum 0x00
csum 0x00
`},
		{"segment smaller than its room", []image.Segment{segment(iram, 16, 0xee), segment(dram, 4, 0), segment(dram+4, 8, 2)}, `load 0x40100000, len 16, room 16 
tail 0
chksum 0x01
load 0x3ffe8000, len 4, room 8 
tail 4
chksum 0x01
ho 8 tail 4 room 4
load 0x3ffe8004, len 8, room 12 
tail 8
chksum 0x03
csum 0x03
`},
		{"segment fills its room", []image.Segment{segment(iram, 20, 0), segment(dram, 4, 0)}, `load 0x40100000, len 20, room 16 
tail 4
chksum 0xef
load 0x3ffe8000, len 4, room 4 
tail 0
chksum 0xef
csum 0xef
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.flash(0, flashable(t, tt.segments...))
			if got := b.reset(soc.Ext, soc.StrapFlash); got != maskrom.Ran {
				t.Errorf("outcome %d, want %d", got, maskrom.Ran)
			}
			want := crlf("\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\n\n" + tt.log)
			if got := b.out(); got != want {
				t.Errorf("log\n%q, want\n%q", got, want)
			}
			if b.m.CPU.PC != iram {
				t.Errorf("PC 0x%08x, want 0x%08x", b.m.CPU.PC, uint32(iram))
			}
			for _, s := range tt.segments {
				if got := b.read(s.Addr, len(s.Data)); !bytes.Equal(got, s.Data) {
					t.Errorf("at 0x%08x: % x, want % x", s.Addr, got, s.Data)
				}
			}
		})
	}
}

func TestEntryState(t *testing.T) {
	b := newBench(t)
	b.flash(0, flashable(t, segment(iram, 16, 0)))
	b.reset(soc.Ext, soc.StrapFlash)
	c := b.m.CPU
	for _, tt := range []struct {
		name      string
		got, want uint32
	}{
		{"a0", c.A[0], 0x40001100},
		{"a1", c.A[1], 0x3ffffff0},
		{"PS", c.PS, 0x20},
		{"INTENABLE", c.INTENABLE, 0},
		{"VECBASE", c.VECBASE, 0x40000000},
		{"CLKDIV", b.m.UART0.Divider(), 694},
		{"UART INT_ENA", binary.LittleEndian.Uint32(b.read(0x6000000c, 4)), 1},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = 0x%x, want 0x%x", tt.name, tt.got, tt.want)
		}
	}
}

func TestUserCodeDone(t *testing.T) {
	b := newBench(t)
	b.flash(0, flashable(t, segment(iram, 16, 0)))
	b.reset(soc.Ext, soc.StrapFlash)
	b.out()
	b.m.CPU.PC = b.m.CPU.A[0]
	if got := b.step(); got != maskrom.Waits {
		t.Errorf("outcome %d, want %d", got, maskrom.Waits)
	}
	if got, want := b.out(), "user code done\r\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBootFails(t *testing.T) {
	good := flashable(t, segment(iram, 16, 0))
	flipped := func(off int) []byte {
		p := bytes.Clone(good)
		p[off] ^= 4
		return p
	}
	for _, tt := range []struct {
		name  string
		image []byte
		want  string
	}{
		{"blank flash", []byte{0xff}, "ets_main.c "},
		{"wrong magic", flipped(0), "ets_main.c "},
		{"one bit of data", flipped(20), "load 0x40100000, len 16, room 16 \ntail 0\nchksum 0xeb\ncsum 0xeb\ncsum err\nets_main.c "},
		{"one bit of checksum", flipped(len(good) - 1), "load 0x40100000, len 16, room 16 \ntail 0\nchksum 0xef\ncsum 0xef\ncsum err\nets_main.c "},
		{"segment into the void", flipped(11), "load 0x44100000, len 16, room 16 \n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.flash(0, tt.image)
			b.m.Reset(soc.Ext, soc.StrapFlash)
			out, err := b.rom.Step()
			got, ok := strings.CutPrefix(b.out(), crlf("\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\n\n"))
			if want := crlf(tt.want); !ok || got != want {
				t.Errorf("%q, want %q", got, want)
			}
			if err != nil { // an address that the chip's memory map leaves open
				return
			}
			if out != maskrom.Waits || b.rom.Dead == "" || b.step() != maskrom.Waits {
				t.Errorf("outcome %d, dead %q: want the ROM to hang", out, b.rom.Dead)
			}
		})
	}
}

func TestResetCausesAndStraps(t *testing.T) {
	const loads = "load 0x40100000, len 16, room 16 \ntail 0\nchksum 0xef\ncsum 0xef\n"
	for _, tt := range []struct {
		name   string
		cause  soc.Cause
		straps uint8
		want   string
	}{
		{"power-on", soc.Power, 3, "rst cause:1, boot mode:(3,6)\n\n" + loads},
		{"EN pin", soc.Ext, 3, "rst cause:2, boot mode:(3,6)\n\n" + loads},
		{"watchdog", soc.WDT, 3, "rst cause:4, boot mode:(3,6)\n\nwdt reset\n" + loads},
		{"wake-up", soc.Wake, 3, "rst cause:5, boot mode:(3,6)\n\n" + loads},
		{"wake-up, straps for the loader", soc.Wake, 1, "rst cause:5, boot mode:(1,6)\n\n" + loads},
		{"download", soc.Ext, 1, "rst cause:2, boot mode:(1,6)\n\n"},
		{"SDIO", soc.Ext, 7, "rst cause:2, boot mode:(7,6)\n\nwaiting for host\n"},
		{"jump", soc.Ext, 2, "rst cause:2, boot mode:(2,6)\n\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.flash(0, flashable(t, segment(iram, 16, 0)))
			b.reset(tt.cause, tt.straps)
			if got, want := b.out(), crlf("\n ets Jan  8 2013,"+tt.want); got != want {
				t.Errorf("%q, want %q", got, want)
			}
			if tt.name == "jump" && b.m.CPU.PC != iram {
				t.Errorf("PC 0x%08x, want 0x%08x", b.m.CPU.PC, uint32(iram))
			}
		})
	}
}

// A program that restarts itself after it was flashed finds the straps of the
// reset before, and with them the loader.
func TestSoftResetKeepsCauseAndStraps(t *testing.T) {
	b := newBench(t)
	b.reset(soc.Ext, soc.StrapDownload)
	b.out()
	b.reset(soc.Soft, soc.StrapFlash)
	if got, want := b.out(), "\r\n ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n\r\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if b.rom.Phase != maskrom.Autobaud {
		t.Errorf("phase %d, want %d", b.rom.Phase, maskrom.Autobaud)
	}
}

// The watchdog that a program has started outlives its own restart, and
// nothing else.
func TestWatchdogAtEntry(t *testing.T) {
	const wdtCtl = 0x60000900
	for _, tt := range []struct {
		cause soc.Cause
		runs  bool
	}{{soc.Ext, false}, {soc.Soft, true}} {
		b := newBench(t)
		b.flash(0, flashable(t, segment(iram, 16, 0)))
		b.reset(soc.Power, soc.StrapFlash)
		b.write(wdtCtl+4, words(11, 11)) // stages of 1.7 s
		b.write(wdtCtl, words(1))
		b.reset(tt.cause, soc.StrapFlash)
		if got := b.read(wdtCtl, 4)[0]&1 != 0; got != tt.runs {
			t.Errorf("after reset cause %d the watchdog runs: %v, want %v", tt.cause, got, tt.runs)
		}
	}
}

func TestRemapHaltsLoudly(t *testing.T) {
	b := newBench(t)
	b.m.Reset(soc.Ext, 0)
	if got := b.halted().Error(); !strings.Contains(got, "remap") {
		t.Errorf("halt %q does not name the boot mode", got)
	}
}

func FuzzBoot(f *testing.F) {
	f.Add([]byte{0xe9, 0})
	f.Add(flashable(f, segment(iram, 44, 0), segment(dram, 20, 0)))
	f.Fuzz(func(t *testing.T, p []byte) {
		b := newBench(t)
		b.flash(0, p[:min(len(p), 1<<20)])
		b.m.Reset(soc.Ext, soc.StrapFlash)
		if _, err := b.rom.Step(); err == nil && !strings.HasPrefix(b.out(), "\r\n ets Jan") {
			t.Error("no boot line")
		}
	})
}

// Code in RAM, as the flasher stub is, goes on in main to start what is in the
// flash.
func TestBootFromRAM(t *testing.T) {
	b := loader(t)
	b.flash(0, flashable(t, segment(iram, 16, 0)))
	b.call(0x40000fbc, 0) // ets_set_user_start
	c := b.m.CPU
	c.PC = 0x400010a8
	if out := b.step(); out != maskrom.Ran || c.PC != iram || !strings.HasPrefix(b.out(), "load 0x40100000") {
		t.Errorf("outcome %d at 0x%08x", out, c.PC)
	}
}
