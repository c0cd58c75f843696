package maskrom_test

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

const (
	selectSPI     = 0x40003f58
	readStatus    = 0x400043c8
	writeStatus   = 0x40004400
	writeEnable   = 0x4000443c
	waitIdle      = 0x4000448c
	quadMode      = 0x400044c0
	flashAttach   = 0x40004644
	cacheEnable   = 0x40004678
	cacheDisable  = 0x400047f0
	readMode      = 0x400048ec
	eraseChip     = 0x40004984
	spiCtrl       = 0x60000208
	cacheControl  = 0x3ff0000c
	cacheMemories = 0x3ff00024
)

// The values are those that the real ROM's code leaves.
func TestSPISetUp(t *testing.T) {
	b := newBench(t)
	for i := range uint32(6) {
		b.write(0x6000081c+4*i, words(0x1a0))
	}
	b.call(selectSPI)
	for i := range uint32(6) {
		if got := b.word(0x6000081c + 4*i); got != 0x10 {
			t.Errorf("pin %d of the flash: 0x%x", i, got)
		}
	}
	b.call(flashAttach)
	if got := b.word(spiCtrl); got != 0x688313 {
		t.Errorf("CTRL 0x%x after spi_flash_attach", got)
	}
	if got := b.word(0x6000021c); got&4 == 0 {
		t.Errorf("USER 0x%x", got)
	}
	for mode, want := range []uint32{0x168a313, 0x78a313, 0xe8a313, 0x68e313, 0x68a313, 0x688313} {
		if got := b.call(readMode, uint32(mode)); got != 0 || b.word(spiCtrl) != want {
			t.Errorf("mode %d: %d, CTRL 0x%x, want 0x%x", mode, got, b.word(spiCtrl), want)
		}
	}
}

// A read mode with four data lines lifts the write protection.
func TestReadModesAndProtection(t *testing.T) {
	for mode, locked := range []bool{false, false, true, true, true, true} {
		b := newBench(t)
		b.call(spiLock)
		b.call(readMode, uint32(mode))
		if got := b.m.Flash.Status()&0x1c != 0; got != locked {
			t.Errorf("mode %d: locked %v, want %v", mode, got, locked)
		}
	}
	b := newBench(t)
	b.call(spiLock)
	if b.call(quadMode); b.m.Flash.Status() != 0 {
		t.Errorf("Enable_QMode: status %02x", b.m.Flash.Status())
	}
}

func TestFlashStatus(t *testing.T) {
	b := newBench(t)
	const chip = 0x3fffc714
	if got := b.call(waitIdle, chip); got != 0 {
		t.Errorf("Wait_SPI_Idle: %d", got)
	}
	b.call(writeStatus, chip, 0x1c)
	if got := b.m.Flash.Status(); got != 0 {
		t.Errorf("written without a write enable: %02x", got)
	}
	b.call(writeEnable, chip)
	b.call(writeStatus, chip, 0x1c)
	if got := b.call(readStatus, chip, dram); got != 0 || b.word(dram) != 0x1c {
		t.Errorf("status %d, 0x%x", got, b.word(dram))
	}
	b.write(chip+20, words(0x10))
	if b.call(readStatus, chip, dram); b.word(dram) != 0x10 {
		t.Errorf("status under a mask: 0x%x", b.word(dram))
	}
}

// Every one of these waits for what the flash is still doing.
func TestFlashIsWaitedFor(t *testing.T) {
	for name, addr := range map[string]uint32{"Wait_SPI_Idle": waitIdle, "SPI_read_status": readStatus, "SPI_write_status": writeStatus, "SPI_write_enable": writeEnable} {
		b := newBench(t)
		b.m.Flash.WriteEnable()
		if err := b.m.Flash.Erase(0, 1<<16); err != nil {
			t.Fatal(err)
		}
		before := b.m.Now()
		if b.call(addr, 0x3fffc714, dram); b.m.Flash.Status()&1 != 0 || b.m.Now()-before < 100*time.Millisecond {
			t.Errorf("%s: status %02x after %v", name, b.m.Flash.Status(), b.m.Now()-before)
		}
	}
}

// A program that has started an erase by itself may write at once: the ROM's
// function waits. Espressif's stub does so.
func TestWritingDuringAnErase(t *testing.T) {
	for name, call := range map[string]func(b *bench) uint32{
		"SPIWrite":       func(b *bench) uint32 { return b.call(spiWrite, 0x20000, dram, 4) },
		"SPIEraseSector": func(b *bench) uint32 { return b.call(spiErase, 0x20) },
	} {
		b := newBench(t)
		b.flash(0x20000, []byte("old "))
		b.write(dram, []byte("new "))
		b.m.Flash.WriteEnable()
		if err := b.m.Flash.Erase(map[string]uint32{"SPIWrite": 0x20000}[name], 1<<16); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"SPIWrite": "new ", "SPIEraseSector": "\xff\xff\xff\xff"}[name]
		if got := call(b); got != 0 || string(b.m.Flash.Data[0x20000:0x20004]) != want {
			t.Errorf("%s: %d, the flash holds %q", name, got, b.m.Flash.Data[0x20000:0x20004])
		}
	}
}

func TestEraseChip(t *testing.T) {
	b := newBench(t)
	b.flash(0, []byte{1})
	b.flash(1<<20-1, []byte{2})
	if got := b.call(eraseChip); got != 0 || b.m.Flash.Data[0] != 0xff || b.m.Flash.Data[1<<20-1] != 0xff {
		t.Errorf("%d, %02x, %02x", got, b.m.Flash.Data[0], b.m.Flash.Data[1<<20-1])
	}
}

func TestCache(t *testing.T) {
	for _, tt := range []struct {
		name             string
		which, page, big uint32
		control, ram     uint32
		shows            int // address of the flash, or -1
	}{
		{"even MiB, 16 KiB", 0, 0, 0, 1 << 8, 1 << 3, 0},
		{"odd MiB", 1, 0, 0, 1<<8 | 2<<24, 1 << 3, 1 << 20},
		{"page 1, 32 KiB", 0, 1, 1, 1<<8 | 1<<16 | 1<<26, 3 << 3, 2 << 20},
		{"neither", 2, 0, 0, 1<<8 | 1<<24, 1 << 3, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := benchOf(t, soc.Config{FlashSize: 4 << 20})
			if tt.shows >= 0 {
				b.flash(uint32(tt.shows), []byte("here"))
			}
			b.call(cacheEnable, tt.which, tt.page, tt.big)
			if got := b.word(cacheControl); got != tt.control {
				t.Errorf("0x3ff0000c: 0x%x, want 0x%x", got, tt.control)
			}
			if got := b.word(cacheMemories); got != tt.ram {
				t.Errorf("0x3ff00024: 0x%x, want 0x%x", got, tt.ram)
			}
			if b.word(spiCtrl)>>17&1 != 1 {
				t.Error("the flash is not the cache's")
			}
			v, err := b.m.Read32(0x40200000)
			if tt.shows >= 0 && v != binary.LittleEndian.Uint32([]byte("here")) || (tt.shows < 0) != (err != nil) {
				t.Errorf("the window shows 0x%08x, %v", v, err)
			}
			b.call(cacheDisable)
			if got := b.word(cacheControl); got != tt.control&^(1<<8) || b.word(spiCtrl)>>17&1 != 0 {
				t.Errorf("switched off: 0x%x", got)
			}
			if _, err := b.m.Read32(0x40200000); err == nil {
				t.Error("the window is still open")
			}
		})
	}
}
