package soc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Outcomes of an access that are not causes of an exception.
const (
	works   = -1
	unknown = -2
)

// outcome says which one err is.
func outcome(err error) int {
	var f *soc.Fault
	switch {
	case err == nil:
		return works
	case errors.As(err, &f):
		return int(f.Cause)
	case errors.Is(err, soc.ErrUnknown):
		return unknown
	}
	return -3
}

// access reads, or writes zero, as wide as size says.
func access(b *bench, write bool, addr uint32, size int) (err error) {
	switch {
	case size == 1 && write:
		err = b.Write8(addr, 0)
	case size == 1:
		_, err = b.Read8(addr)
	case size == 2 && write:
		err = b.Write16(addr, 0)
	case size == 2:
		_, err = b.Read16(addr)
	case write:
		err = b.Write32(addr, 0)
	default:
		_, err = b.Read32(addr)
	}
	return err
}

type outcomes [3]int // of an access to 1, 2 and 4 bytes

// memoryMap holds every region's bounds, and what reads and writes do there.
var memoryMap = []struct {
	name        string
	addrs       []uint32
	read, write outcomes
}{
	{"nowhere", []uint32{0, 0x1000, 0x1ffffffc}, outcomes{28, 28, 28}, outcomes{29, 29, 29}},
	{"between", []uint32{0x20000000, 0x3feffffc, 0x3ff00100, 0x3ffe7ffc, 0x40010000, 0x400ffffc, 0x40110000, 0x401ffffc, 0x40300000, 0x5ffffffc, 0x60000100, 0x60001400, 0x60010000, 0xfffffffc}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"DRAM", []uint32{0x3ffe8000, 0x3fffc000, 0x3ffffffc}, outcomes{works, works, works}, outcomes{works, works, works}},
	{"ROM", []uint32{0x40000000, 0x4000fffc}, outcomes{3, 3, unknown}, outcomes{3, 3, unknown}},
	{"IRAM", []uint32{0x40100000, 0x40107ffc, 0x40108000, 0x4010fffc}, outcomes{3, 3, works}, outcomes{3, 3, works}},
	{"flash window, cache off", []uint32{0x40200000, 0x402ffffc}, outcomes{3, 3, unknown}, outcomes{3, 3, unknown}},
	{"RTC RAM", []uint32{0x60001000, 0x600013fc}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"DPORT", []uint32{0x3ff00004, 0x3ff0000c, 0x3ff00014, 0x3ff00018, 0x3ff00024, 0x3ff00028}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"eFuse", []uint32{0x3ff00050, 0x3ff00054, 0x3ff00058, 0x3ff0005c}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, unknown}},
	{"WDEV", []uint32{0x3ff20c00, 0x3ff20e44}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, unknown}},
	{"WDEV, the rest", []uint32{0x3ff20c04, 0x3ff20e00, 0x3ff20e48}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"UART", []uint32{0x60000000, 0x60000014, 0x60000020, 0x60000f00}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"UART, read only", []uint32{0x60000004, 0x60000008, 0x6000001c, 0x60000028, 0x60000030, 0x60000078, 0x6000007c}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, unknown}},
	{"UART, the rest", []uint32{0x60000034, 0x60000080, 0x600000fc, 0x60000f34}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"SPI", []uint32{0x60000200, 0x6000023c, 0x60000240, 0x6000027c, 0x600002f0, 0x600002fc}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"SPI, the rest", []uint32{0x60000280, 0x600002ec}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"GPIO", []uint32{0x60000300, 0x6000030c, 0x6000031c, 0x60000328, 0x60000364}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"GPIO, write only", []uint32{0x60000304, 0x60000308, 0x60000310, 0x60000314, 0x60000320, 0x60000324}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, works}},
	{"GPIO, the rest", []uint32{0x60000368, 0x600003fc}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"IOMUX", []uint32{0x60000800, 0x60000834, 0x60000840}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"IOMUX, the rest", []uint32{0x60000844, 0x600008fc}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"pads", []uint32{0x60000d48}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"pads, the rest", []uint32{0x60000d00, 0x60000d44, 0x60000d4c}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"timers", []uint32{0x60000600, 0x60000608, 0x60000620, 0x60000628, 0x60000630}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"timers, the rest", []uint32{0x60000610, 0x60000634}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"RTC", []uint32{0x60000700, 0x60000708, 0x6000070c, 0x60000710, 0x60000718, 0x60000730, 0x6000073c, 0x60000740, 0x60000744, 0x60000768, 0x60000774, 0x60000790, 0x600007a8}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"RTC, read only", []uint32{0x60000714, 0x6000071c}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, unknown}},
	{"RTC, the rest", []uint32{0x60000720, 0x60000728, 0x60000748, 0x6000078c, 0x600007ac}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"watchdog", []uint32{0x60000900, 0x60000904, 0x60000908}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"watchdog, read only", []uint32{0x6000090c, 0x60000910}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, unknown}},
	{"watchdog, write only", []uint32{0x60000914}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, works}},
	{"watchdog, the rest", []uint32{0x60000918}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
	{"link", []uint32{0x6000e018, 0x6000e01c}, outcomes{unknown, unknown, works}, outcomes{unknown, unknown, works}},
	{"link, the rest", []uint32{0x6000e004, 0x6000e020}, outcomes{unknown, unknown, unknown}, outcomes{unknown, unknown, unknown}},
}

func TestMemoryMap(t *testing.T) {
	b := newBench(t, soc.Config{})
	for _, tt := range memoryMap {
		for _, addr := range tt.addrs {
			for i, size := range []int{1, 2, 4} {
				for _, write := range []bool{false, true} {
					want := tt.read[i]
					if write {
						want = tt.write[i]
					}
					err := access(b, write, addr, size)
					if got := outcome(err); got != want {
						t.Errorf("%s: 0x%08x, %d bytes, write %v: %v, want outcome %d", tt.name, addr, size, write, err, want)
					}
					if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("0x%08x", addr)) {
						t.Errorf("%s: %q does not name 0x%08x", tt.name, err, addr)
					}
				}
			}
		}
	}
}

// An address that does not fit the width is that first of all.
func TestUnaligned(t *testing.T) {
	b := newBench(t, soc.Config{})
	for _, base := range []uint32{0, soc.DRAMBase, soc.ROMBase, soc.IRAMBase, soc.WindowBase, 0x60000000, soc.RTCRAMBase, 0x70000000} {
		for _, tt := range []struct {
			off  uint32
			size int
		}{{1, 2}, {3, 2}, {1, 4}, {2, 4}, {3, 4}} {
			for _, write := range []bool{false, true} {
				err := access(b, write, base+tt.off, tt.size)
				var f *soc.Fault
				if !errors.As(err, &f) || *f != (soc.Fault{Cause: 9, Addr: base + tt.off}) {
					t.Errorf("%d bytes at 0x%08x: %v", tt.size, base+tt.off, err)
				}
			}
		}
	}
}

// The same rules as a program meets them.
func TestFaultsOfPrograms(t *testing.T) {
	for _, tt := range []struct {
		name, code string // on the address in a3
		addr       uint32
		cause      uint32
	}{
		{"l8ui from IRAM", `220300`, soc.IRAMBase, 3},
		{"l16ui from IRAM", `221300`, soc.IRAMBase + 2, 3},
		{"l16si from IRAM", `229300`, soc.IRAMBase, 3},
		{"s8i to IRAM", `224300`, soc.IRAMBase, 3},
		{"s16i to IRAM", `225300`, soc.IRAMBase, 3},
		{"l8ui from ROM", `220300`, soc.ROMBase + 5, 3},
		{"l8ui from flash", `220300`, soc.WindowBase + 1, 3},
		{"l32i unaligned", `222300`, soc.DRAMBase + 2, 9},
		{"l16ui unaligned", `221300`, soc.DRAMBase + 1, 9},
		{"s32i unaligned", `226300`, soc.DRAMBase + 1, 9},
		{"l32i from null", `222300`, 0, 28},
		{"s32i to null", `226300`, 0, 29},
		{"l8ui from near null", `220300`, 3, 28},
		{"jump to null", `a00300`, 0, 20},           // jx a3
		{"jump to DRAM", `a00300`, soc.DRAMBase, 2}, // jx a3
	} {
		b := newBench(t, soc.Config{})
		b.MapFlash(0, 0, false)
		b.enter(tt.code)
		b.CPU.A[3] = tt.addr
		stop, err := b.Run(10)
		if stop != lx106.Trapped || err != nil {
			t.Errorf("%s: %v, %v", tt.name, stop, err)
		}
		if c := b.CPU; c.EXCCAUSE != tt.cause || c.EXCVADDR != tt.addr {
			t.Errorf("%s: exception %d at 0x%08x, want %d at 0x%08x", tt.name, c.EXCCAUSE, c.EXCVADDR, tt.cause, tt.addr)
		}
	}
}

// Code that is written anew is executed anew.
func TestWrittenCodeRuns(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(`0c12 06ffff`) // movi.n a2, 1; j .
	if _, err := b.Run(5); err != nil || b.CPU.A[2] != 1 {
		t.Fatalf("a2 %d, %v", b.CPU.A[2], err)
	}
	b.enter(`0c22 06ffff`) // movi.n a2, 2; j .
	if _, err := b.Run(5); err != nil || b.CPU.A[2] != 2 {
		t.Errorf("a2 %d, %v", b.CPU.A[2], err)
	}
}

// Where memory is but holds no code at the moment.
func TestNoCodeHalts(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.CPU.PC = soc.WindowBase // the cache is off
	if stop, err := b.Run(1); stop != lx106.Halted || !errors.Is(err, soc.ErrUnknown) {
		t.Errorf("%v, %v", stop, err)
	}
}
