package soc_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

const gpioIn = 0x60000318

func TestStraps(t *testing.T) {
	b := newBench(t, soc.Config{SDIO: 7})
	for _, tt := range []struct {
		name   string
		cause  soc.Cause
		straps uint8
		want   uint32 // of bits 31:16
	}{
		{"power-on", soc.Power, 3, 0xe003},
		{"software latches nothing", soc.Soft, 1, 0xe003},
		{"EN pin", soc.Ext, 1, 0xe001},
		{"software still", soc.Soft, 3, 0xe001},
		{"watchdog", soc.WDT, 3, 0xe003},
		{"three bits", soc.Ext, 0xff, 0xe007},
	} {
		b.Reset(tt.cause, tt.straps)
		if got := b.get(gpioIn) >> 16; got != tt.want {
			t.Errorf("%s: %04x, want %04x", tt.name, got, tt.want)
		}
		if got := b.GPIO.Straps(); uint32(got) != tt.want {
			t.Errorf("%s: Straps %04x, want %04x", tt.name, got, tt.want)
		}
	}
}

func TestPins(t *testing.T) {
	const out, enable, status = 0x60000300, 0x6000030c, 0x6000031c
	b := newBench(t, soc.Config{})
	for _, base := range []uint32{out, enable, status} {
		for _, tt := range []struct{ off, v, want uint32 }{
			{0, 0xffff00ff, 0x00ff}, {4, 0x0f00, 0x0fff}, {8, 0x00f0, 0x0f0f}, {0, 0x1234, 0x1234},
		} {
			b.set(base+tt.off, tt.v)
			b.want("pins", base, tt.want)
		}
	}
	b.set(out, 0x00ff)
	b.set(enable, 0x0f0f)
	b.GPIO.In = 0xaaaa
	if got := b.get(gpioIn) & 0xffff; got != 0xa0af {
		t.Errorf("levels %04x, want a0af: the driven pins as driven, the others as the board holds them", got)
	}
	if levels, driven := b.GPIO.Out(); levels != 0x00ff || driven != 0x0f0f {
		t.Errorf("Out: %04x, %04x", levels, driven)
	}
	b.set(0x60000328, 1<<2)
	b.want("pin 0", 0x60000328, 1<<2)
	if err := b.Write32(0x60000328, 2<<7); err == nil {
		t.Error("a pin interrupt, which there is not, is accepted")
	}
	b.set(0x60000834, 0x30)
	b.Reset(soc.Soft, 0)
	for _, addr := range []uint32{out, enable, status, 0x60000328, 0x60000834} {
		b.want("after a reset", addr, 0)
	}
	if got := b.get(gpioIn) & 0xffff; got != 0xaaaa {
		t.Errorf("a reset of the chip changes the board's levels to %04x", got)
	}
}
