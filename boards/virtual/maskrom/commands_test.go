package maskrom_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Replies of a loader that has answered SYNC: the value is still SYNC's.
const (
	stale = " 0200 07071220 "
	fine  = stale + "00 00"
	wrong = stale + "01 05"
)

func TestUnknownOpRepeatsTheLastOne(t *testing.T) {
	for _, op := range []byte{0, 1, 0x0c, 0x0d, 0x14, 0xd0, 0xff} {
		t.Run(fmt.Sprintf("%02x", op), func(t *testing.T) {
			b := loader(t)
			b.send(request(op, 0, nil))
			if got, want := b.out(), strings.Repeat(string(slip(unhex(t, "01 08"+wrong))), 8); got != want {
				t.Errorf("after SYNC: % x, want % x", got, want)
			}
			b.ask("FLASH_BEGIN", request(2, 0, words(0, 0, 0x400, 0)), "01 02"+stale+"00 05")
			b.ask("unknown", request(op, 0, nil), "01 02"+wrong)
		})
	}
}

func TestDirectionByte(t *testing.T) {
	b := loader(t)
	b.ask("READ_REG", request(0x0a, 0, words(0x60000014)), "01 0a 0200 c3010000 00 00")
	b.ask("a reply", unhex(t, "c0 01 0a 0400 00000000 00100040 c0"), "01 0a 0200 c3010000 01 05")
}

func TestErrorByteGoesStale(t *testing.T) {
	b := loader(t)
	b.ask("FLASH_BEGIN, unaligned", request(2, 0, words(0x1000, 1, 0x400, 1)), "01 02"+stale+"01 06")
	b.ask("FLASH_BEGIN", request(2, 0, words(0, 0, 0x400, 0)), "01 02"+stale+"00 06")
	b.ask("WRITE_REG clears it", request(9, 0, words(dram, 1, 1, 0)), "01 09"+fine)
	b.ask("FLASH_BEGIN, unaligned", request(2, 0, words(0x1000, 1, 0x400, 1)), "01 02"+stale+"01 06")
	b.ask("READ_REG clears it", request(0x0a, 0, words(0x40001000)), "01 0a 0200 01c1f0ff 00 00")
	b.ask("FLASH_BEGIN", request(2, 0, words(0, 0, 0x400, 0)), "01 02 0200 01c1f0ff 00 00")
}

func TestFlashBeginChecks(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"block of 0x1800", words(0, 0, 0x1800, 0), "00 00"},
		{"block of 0x1801", words(0, 0, 0x1801, 0), "01 05"},
		{"three words", words(0, 0, 0x400), "01 05"},
		{"five words", words(0, 0, 0x400, 0, 0), "01 05"},
		{"offset not of a sector", words(0x1000, 1, 0x400, 0x800), "01 06"},
		{"two sectors, by mistake, up to the end of the chip", words(0x1000, 1, 0x400, 4<<20-0x2000), "00 00"},
		{"and past it", words(0x1000, 1, 0x400, 4<<20-0x1000), "01 06"},
		{"past the end of the chip", words(0x1001, 1, 0x400, 4<<20-0x1000), "01 06"},
		{"far past it", words(0xfffff000, 1, 0x400, 0x2000), "01 06"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			loader(t).ask("FLASH_BEGIN", request(2, 0, tt.data), "01 02"+stale+tt.want)
		})
	}
}

func TestEraseBug(t *testing.T) {
	span := func(from, to int) (s []int) {
		for ; from <= to; from++ {
			s = append(s, from)
		}
		return s
	}
	for _, tt := range []struct {
		offset, size uint32
		erased       []int
	}{
		{0, 0, nil},
		{0, 0x1000, span(0, 1)},
		{0, 0x18000, span(0, 0x27)},
		{0xe000, 0x1000, span(0xe, 0xf)},
		{0xc000, 0x20000, span(0xc, 0x2f)},
		{0x10000, 0x10000, span(0x10, 0x2f)},
		{0, 1, span(0, 1)},
	} {
		t.Run(fmt.Sprintf("%x+%x", tt.offset, tt.size), func(t *testing.T) {
			b := loader(t)
			b.flash(0, make([]byte, len(b.m.Flash.Data)))
			b.send(request(2, 0, words(tt.size, 1, 0x400, tt.offset)))
			var erased []int
			for i := range len(b.m.Flash.Data) / nor.SectorSize {
				if b.m.Flash.Data[i*nor.SectorSize] == 0xff {
					erased = append(erased, i)
				}
			}
			if !slices.Equal(erased, tt.erased) {
				t.Errorf("erased %x, want %x", erased, tt.erased)
			}
		})
	}
}

func TestFlashData(t *testing.T) {
	for _, tt := range []struct {
		name string
		size int // of the payload
		seq  uint32
		want string
	}{
		{"a block", 0x400, 0, "00 00"},
		{"a short block", 4, 0, "00 00"},
		{"an empty block", 0, 0, "00 00"},
		{"more than a block", 0x404, 0, "01 05"},
		{"not of words", 0x3fe, 0, "01 05"},
		{"out of sequence", 0x400, 1, "01 05"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := loader(t)
			b.ask("FLASH_BEGIN", request(2, 0, words(0x1000, 1, 0x400, 0x1000)), "01 02"+fine)
			payload := bytes.Repeat([]byte{0xc0, 0xdb, 1, 0}, tt.size/4+1)[:tt.size]
			sum, data := block(tt.seq, payload)
			b.ask("FLASH_DATA", request(3, sum, data), "01 03"+stale+tt.want)
			got := b.m.Flash.Data[0x1000 : 0x1000+tt.size]
			if tt.want == "00 00" && !bytes.Equal(got, payload) {
				t.Errorf("flash holds % x", got)
			}
		})
	}
}

func TestFlashDataReadsBack(t *testing.T) {
	b := loader(t)
	b.send(request(2, 0, words(0, 1, 0x400, 0))) // nothing is erased
	b.out()
	b.flash(0, []byte{0xfe})
	sum, data := block(0, []byte{1, 2, 3, 4})
	b.ask("FLASH_DATA", request(3, sum, data), "01 03"+stale+"01 08")
}

// Past the end nothing is written, and nothing read: the buffer still holds
// what was sent.
func TestFlashDataPastTheEndSucceeds(t *testing.T) {
	b := loader(t)
	b.send(request(2, 0, words(0, 1, 0x400, 4<<20)))
	b.out()
	sum, data := block(0, []byte{1, 2, 3, 4})
	b.ask("FLASH_DATA", request(3, sum, data), "01 03"+fine)
}

func TestFlashEnd(t *testing.T) {
	sum, data := block(0, make([]byte, 0x400))
	for _, tt := range []struct {
		name   string
		sent   [][]byte
		want   string
		mode   image.Mode
		locked bool
	}{
		{"after nothing", [][]byte{request(2, 0, words(0, 0, 0x400, 0))}, "00 00", image.DIO, true},
		{"after all", [][]byte{request(2, 0, words(0x400, 1, 0x400, 0x10000)), request(3, sum, data)}, "00 00", image.DOUT, true},
		{"after too few", [][]byte{request(2, 0, words(0x800, 2, 0x400, 0x10000)), request(3, sum, data)}, "01 06", image.DIO, false},
		// To read by four lines, the ROM writes the whole status.
		{"then QIO", [][]byte{request(2, 0, words(0, 0, 0x400, 0))}, "00 00", image.QIO, false},
		{"then QOUT", [][]byte{request(2, 0, words(0, 0, 0x400, 0))}, "00 00", image.QOUT, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := loader(t)
			for _, p := range tt.sent {
				b.send(p)
			}
			p := flashable(t, segment(iram, 16, 0))
			p[2] = byte(tt.mode)
			b.flash(0, p)
			b.out()
			b.send(request(4, 0, words(1)))
			reply, log, _ := strings.Cut(b.out(), "load ")
			if want := string(slip(unhex(t, "01 04"+stale+tt.want))); reply != want {
				t.Errorf("% x, want % x", reply, want)
			}
			if !strings.HasPrefix(log, "0x40100000") || b.m.CPU.PC != iram || b.m.UART0.Divider() != 451 {
				t.Errorf("then %q at 0x%08x, divider %d", log, b.m.CPU.PC, b.m.UART0.Divider())
			}
			if got := b.m.Flash.Status()&0x1c != 0; got != tt.locked {
				t.Errorf("flash locked: %v, want %v", got, tt.locked)
			}
		})
	}
}

func TestMemory(t *testing.T) {
	b := loader(t)
	b.ask("MEM_BEGIN", request(5, 0, words(8, 1, 0x1800, iram)), "01 05"+fine)
	sum, data := block(0, []byte{1, 2, 3, 4, 5, 6, 7, 8})
	b.ask("MEM_DATA", request(7, sum, data), "01 07"+fine)
	if got := b.read(iram, 8); !bytes.Equal(got, data[16:]) {
		t.Errorf("IRAM holds % x", got)
	}
	b.ask("MEM_END, stay", request(6, 0, words(1, iram)), "01 06"+fine)
	b.ask("MEM_END of three words", request(6, 0, words(0, iram, 0)), "01 06"+wrong)
	b.ask("MEM_END", request(6, 0, words(0, iram+4)), "01 06"+stale+"00 05")
	if c := b.m.CPU; c.PC != iram+4 || c.A[0] != 0x40001100 || c.A[1] != 0x3ffffff0 {
		t.Errorf("PC 0x%08x, a0 0x%08x, a1 0x%08x", c.PC, c.A[0], c.A[1])
	}
}

func TestMemEndWithoutEntryBootsFlash(t *testing.T) {
	b := loader(t)
	b.send(request(6, 0, words(0, 0)))
	if got := b.out(); !strings.HasSuffix(got, "ets_main.c ") {
		t.Errorf("%q", got)
	}
}

func TestRegisters(t *testing.T) {
	b := loader(t)
	b.write(dram, words(0xaaaaaaaa, 0))
	b.ask("WRITE_REG", request(9, 0, words(dram, 0x12345678, 0x0000ffff, 0, dram+4, 7, 0xffffffff, 10)), "01 09"+fine)
	b.ask("READ_REG", request(10, 0, words(dram)), "01 0a 0200 7856aaaa 00 00")
	b.ask("READ_REG", request(10, 0, words(dram+4)), "01 0a 0200 07000000 00 00")
}

// An access that faults leaves the loader dead until the next reset.
func TestFaultKillsLoader(t *testing.T) {
	sum, data := block(0, []byte{1, 2})
	for _, tt := range []struct {
		name string
		sent []byte
	}{
		{"READ_REG unaligned", request(10, 0, words(dram+1))},
		{"READ_REG of nothing", request(10, 0, words(0x1000))},
		{"WRITE_REG unaligned", request(9, 0, words(dram+2, 1, 1, 0))},
		{"MEM_DATA of bytes into IRAM", append(request(5, 0, words(2, 1, 2, iram)), request(7, sum, data)...)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := loader(t)
			b.send(tt.sent)
			b.out()
			b.send(syncRequest)
			if got := b.out(); got != "" || b.rom.Dead == "" {
				t.Errorf("dead %q, yet answers % x", b.rom.Dead, got)
			}
			b.reset(soc.Ext, soc.StrapDownload)
			if b.rom.Phase != maskrom.Autobaud || b.rom.Dead != "" {
				t.Errorf("phase %d, dead %q after reset", b.rom.Phase, b.rom.Dead)
			}
		})
	}
}

func TestChipParameters(t *testing.T) {
	b := loader(t)
	b.ask("five words", request(11, 0, words(0, 1<<20, 1<<16, 1<<12, 256)), "01 0b"+wrong)
	b.ask("1 MiB", request(11, 0, words(0x1440ef, 1<<20, 1<<16, 1<<12, 256, 0xffff)), "01 0b"+stale+"00 05")
	b.ask("FLASH_BEGIN past it", request(2, 0, words(0x1000, 1, 0x400, 1<<20)), "01 02"+stale+"01 06")
}

// The ring of 256 bytes does not notice that it is full.
func TestBytesAheadOfABusyLoaderAreLost(t *testing.T) {
	read := request(0x0a, 0, words(0x60000014))
	for _, tt := range []struct {
		ahead int // bytes behind FLASH_BEGIN, of which the last are a READ_REG
		read  bool
	}{{255, true}, {256, false}, {257, false}, {256 + 20, true}} {
		t.Run(fmt.Sprint(tt.ahead), func(t *testing.T) {
			b := loader(t)
			p := request(2, 0, words(0x1000, 1, 0x400, 0))
			p = append(p, make([]byte, tt.ahead-len(read))...)
			b.send(append(p, read...))
			if got := strings.Contains(b.out(), "\x01\x0a"); got != tt.read {
				t.Errorf("READ_REG answered: %v, want %v", got, tt.read)
			}
		})
	}
}
