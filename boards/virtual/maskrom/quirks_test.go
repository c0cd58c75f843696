package maskrom_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// quirks are what the real ROM was seen to do, by section of ../ESP8266.md,
// and the test of each here.
var quirks = []struct{ section, what, test string }{
	{"1.1", "frames between C0s; C0 C0; DB and any other byte; noise between frames; two requests at once", "TestFraming"},
	{"1.1", "more than 8192 bytes are dropped", "TestOverlongFrameIsCut"},
	{"1.1", "a truncated frame takes the rest from the buffer", "TestTruncatedFrameUsesStaleBytes"},
	{"1.1", "256 bytes ahead are lost, 255 are not", "TestBytesAheadOfABusyLoaderAreLost"},
	{"1.1", "the ring of the interrupt wraps to empty", "TestUARTHandler"},
	{"1.2", "value repeats that of SYNC or READ_REG", "TestReferenceTranscript"},
	{"1.2", "value begins with zero", "TestValueBeginsWithZero"},
	{"1.2", "error stays after a failure, until SYNC, READ_REG or WRITE_REG", "TestErrorByteGoesStale"},
	{"1.2", "unknown commands repeat the op before, and SYNC's eight replies", "TestUnknownOpRepeatsTheLastOne"},
	{"1.2", "a direction byte that is not 0", "TestDirectionByte"},
	{"1.3", "FLASH_BEGIN: sizes, alignment, end of the chip, a chip of 4 MiB", "TestFlashBeginChecks"},
	{"1.3", "FLASH_BEGIN erases too much, and which sectors", "TestEraseBug"},
	{"1.3", "FLASH_DATA: length, words, sequence", "TestFlashData"},
	{"1.3", "FLASH_DATA: size of the packet", "TestPacketSize"},
	{"1.3", "the sequence moves on before the checksum is looked at", "TestReferenceTranscript"},
	{"1.3", "FLASH_DATA reads back, error 08", "TestFlashDataReadsBack"},
	{"1.3", "the result of writing is ignored", "TestFlashDataPastTheEndSucceeds"},
	{"1.3", "FLASH_END: its counts, the lock, the way out; its payload", "TestFlashEnd"},
	{"1.3", "FLASH_END's payload is ignored", "TestFlashEndPayload"},
	{"1.3", "a locked chip ignores writes until SPIUnlock", "TestFlashFunctions"},
	{"1.3", "MEM_BEGIN, MEM_DATA, MEM_END", "TestMemory"},
	{"1.3", "MEM_BEGIN and MEM_DATA: sizes, sequence, checksum, any length", "TestMemoryChecks"},
	{"1.3", "MEM_END without an entry boots from flash", "TestMemEndWithoutEntryBootsFlash"},
	{"1.3", "WRITE_REG: masks, several; READ_REG", "TestRegisters"},
	{"1.3", "WRITE_REG: delay before each write, of 16 bits", "TestWriteRegDelays"},
	{"1.3", "dead until reset after a READ_REG that faults", "TestFaultKillsLoader"},
	{"1.3", "0x0B exists, and moves the end of the chip", "TestChipParameters"},
	{"1.4", "dividers from 9600 to 921600 baud, the first SYNC lost", "TestAutobaud"},
	{"1.4", "more than 29 edges", "TestFewEdgesDoNotEndAutobaud"},
	{"1.4", "what follows is heard", "TestAutobaudKeepsWhatFollows"},
	{"1.4", "once in each boot", "TestAutobaudOnceEachBoot"},
	{"1.5", "the magic word, the divider as the crystal", "TestReferenceTranscript"},
	{"2.2", "download, flash, jump, SDIO", "TestResetCausesAndStraps"},
	{"2.2", "all four SDIO modes", "TestSDIO"},
	{"2.3", "load, tail, chksum, ho, csum", "TestBootLog"},
	{"2.3", "csum err, ets_main.c, blank flash", "TestBootFails"},
	{"2.3", "no segment, no checksum", "TestNoSegments"},
	{"2.3", "wdt reset", "TestResetCausesAndStraps"},
	{"2.3", "unknown reset", "TestUnknownReset"},
	{"2.3", "user code done", "TestUserCodeDone"},
	{"2.3", "Fatal exception, again and again", "TestFatalException"},
	{"2.4", "a software reset keeps cause and straps", "TestSoftResetKeepsCauseAndStraps"},
	{"2.4", "causes that pass over the straps", "TestCausesPastTheStraps"},
	{"2.4", "the watchdog at the program's entry", "TestWatchdogAtEntry"},
	{"3", "registers at the program's entry", "TestEntryState"},
	{"1.3", "the reference transcript", "TestReferenceTranscript"},
}

// Each quirk has its test.
func TestQuirks(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				tests[f.Name.Name] = true
			}
		}
	}
	for _, q := range quirks {
		if !tests[q.test] {
			t.Errorf("%s: %s: there is no %s", q.section, q.what, q.test)
		}
	}
	t.Logf("%d quirks", len(quirks))
}

func TestValueBeginsWithZero(t *testing.T) {
	b := newBench(t)
	b.m.UART0.SetHostBaud(115200)
	b.reset(soc.Ext, soc.StrapDownload)
	b.send(syncRequest) // is lost
	b.out()
	b.ask("FLASH_BEGIN", request(2, 0, words(0, 0, 0x400, 0)), "01 02 0200 00000000 00 00")
}

func TestPacketSize(t *testing.T) {
	for _, tt := range []struct {
		size int
		want string
	}{{0x1800, "00 00"}, {0x1804, "01 05"}} {
		b := loader(t)
		b.ask("FLASH_BEGIN", request(2, 0, words(0x2000, 2, 0x1800, 0x10000)), "01 02"+fine)
		sum, data := block(0, make([]byte, tt.size))
		data[0], data[1] = 0, 0x18 // the payload that it names is not too long
		b.ask("FLASH_DATA", request(3, sum, data), "01 03"+stale+tt.want)
	}
}

func TestFlashEndPayload(t *testing.T) {
	for _, payload := range [][]byte{words(0), words(1), words(7), nil} {
		b := loader(t)
		b.send(request(2, 0, words(0, 0, 0x400, 0)))
		b.out()
		b.send(request(4, 0, payload))
		if got, want := b.out(), string(slip(unhex(t, "01 04"+fine)))+"ets_main.c "; got != want {
			t.Errorf("payload % x: %q, want %q", payload, got, want)
		}
	}
}

func TestMemoryChecks(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"block of 0x1800", words(0, 0, 0x1800, iram), "00 00"},
		{"block of 0x1801", words(0, 0, 0x1801, iram), "01 05"},
		{"three words", words(0, 0, 0x400), "01 05"},
	} {
		loader(t).ask(tt.name, request(5, 0, tt.data), "01 05"+stale+tt.want)
	}
	b := loader(t)
	b.ask("MEM_BEGIN", request(5, 0, words(6, 2, 3, dram)), "01 05"+fine)
	sum, data := block(0, []byte{1, 2, 3})
	b.ask("wrong checksum", request(7, sum^1, data), "01 07"+stale+"01 07")
	b.ask("again", request(7, sum, data), "01 07"+stale+"01 05")
	sum, data = block(1, []byte{4, 5, 6, 7})
	b.ask("longer than a block", request(7, sum, data), "01 07"+stale+"01 05")
	sum, data = block(1, []byte{4, 5, 6})
	b.ask("three bytes", request(7, sum, data), "01 07"+stale+"00 05")
	if got := b.read(dram, 3); !bytes.Equal(got, []byte{4, 5, 6}) { // the first block failed
		t.Errorf("RAM holds % x", got)
	}
}

func TestWriteRegDelays(t *testing.T) {
	for _, tt := range []struct {
		delay uint32
		want  time.Duration // at 52 MHz, of microseconds that are counted for 80
	}{{0, 0}, {1000, 1538 * time.Microsecond}, {0x10000 + 1000, 1538 * time.Microsecond}} {
		b := loader(t)
		before := b.m.Now()
		b.ask("WRITE_REG", request(9, 0, words(dram, 1, 1, tt.delay)), "01 09"+fine)
		if took := b.m.Now() - before; took < tt.want || took > tt.want+500*time.Microsecond {
			t.Errorf("delay 0x%x: %v, want %v", tt.delay, took, tt.want)
		}
	}
}

func TestSDIO(t *testing.T) {
	for straps := uint8(4); straps <= 7; straps++ {
		b := newBench(t)
		if out := b.reset(soc.Ext, straps); out != maskrom.Waits || !strings.HasSuffix(b.out(), "waiting for host\r\n") {
			t.Errorf("boot mode %d: outcome %d", straps, out)
		}
	}
}

func TestNoSegments(t *testing.T) {
	b := newBench(t)
	b.flash(0, append([]byte{0xe9, 0, 2, 0}, words(iram+8)...))
	b.reset(soc.Ext, soc.StrapFlash)
	if got := b.out(); !strings.HasSuffix(got, "boot mode:(3,6)\r\n\r\n") || b.m.CPU.PC != iram+8 {
		t.Errorf("%q, then at 0x%08x", got, b.m.CPU.PC)
	}
}

func TestUnknownReset(t *testing.T) {
	for _, cause := range []soc.Cause{0, 7, 15} {
		b := newBench(t)
		b.flash(0, flashable(t, segment(iram, 16, 0)))
		b.reset(cause, soc.StrapFlash)
		if got := b.out(); !strings.HasSuffix(got, "\r\n\r\nunknown reset\r\nets_main.c ") || b.rom.Phase != maskrom.Hung {
			t.Errorf("cause %d: %q, phase %d", cause, got, b.rom.Phase)
		}
	}
}

// They load from the flash even with GPIO0 low.
func TestCausesPastTheStraps(t *testing.T) {
	for _, cause := range []soc.Cause{soc.Soft, 6} {
		b := benchOf(t, soc.Config{FlashSize: 1 << 20, SoftCause: true})
		b.reset(soc.Ext, soc.StrapDownload)
		b.out()
		b.flash(0, flashable(t, segment(iram, 16, 0)))
		b.reset(cause, soc.StrapDownload)
		if got := b.out(); !strings.Contains(got, "boot mode:(1,6)\r\n\r\nload 0x40100000") || b.m.CPU.PC != iram {
			t.Errorf("cause %d: %q, at 0x%08x", cause, got, b.m.CPU.PC)
		}
	}
}
