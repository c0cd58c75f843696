package maskrom_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

func TestFlashFunctions(t *testing.T) {
	b := newBench(t)
	b.reset(soc.Ext, soc.StrapFlash)
	b.write(dram, []byte("abcdefgh"))
	status := func(what string, got, want uint32) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	status("SPIWrite", b.call(spiWrite, 0x10fe, dram, 8), 0) // over the end of a page
	status("SPIWrite of 3", b.call(spiWrite, 0x1000, dram, 3), 1)
	status("SPIWrite past the end", b.call(spiWrite, 4<<20-4, dram, 8), 1)
	status("SPIRead", b.call(spiRead, 0x10fe, dram+0x10, 5), 0)
	if got := string(b.read(dram+0x10, 8)); got != "abcdefgh" {
		t.Errorf("SPIRead of 5 stores %q, want whole words", got)
	}
	status("SPIRead past the end", b.call(spiRead, 4<<20-4, dram, 8), 1)
	status("SPILock", b.call(spiLock), 0)
	b.call(spiErase, 1)
	if b.m.Flash.Data[0x10fe] != 'a' {
		t.Error("a locked chip was erased")
	}
	status("SPIUnlock", b.call(spiUnlock), 0)
	status("SPIEraseSector", b.call(spiErase, 1), 0)
	if b.m.Flash.Data[0x10fe] != 0xff {
		t.Error("not erased")
	}
	status("SPIEraseSector past the end", b.call(spiErase, 1024), 1)
}
