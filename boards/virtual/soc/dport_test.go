package soc_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// decodeMAC is how flashers take the address from the eFuse words.
func decodeMAC(w0, w1, w3 uint32) string {
	oui := [3]byte{byte(w3 >> 16), byte(w3 >> 8), byte(w3)}
	if w3 == 0 {
		oui = map[byte][3]byte{0: {0x18, 0xfe, 0x34}, 1: {0xac, 0xd0, 0x74}}[byte(w1>>16)]
	}
	return fmt.Sprintf("% x", []byte{oui[0], oui[1], oui[2], byte(w1 >> 8), byte(w1), byte(w0 >> 24)})
}

func TestMAC(t *testing.T) {
	o := boards.VirtualOUI
	for _, mac := range [][6]byte{
		{o[0], o[1], o[2], 0, 0, 1},
		{o[0], o[1], o[2], 0xff, 0xfe, 0xfd},
		{0x18, 0xfe, 0x34, 1, 2, 3},
		{0xac, 0xd0, 0x74, 1, 2, 3},
	} {
		b := newBench(t, soc.Config{MAC: mac})
		if got, want := decodeMAC(b.get(0x3ff00050), b.get(0x3ff00054), b.get(0x3ff0005c)), fmt.Sprintf("% x", mac[:]); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if w0, w2 := b.get(0x3ff00050), b.get(0x3ff00058); w0>>4&1 != 0 || w2>>16&1 != 0 {
			t.Errorf("words 0x%08x and 0x%08x are an ESP8285's", w0, w2)
		}
	}
	b := newBench(t, soc.Config{MAC: [6]byte{0x7a, 0xe5, 0x82, 0x12, 0x34, 0x56}})
	for i, want := range []uint32{0x56000000, 0x00001234, 0x00008000, 0x007ae582} {
		b.want("eFuse", 0x3ff00050+4*uint32(i), want)
	}
}

// flashOf returns a chip each of whose words holds its own address.
func flashOf(t testing.TB, size int) *nor.Chip {
	t.Helper()
	c, err := nor.New(size)
	if err != nil {
		t.Fatal(err)
	}
	for a := 0; a < size; a += 4 {
		copy(c.Data[a:], []byte{byte(a), byte(a >> 8), byte(a >> 16), byte(a >> 24)})
	}
	return c
}

func TestFlashWindow(t *testing.T) {
	for _, tt := range []struct {
		odd, page uint8
		start     uint32
	}{{0, 0, 0}, {1, 0, 1 << 20}, {0, 1, 2 << 20}, {1, 1, 3 << 20}} {
		b := newBench(t, soc.Config{Flash: flashOf(t, 4<<20)})
		b.MapFlash(tt.odd, tt.page, true)
		for _, off := range []uint32{0, 0x1234, soc.WindowSize - 4} {
			b.want(fmt.Sprintf("MiB %d of page %d", tt.odd, tt.page), soc.WindowBase+off, tt.start+off)
		}
		for size, want := range map[int]int{1: 3, 2: 3, 4: unknown} {
			if got := outcome(access(b, true, soc.WindowBase, size)); got != want {
				t.Errorf("writing %d bytes: outcome %d, want %d", size, got, want)
			}
		}
		b.UnmapFlash()
		if got := outcome(access(b, false, soc.WindowBase, 4)); got != unknown {
			t.Errorf("after UnmapFlash: outcome %d", got)
		}
	}
}

// The registers that MapFlash and UnmapFlash stand for.
func TestFlashWindowRegisters(t *testing.T) {
	const window = 0x3ff0000c
	b := newBench(t, soc.Config{Flash: flashOf(t, 4<<20)})
	mapped := func() bool { _, err := b.Read32(soc.WindowBase); return err == nil }
	b.set(window, 2<<24|1<<16) // the odd MiB, page 1
	if mapped() {
		t.Error("mapped with the cache off")
	}
	b.set(window, 1<<8|2<<24|1<<16)
	b.want("odd MiB of page 1", soc.WindowBase, 3<<20)
	b.set(window, 1<<8|7<<16)
	if mapped() {
		t.Error("mapped beyond the chip")
	}
	b.set(window, 1<<8|1<<24)
	if mapped() {
		t.Error("mapped by a number that names no MiB")
	}
	b.set(window, 1<<8|1<<9)
	b.want("SPI is idle", window, 1<<8)
	b.want("even MiB of page 0", soc.WindowBase, 0)
	b.set(window, 1<<8|1)
	b.want("flush is done", window, 1<<8|1|2)
	b.set(window, 1<<8)
	b.want("flush is over", window, 1<<8)
	b.MapFlash(1, 1, false)
	b.want("as MapFlash leaves it", window, 1<<8|2<<24|1<<16)
	b.want("and the memory that it takes", 0x3ff00024, 1<<3)
	b.MapFlash(0, 0, true)
	b.want("with a large cache", window, 1<<8|1<<26)
	b.want("and the memory of that", 0x3ff00024, 3<<3)
	b.Reset(soc.Soft, 0)
	if mapped() {
		t.Error("mapped after a reset")
	}
}

// Programs run from the flash, and what is programmed anew runs anew.
func TestFlashRuns(t *testing.T) {
	flash, err := nor.New(nor.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	if err := flash.Put(0, []byte{0x3c, 0xf2, 0x06, 0xff, 0xff}); err != nil { // movi.n a2, 63; j .
		t.Fatal(err)
	}
	b := newBench(t, soc.Config{Flash: flash})
	b.MapFlash(0, 0, false)
	b.CPU.PC, b.CPU.PS = soc.WindowBase, 0x20
	if _, err := b.Run(3); err != nil || b.CPU.A[2] != 63 {
		t.Fatalf("a2 %d, %v", b.CPU.A[2], err)
	}
	b.set(0x60000240, 0xffffd20c) // movi.n a2, 13
	b.set(0x60000204, 2<<24)
	b.do(spiWriteEnable)
	b.do(spiProgram)
	if !bytes.Equal(flash.Data[:2], []byte{0x0c, 0xd2}) {
		t.Fatalf("the flash holds % x", flash.Data[:2])
	}
	b.CPU.PC = soc.WindowBase
	if _, err := b.Run(3); err != nil || b.CPU.A[2] != 13 {
		t.Errorf("a2 %d, %v", b.CPU.A[2], err)
	}
	// The same within one run, by a program.
	if err := flash.Put(0, []byte{0x3c, 0xf2}); err != nil { // movi.n a2, 63
		t.Fatal(err)
	}
	b.CPU.PC = soc.WindowBase
	if _, err := b.Run(3); err != nil || b.CPU.A[2] != 63 {
		t.Fatalf("a2 %d, %v", b.CPU.A[2], err)
	}
	b.do(spiWriteEnable)
	b.enter(`426500 a00600`) // s32i a4, a5, 0; jx a6
	b.CPU.A[4], b.CPU.A[5], b.CPU.A[6] = 1<<25, 0x60000200, soc.WindowBase
	if _, err := b.Run(5); err != nil || b.CPU.A[2] != 13 {
		t.Errorf("programmed by a program: a2 %d, %v", b.CPU.A[2], err)
	}
	// As the ROM's functions do it, and who holds a clip.
	b.Advance(flash.Wait())
	flash.WriteEnable()
	if err := flash.Program(0, []byte{0x0c, 0x42}); err != nil { // movi.n a2, 4
		t.Fatal(err)
	}
	b.CPU.PC = soc.WindowBase
	if _, err := b.Run(3); err != nil || b.CPU.A[2] != 4 {
		t.Errorf("programmed behind the controller: a2 %d, %v", b.CPU.A[2], err)
	}
	if err := flash.Put(0, []byte{0x0c, 0xf2}); err != nil { // movi.n a2, 15
		t.Fatal(err)
	}
	b.CPU.PC = soc.WindowBase
	if _, err := b.Run(3); err != nil || b.CPU.A[2] != 15 {
		t.Errorf("put: a2 %d, %v", b.CPU.A[2], err)
	}
}
