package crash_test

import (
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/crash"
)

// FuzzDump has a device die in any words. What is kept and what is said of it
// is bounded, and what has ended stays as it is.
func FuzzDump(f *testing.F) {
	symbols, err := crash.Load(firmware.ELF)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(arduino)
	f.Add(rtos)
	f.Add("Fatal exception (28): \nepc1=0x40100010, epc2=0x00000000\n" + strings.Repeat("3fffff20:  3ffe8514 3ffee4f8 00000001 40202c31\n", 2000))
	f.Add("Soft WDT reset\ntrace: at=0x40000000 at=0xffffffff at=0x40100002")
	f.Fuzz(func(t *testing.T, text string) {
		d, _ := gather(text)
		said := d.Text(symbols)
		if len(d.Words) > 2048 || len(said) > 2048 {
			t.Fatalf("%d words, %d lines", len(d.Words), len(said))
		}
		if !d.Began() && (len(said) > 0 || len(d.Words) > 0) {
			t.Errorf("nothing began, and %q is said of %+v", said, d.Words)
		}
		d.End()
		if before := len(d.Words); d.Line("a0=0x40100000") && d.Ended() || len(d.Words) != before {
			t.Errorf("it goes on after its end: %+v", d)
		}
	})
}

// FuzzLoad reads anything as an ELF file, and asks it of addresses.
func FuzzLoad(f *testing.F) {
	f.Add(firmware.ELF, uint32(0x40100dd0))
	f.Add(firmware.ELF[:4096], uint32(0x40100000))
	f.Add([]byte("\x7fELF\x01\x01\x01"), uint32(0))
	f.Fuzz(func(t *testing.T, p []byte, addr uint32) {
		s, err := crash.Load(p)
		if (err == nil) != (s != nil) {
			t.Fatalf("%v, %v", s, err)
		}
		if err == nil && len(s.At(addr)) > 64 {
			t.Errorf("%d places", len(s.At(addr)))
		}
	})
}
