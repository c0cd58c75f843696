package maskrom_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// slip is p as it goes over the wire. This and request are the host's side,
// written down once more on purpose.
func slip(p []byte) []byte {
	p = bytes.ReplaceAll(p, []byte{0xdb}, []byte{0xdb, 0xdd})
	p = bytes.ReplaceAll(p, []byte{0xc0}, []byte{0xdb, 0xdc})
	return append(append([]byte{0xc0}, p...), 0xc0)
}

func request(op byte, sum byte, data []byte) []byte {
	p := binary.LittleEndian.AppendUint16([]byte{0, op}, uint16(len(data)))
	p = append(p, sum, 0, 0, 0)
	return slip(append(p, data...))
}

func words(v ...uint32) (p []byte) {
	for _, w := range v {
		p = binary.LittleEndian.AppendUint32(p, w)
	}
	return p
}

// block is the data of FLASH_DATA and MEM_DATA, and its checksum.
func block(seq uint32, payload []byte) (byte, []byte) {
	sum := byte(0xef)
	for _, b := range payload {
		sum ^= b
	}
	return sum, append(words(uint32(len(payload)), seq, 0, 0), payload...)
}

var syncRequest = request(8, 0, append([]byte{7, 7, 0x12, 0x20}, bytes.Repeat([]byte{0x55}, 32)...))

// loader is a bench that has gone through autobaud and SYNC.
func loader(t testing.TB) *bench {
	t.Helper()
	b := newBench(t)
	b.m.UART0.SetHostBaud(115200)
	b.reset(soc.Ext, soc.StrapDownload)
	b.send(syncRequest)
	b.out()
	b.send(syncRequest)
	if b.out() == "" {
		t.Fatal("no answer to the second SYNC")
	}
	return b
}

// send lets the ROM work on p until it has nothing more to do.
func (b *bench) send(p []byte) {
	b.t.Helper()
	b.m.UART0.Offer(p)
	for range 1000 {
		if b.m.CPU.PC>>16 != soc.ROMBase>>16 || b.step() == maskrom.Waits {
			return
		}
	}
	b.t.Fatal("the ROM does not come to rest")
}

// ask sends a request and wants that reply, in hex without its frame.
func (b *bench) ask(what string, p []byte, want string) {
	b.t.Helper()
	b.send(p)
	if got, want := b.out(), string(slip(unhex(b.t, want))); got != want {
		b.t.Errorf("%s: reply % x, want % x", what, got, want)
	}
}

func TestReferenceTranscript(t *testing.T) {
	b := newBench(t)
	b.m.UART0.SetHostBaud(115200)
	b.reset(soc.Ext, soc.StrapDownload)
	b.out()

	b.send(syncRequest)
	if got := b.out(); got != "" {
		t.Errorf("first SYNC answered: % x", got)
	}
	b.send(syncRequest)
	want := strings.Repeat(string(unhex(t, "c0 01 08 0200 07071220 00 00 c0")), 8)
	if got := b.out(); got != want {
		t.Errorf("second SYNC: % x, want % x", got, want)
	}
	b.ask("READ_REG magic", request(0x0a, 0, words(0x40001000)), "01 0a 0200 01c1f0ff 00 00")
	b.ask("READ_REG divider", request(0x0a, 0, words(0x60000014)), "01 0a 0200 c3010000 00 00")
	b.ask("FLASH_BEGIN", request(2, 0, words(0x1000, 1, 0x400, 0)), "01 02 0200 c3010000 00 00")
	sum, data := block(0, bytes.Repeat([]byte{0xa5}, 0x400))
	b.ask("FLASH_DATA, wrong checksum", request(3, sum^1, data), "01 03 0200 c3010000 01 07")
	b.ask("FLASH_DATA again", request(3, sum, data), "01 03 0200 c3010000 01 05")
	b.ask("FLASH_BEGIN of nothing", request(2, 0, words(0, 0, 0x400, 0)), "01 02 0200 c3010000 00 05")
	b.flash(0, flashable(t, segment(iram, 16, 0)))
	b.send(request(4, 0, words(1)))
	reply, log, _ := strings.Cut(b.out(), "load ")
	if want := string(slip(unhex(t, "01 04 0200 c3010000 00 05"))); reply != want {
		t.Errorf("FLASH_END: % x, want % x", reply, want)
	}
	if !strings.HasPrefix(log, "0x40100000, len 16") {
		t.Errorf("after FLASH_END: %q, want a boot", log)
	}
}

func TestAutobaud(t *testing.T) {
	for _, tt := range []struct {
		baud    int
		divider uint32
	}{{9600, 5416}, {74880, 694}, {115200, 451}, {230400, 225}, {460800, 112}, {921600, 56}} {
		t.Run(fmt.Sprint(tt.baud), func(t *testing.T) {
			b := newBench(t)
			b.m.UART0.SetHostBaud(tt.baud)
			b.reset(soc.Ext, soc.StrapDownload)
			b.out()
			b.send(syncRequest)
			if got := b.out(); got != "" {
				t.Errorf("first SYNC answered: % x", got)
			}
			if got := b.m.UART0.Divider(); got != tt.divider {
				t.Errorf("divider %d, want %d", got, tt.divider)
			}
			b.send(syncRequest)
			if got := strings.Count(b.out(), "\x01\x08"); got != 8 {
				t.Errorf("second SYNC answered %d times, want 8", got)
			}
		})
	}
}

// What came before the speed is known is lost, what follows in the same breath
// is not.
func TestAutobaudKeepsWhatFollows(t *testing.T) {
	b := newBench(t)
	b.m.UART0.SetHostBaud(115200)
	b.reset(soc.Ext, soc.StrapDownload)
	b.out()
	b.send(bytes.Repeat(syncRequest, 3))
	if got := strings.Count(b.out(), "\x01\x08"); got != 16 {
		t.Errorf("%d replies to three SYNCs at once, want 16", got)
	}
}

func TestAutobaudOnceEachBoot(t *testing.T) {
	b := loader(t)
	b.m.UART0.SetHostBaud(460800)
	b.send(syncRequest)
	if got := b.m.UART0.Divider(); got != 451 {
		t.Errorf("divider %d, want 451", got)
	}
	b.reset(soc.Ext, soc.StrapDownload)
	if got := b.m.UART0.Divider(); got != maskrom.BootDivider {
		t.Errorf("divider after reset %d, want %d", got, maskrom.BootDivider)
	}
}

func TestFewEdgesDoNotEndAutobaud(t *testing.T) {
	b := newBench(t)
	b.m.UART0.SetHostBaud(115200)
	b.reset(soc.Ext, soc.StrapDownload)
	b.send(make([]byte, 14)) // two edges each, 28 in all
	if b.rom.Phase != maskrom.Autobaud {
		t.Errorf("phase %d after 28 edges", b.rom.Phase)
	}
	b.send([]byte{0})
	if b.rom.Phase != maskrom.Loader {
		t.Errorf("phase %d after 30 edges, want the loader", b.rom.Phase)
	}
}

func TestFraming(t *testing.T) {
	const magic = "01 0a 0200 01c1f0ff 00 00"
	read := request(0x0a, 0, words(0x40001000))
	for _, tt := range []struct {
		name string
		sent []byte
	}{
		{"doubled delimiter", append([]byte{0xc0, 0xc0}, read...)},
		{"noise between frames", append([]byte("noise\r\n\x00"), read...)},
		{"escape of nothing stands for its byte", unhex(t, "c0 00 db 0a 0400 00000000 00 10 00 40 c0")},
	} {
		t.Run(tt.name, func(t *testing.T) { loader(t).ask("READ_REG", tt.sent, magic) })
	}
	t.Run("byte by byte", func(t *testing.T) {
		b := loader(t)
		for _, c := range read[:len(read)-1] {
			b.send([]byte{c})
		}
		b.ask("READ_REG", read[len(read)-1:], magic)
	})
	t.Run("two requests at once", func(t *testing.T) {
		b := loader(t)
		b.send(append(bytes.Clone(read), read...))
		if got, want := b.out(), strings.Repeat(string(slip(unhex(t, magic))), 2); got != want {
			t.Errorf("% x, want % x", got, want)
		}
	})
}

func TestTruncatedFrameUsesStaleBytes(t *testing.T) {
	b := loader(t)
	b.ask("READ_REG", request(0x0a, 0, words(0x40001000)), "01 0a 0200 01c1f0ff 00 00")
	b.ask("READ_REG without address", unhex(t, "c0 00 0a 0400 00000000 c0"), "01 0a 0200 01c1f0ff 00 00")
}

func TestOverlongFrameIsCut(t *testing.T) {
	b := loader(t)
	b.send(append(append(unhex(t, "c0 00 0a 0400 00000000 00100040"), make([]byte, 9000)...), 0xc0))
	if got, want := b.out(), string(slip(unhex(t, "01 0a 0200 01c1f0ff 00 00"))); got != want {
		t.Errorf("% x, want % x", got, want)
	}
}

func FuzzLoader(f *testing.F) {
	f.Add(syncRequest)
	f.Add(request(2, 0, words(0x1000, 1, 0x400, 0)))
	f.Add(append(request(5, 0, words(4, 1, 4, dram)), request(7, 0xef, words(4, 0, 0, 0, 0))...))
	f.Add(request(9, 0, words(dram, 1, 0xffffffff, 3)))
	f.Add(request(0x0b, 0, words(0, 1<<30, 0, 0, 0, 0)))
	f.Fuzz(func(t *testing.T, p []byte) {
		b := loader(t)
		b.m.UART0.Offer(p)
		for range 1000 {
			if b.m.CPU.PC>>16 != soc.ROMBase>>16 { // a program was started
				return
			}
			if out, err := b.rom.Step(); err != nil || out == maskrom.Waits {
				return
			}
		}
		t.Error("the ROM does not come to rest")
	})
}
