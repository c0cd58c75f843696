package soc_test

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// bench is a chip that has just got its supply.
type bench struct {
	*soc.Machine
	t testing.TB
}

func newBench(t testing.TB, cfg soc.Config) *bench {
	t.Helper()
	if cfg.FlashSize == 0 {
		cfg.FlashSize = nor.MinSize
	}
	m, err := soc.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	m.Reset(soc.Power, soc.StrapFlash)
	return &bench{m, t}
}

// get reads a word that can be read.
func (b *bench) get(addr uint32) uint32 {
	b.t.Helper()
	v, err := b.Read32(addr)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// set writes a word that can be written.
func (b *bench) set(addr, v uint32) {
	b.t.Helper()
	if err := b.Write32(addr, v); err != nil {
		b.t.Fatal(err)
	}
}

// want fails where addr does not read so.
func (b *bench) want(what string, addr, v uint32) {
	b.t.Helper()
	if got := b.get(addr); got != v {
		b.t.Errorf("%s: 0x%08x reads 0x%x, want 0x%x", what, addr, got, v)
	}
}

// pending reports whether interrupt n asks for the core.
func (b *bench) pending(n int) bool {
	return (b.CPU.Lines|b.CPU.INTERRUPT)>>n&1 != 0
}

// enter puts a program, in hex, into IRAM, and the core at its start, outside
// of any exception and with all interrupts let through.
func (b *bench) enter(code string) {
	b.t.Helper()
	p, err := hex.DecodeString(strings.Join(strings.Fields(code), ""))
	if err != nil {
		b.t.Fatal(err)
	}
	for len(p)%4 != 0 {
		p = append(p, 0)
	}
	if err := b.WriteBytes(soc.IRAMBase, p); err != nil {
		b.t.Fatal(err)
	}
	b.CPU.PC, b.CPU.PS = soc.IRAMBase, 0x20
}

// The programs of these tests, with what assembled to them.
const (
	spin  = `06ffff`        // j .
	sleep = `007000 46feff` // 1: waiti 0; j 1b
)

func TestNewRefuses(t *testing.T) {
	if _, err := soc.New(soc.Config{FlashSize: 1000}); !errors.Is(err, nor.ErrSize) {
		t.Errorf("flash of no size: %v", err)
	}
	if _, err := soc.New(soc.Config{MaskROM: make([]byte, soc.ROMSize-4)}); err == nil {
		t.Error("a short mask ROM is accepted")
	}
}

func TestDefaults(t *testing.T) {
	m, err := soc.New(soc.Config{})
	if err != nil {
		t.Fatal(err)
	}
	m.Reset(soc.Power, soc.StrapFlash)
	if n := len(m.Flash.Data); n != 4<<20 {
		t.Errorf("%d bytes of flash, want 4 MiB", n)
	}
	if got := m.GPIO.Straps(); got != 6<<13|3 {
		t.Errorf("straps %04x, want mode (3,6)", got)
	}
	if m.CPU.PC != 0x40000080 {
		t.Errorf("PC 0x%08x", m.CPU.PC)
	}
	if stop, err := m.Run(1); stop != lx106.Trapped || err != nil {
		t.Errorf("without a ROM the first run ends with %v, %v, want trapped", stop, err)
	}
}

// With a mask ROM of the user's, it is executed instead.
func TestMaskROM(t *testing.T) {
	rom := make([]byte, soc.ROMSize)
	copy(rom[0x80:], []byte{0x06, 0xff, 0xff}) // j .
	binary.LittleEndian.PutUint32(rom[0x1000:], 0xfff0c101)
	b := newBench(t, soc.Config{MaskROM: rom})
	b.want("its word", soc.ROMBase+0x1000, 0xfff0c101)
	if stop, err := b.Run(10); stop != lx106.Budget || err != nil || b.CPU.Retired != 10 {
		t.Errorf("%v, %v after %d instructions", stop, err, b.CPU.Retired)
	}
}

func TestROMWord(t *testing.T) {
	b := newBench(t, soc.Config{ROMWord: func(addr uint32) (uint32, bool) { return 0xfff0c101, addr == 0x40001000 }})
	b.want("known", 0x40001000, 0xfff0c101)
	if _, err := b.Read32(0x40001004); !errors.Is(err, soc.ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
}

// Unknown registers end a program where it is, with the address.
func TestUnknownHalts(t *testing.T) {
	for _, tt := range []struct{ name, code string }{
		{"read", `222300`},  // l32i a2, a3, 0
		{"write", `226300`}, // s32i a2, a3, 0
	} {
		b := newBench(t, soc.Config{})
		b.enter(tt.code)
		b.CPU.A[3] = 0x60000a00
		stop, err := b.Run(100)
		var halt *lx106.Halt
		if stop != lx106.Halted || !errors.As(err, &halt) || !errors.Is(err, soc.ErrUnknown) {
			t.Errorf("%s: %v, %v", tt.name, stop, err)
			continue
		}
		if halt.PC != soc.IRAMBase || !strings.Contains(err.Error(), "0x60000a00") {
			t.Errorf("%s: %v names the wrong place", tt.name, err)
		}
		if again, err := b.Run(1); again != lx106.Halted || err == nil {
			t.Errorf("%s: goes on with %v, %v", tt.name, again, err)
		}
		b.Reset(soc.Ext, soc.StrapFlash)
		if stop, err := b.Run(1); stop != lx106.Trapped {
			t.Errorf("%s: after a reset %v, %v", tt.name, stop, err)
		}
	}
}

func TestRunCounts(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	for _, n := range []uint64{0, 1, 52, 1000} {
		before, now := b.CPU.Retired, b.Now()
		if stop, err := b.Run(n); stop != lx106.Budget || err != nil {
			t.Fatal(stop, err)
		}
		if got := b.CPU.Retired - before; got != n {
			t.Errorf("%d instructions instead of %d", got, n)
		}
		if n%52 == 0 && uint64(b.Now()-now) != n/52*1000 {
			t.Errorf("%d instructions took %v", n, b.Now()-now)
		}
	}
	b.enter(sleep)
	if stop, err := b.Run(1000); stop != lx106.Idle || err != nil {
		t.Errorf("waiti: %v, %v", stop, err)
	}
}
