package crash_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/crash"
)

// gather feeds text to a dump, line by line, and returns what belonged to it.
func gather(text string) (d crash.Dump, lines int) {
	for line := range strings.Lines(text) {
		if d.Line(strings.TrimRight(line, "\r\n")) {
			lines++
		}
	}
	return d, lines
}

const arduino = `
--------------- CUT HERE FOR EXCEPTION DECODER ---------------

Exception (29):
epc1=0x40201a3b epc2=0x00000000 epc3=0x00000000 excvaddr=0x00000004 depc=0x00000000

>>>stack>>>

ctx: cont
sp: 3ffffdd0 end: 3fffffd0 offset: 0150
3fffff20:  3ffe8514 3ffee4f8 00000001 40202c31  
3fffff30:  00000000 00000000 00000000 40203001 <
<<<stack<<<

--------------- CUT HERE FOR EXCEPTION DECODER ---------------

 ets Jan  8 2013,rst cause:2, boot mode:(3,6)
`

const rtos = `Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.
Core 0 register dump:
PC      : 0x401013b4  PS      : 0x00000030  A0      : 0x40227a43  A1      : 0x3ffedf00  
A14     : 0x00000003  A15     : 0x3ffedb48  SAR     : 0x0000001d  EXCCAUSE: 0x0000001c  

Backtrace: 0x401013b4:0x3ffedf00 0x40227a43:0x3ffedf00 

`

// Everybody's way of dying is understood.
func TestDump(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		death      crash.Death
		words      string // the names, counted
		headline   string
		ended      bool
	}{
		{"mask ROM", "Fatal exception (28): \r\nepc1=0x40100010, epc2=0x00000000, epc3=0x00000000, excvaddr=0x000000eb, depc=0x00000000\r\n",
			crash.Exception, "depc epc1 epc2 epc3 excvaddr", "exception 28, load from an address where nothing is: 0x000000eb", false},
		{"mask ROM, for ever", strings.Repeat("Fatal exception (0): \nepc1=0x40100010, excvaddr=0x00000000\n", 9),
			crash.Exception, "epc1 excvaddr", "exception 0, illegal instruction, or a division by zero", true},
		{"mask ROM, unaligned", "sf_dump[0] a0: 0x00000011\nepc1=0x40100010, epc2=0x00000000, excvaddr=0x3ffe8001\n",
			crash.Exception, "epc1 epc2 excvaddr", "exception 9, unaligned load or store: 0x3ffe8001", false},
		{"NONOS SDK", "Fatal exception 28(LoadProhibitedCause):\nepc1=0x402162f3, epc2=0x00000000, excvaddr=0x00000000\n\n ets Jan\n",
			crash.Exception, "epc1 epc2 excvaddr", "exception 28, load from an address where nothing is: 0x00000000", true},
		{"RTOS SDK", rtos, crash.Exception, "a0 a1 a14 a15 epc1 exccause trace×2", "exception 28, load from an address where nothing is", false},
		{"Arduino", arduino, crash.Exception, "depc epc1 epc2 epc3 excvaddr stack×8", "exception 29, store to an address where nothing is: 0x00000004", true},
		{"Arduino, 2015", "Exception (0): epc1=0x402103f4 epc2=0x00000000 excvaddr=0x00000000\nctx: sys\nsp: 3ffffc10 end: 3fffffb0 offset: 01a0\n",
			crash.Exception, "epc1 epc2 excvaddr", "exception 0, illegal instruction, or a division by zero", false},
		{"Arduino, watchdog", "Soft WDT reset\n\n>>>stack>>>\n\nctx: cont\n3ffffe00:  40201111\n<<<stack<<<\n", crash.SoftWatchdog, "stack", "Soft WDT reset", true},
		{"Arduino, panic", "Panic core_esp8266_main.cpp:133 __yield\n\n>>>stack>>>\n", crash.Panic, "", "Panic core_esp8266_main.cpp:133 __yield", false},
		{"Arduino, out of memory", "Unhandled C++ exception: OOM\n\nlast failed alloc call: 40201234(512)\n", crash.Panic, "alloc", "Unhandled C++ exception: OOM", false},
		{"reference firmware", "\r\nFatal exception (28): \r\nepc1=0x40100010, epc2=0x00000000\r\na0=0x40100020, a1=0x3ffe9fd0\r\ntrace: at=0x40101111 at=0x40102222\r\n\r\n",
			crash.Exception, "a0 a1 epc1 epc2 stack×2", "exception 28, load from an address where nothing is", false},
		{"a number that is none", "Fatal exception (999): \nepc1=0x00000000\n", crash.Exception, "epc1", "exception 999", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := gather(tt.text)
			counts := map[string]int{}
			for _, w := range d.Words {
				counts[w.Name]++
			}
			var names []string
			for name, n := range counts {
				if n > 1 {
					name = fmt.Sprintf("%s×%d", name, n)
				}
				names = append(names, name)
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); d.Death != tt.death || got != tt.words || d.Ended() != tt.ended {
				t.Errorf("%s, %q, ended %t", d.Death, got, d.Ended())
			}
			text := d.Text(nil)
			if len(text) < 2 || text[0] != tt.headline || !strings.Contains(text[len(text)-1], "--elf") {
				t.Errorf("text %q", text)
			}
		})
	}
}

// What looks a little like a crash is none.
func TestNoDump(t *testing.T) {
	for _, s := range []string{
		"", "Exception (28) is what I fear", "no Exception (28):", "a0=0x40100000", ">>>stack>>>", "3fffff20:  3ffe8514",
		"Panic is not warranted", "the epc1=0x40100000 register", "wdt reset", "Fatal exceptions (0)", "Fatal exception (1234)",
	} {
		if d, n := gather(s); n > 0 || d.Began() || d.Text(nil) != nil {
			t.Errorf("%q began %+v", s, d)
		}
	}
}

// The text grows, and what was said stays said: a monitor prints it as it comes.
func TestTextGrows(t *testing.T) {
	for _, text := range []string{arduino, rtos, "Fatal exception (28): \nepc1=0x40100010, excvaddr=0x00000000\na0=0x40100020\ntrace: at=0x40100e00\n"} {
		symbols := reference(t)
		var d crash.Dump
		var said []string
		for line := range strings.Lines(text) {
			d.Line(strings.TrimRight(line, "\n"))
			now := d.Text(symbols)
			if len(now) < len(said) || !slices.Equal(now[:len(said)], said) {
				t.Fatalf("after %q\n%q became\n%q", line, said, now)
			}
			said = now
		}
	}
}

func reference(t testing.TB) *crash.Symbols {
	t.Helper()
	s, err := crash.Load(firmware.ELF)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// line returns the number of the line in a source of the firmware that begins
// with text.
func line(t *testing.T, file, text string) int {
	t.Helper()
	p, err := os.ReadFile("../../boards/firmware/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(p), "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), text) {
			return i + 1
		}
	}
	t.Fatalf("%s has no line that begins with %q", file, text)
	return 0
}

// Every function's beginning is in the function, in the file and at the line
// where its source has it, or at the brace below.
func TestPlaces(t *testing.T) {
	s := reference(t)
	for name, tt := range map[string]struct{ file, text string }{
		"aes_encrypt":  {"core/aes.c", "void aes_encrypt("},
		"control_line": {"core/control.c", "void control_line("},
		"probe_derive": {"core/probe.c", "void probe_derive("},
		"main":         {"port/esp8266/main.c", "line;"},
		"start":        {"port/esp8266/start.S", "rsil	a2, 3"},
	} {
		addr := address(t, name)
		places := s.At(addr)
		if len(places) != 1 || places[0].Func != name || places[0].File != tt.file {
			t.Errorf("%s: %v", name, places)
			continue
		}
		if name == "main" {
			continue // its declaration stands twice
		}
		if want := line(t, tt.file, tt.text); places[0].Line < want || places[0].Line > want+1 {
			t.Errorf("%s: line %d, want %d", name, places[0].Line, want)
		}
	}
	if places := s.At(0x3ffea000); places != nil {
		t.Errorf("data is at %v", places)
	}
	if got := fmt.Sprint(s.At(0x4000df48), s.At(0x4000df60)); got != "[memcpy, in the mask ROM] [in the mask ROM, 0x18 after memcpy]" {
		t.Error(got)
	}
}

// address returns where a function of the reference firmware begins.
func address(t *testing.T, name string) uint32 {
	t.Helper()
	addr, ok := functions(t)[name]
	if !ok {
		t.Fatalf("the firmware has no function %s", name)
	}
	return addr
}

// Whatever address of code it is, the innermost place has a line of the file
// that holds it, and what was inlined is called from a line that names it.
func TestInlined(t *testing.T) {
	s := reference(t)
	call := regexp.MustCompile(`\w+`)
	inlined := map[string]bool{}
	for addr := address(t, "aes_encrypt"); s.At(addr) != nil; addr++ {
		places := s.At(addr)
		if last := places[len(places)-1]; last.Func != "aes_encrypt" {
			break // the next function
		}
		for i, p := range places[1:] {
			inner := places[i].Func
			text := sourceLine(t, p.File, p.Line)
			if !slices.Contains(call.FindAllString(text, -1), inner) {
				t.Errorf("0x%08x: %s is called from %s, and that line is %q", addr, inner, p, text)
			}
			inlined[inner] = true
		}
	}
	if len(inlined) == 0 {
		t.Errorf("inlined: %v", inlined)
	}
}

func sourceLine(t *testing.T, file string, n int) string {
	t.Helper()
	p, err := os.ReadFile("../../boards/firmware/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(p), "\n")[n-1]
}

// Words of the stack are places only where a call returns to.
func TestReturns(t *testing.T) {
	s, send := reference(t), address(t, "control_line")
	back := uint32(0)
	for a := send; a < send+0x100; a++ { // callx0 of a verb
		if p := code(t, a-3); p[0] == 0xc0 && p[1]&0xf0 == 0 && p[2] == 0 {
			back = a
		}
	}
	if back == 0 {
		t.Fatal("control_line calls nothing")
	}
	d, _ := gather(fmt.Sprintf("Fatal exception (0): \nepc1=0x%08x, excvaddr=0x00000000\na0=0x%08x\ntrace: at=0x%08x at=0x%08x at=0x40000000\n", send, back, send, back))
	text := d.Text(s)
	if len(text) != 3 || !strings.HasPrefix(text[1], fmt.Sprintf("epc1 0x%08x control_line (core/control.c:", send)) ||
		!strings.HasPrefix(text[2], fmt.Sprintf("a0 0x%08x control_line (core/control.c:", back)) {
		t.Errorf("%q", text)
	}
}

// Of all calls in main, those that lead to the function that crashed explain it,
// and their lines in the source say so; the others are left over.
func TestLeftovers(t *testing.T) {
	s, main := reference(t), address(t, "main")
	var trace strings.Builder
	for a := main; a < main+0xa0; a++ {
		if p := code(t, a); p[0]&0x3f == 0x05 {
			fmt.Fprintf(&trace, " at=0x%08x", a+3)
		}
	}
	d, _ := gather(fmt.Sprintf("Fatal exception (0): \nepc1=0x%08x, excvaddr=0x00000000\ntrace:%s\n", address(t, "control_line"), trace.String()))
	explained, left := 0, 0
	place := regexp.MustCompile(`^(stack\??) 0x[0-9a-f]{8} main \((.*):([0-9]+)\)$`)
	for _, l := range d.Text(s)[2:] {
		m := place.FindStringSubmatch(l)
		if m == nil {
			continue // not in main, or inlined into it
		}
		n, err := strconv.Atoi(m[3])
		if err != nil {
			t.Fatal(err)
		}
		calls := strings.Contains(sourceLine(t, m[2], n), "control_line(")
		if calls != (m[1] == "stack") {
			t.Errorf("%s: %q", l, sourceLine(t, m[2], n))
		}
		if calls {
			explained++
		} else {
			left++
		}
	}
	if explained != 1 || left < 3 {
		t.Errorf("%d explained, %d left over", explained, left)
	}
}

func TestFits(t *testing.T) {
	im, _, err := image.Parse(firmware.Image)
	if err != nil {
		t.Fatal(err)
	}
	s := reference(t)
	if err := s.Fits(im); err != nil {
		t.Error(err)
	}
	changed := slices.IndexFunc(im.Segments, func(s image.Segment) bool { return s.Addr == 0x40100000 })
	data := bytes.Clone(im.Segments[changed].Data)
	data[address(t, "control_line")-0x40100000] ^= 1
	im.Segments[changed].Data = data
	if err := s.Fits(im); !errors.Is(err, crash.ErrOther) || !strings.Contains(err.Error(), "control_line") {
		t.Error(err)
	}
	data = bytes.Clone(data[:64])
	im.Segments[changed].Data = data
	if err := s.Fits(im); !errors.Is(err, crash.ErrOther) || !strings.Contains(err.Error(), "loads 64 of them") {
		t.Error(err)
	}
	if err := s.Fits(&image.Image{Segments: []image.Segment{{Addr: 0x4010f000, Data: []byte{1, 2, 3, 4}}}}); err != nil {
		t.Error("a boot loader:", err)
	}
}
