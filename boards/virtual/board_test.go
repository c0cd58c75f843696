package virtual_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// code is a program of machine code, little-endian halfwords and bytes as the
// assembler prints them, entered at its first byte.
func code(t testing.TB, text string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	for len(p)%4 != 0 {
		p = append(p, 0)
	}
	im := image.Image{Entry: 0x40100000, Segments: []image.Segment{{Addr: 0x40100000, Data: p}}}
	p, err = im.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The programs of these tests, with what assembled to them.
const (
	// j 1f; .align 4; .word 0x40001234; 1: l32r a0, .-4; callx0 a0
	callUnknown = `060100 00  34120040  01ffff c00000`
	// ill
	illegal = `000000`
	// ret.n
	returns = `0df0`
	// j 1f; .align 4; .word uart_rx_one_char_block, uart_tx_one_char;
	// 1: l32r a12, .-8; l32r a13, .-7; 2: callx0 a12; callx0 a13; j 2b
	echo = `060200 00  643b0040 303b0040  c1feff d1feff  c00c00 c00d00 86fdff`
)

func newBoard(t testing.TB, cfg virtual.Config, flash []byte) *virtual.Board {
	t.Helper()
	b, err := virtual.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.LoadFlash(0, flash); err != nil {
		t.Fatal(err)
	}
	return b
}

func memory(t testing.TB, flash []byte) (*virtual.Board, boards.Port) {
	t.Helper()
	b := newBoard(t, virtual.Config{}, flash)
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(100 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	return b, p
}

// drain reads until nothing more comes in time.
func drain(t testing.TB, p io.Reader) string {
	t.Helper()
	var all bytes.Buffer
	buf := make([]byte, 256)
	for {
		n, err := p.Read(buf)
		all.Write(buf[:n])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return all.String()
		}
		if err != nil {
			t.Fatalf("after %q: %v", all.String(), err)
		}
	}
}

func TestBoots(t *testing.T) {
	_, p := memory(t, code(t, returns))
	want := "\r\n ets Jan  8 2013,rst cause:1, boot mode:(3,6)\r\n\r\n" +
		"load 0x40100000, len 4, room 16 \r\ntail 4\r\nchksum 0x12\r\ncsum 0x12\r\nuser code done\r\n"
	if got := drain(t, p); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFlippedFlashByteIsNoticed(t *testing.T) {
	b, p := memory(t, code(t, returns))
	if err := b.PokeFlash(16, b.FlashBytes(16, 1)[0]^1); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, p); !strings.HasSuffix(got, "csum err\r\nets_main.c ") {
		t.Errorf("%q", got)
	}
}

func TestEcho(t *testing.T) {
	_, p := memory(t, code(t, echo))
	drain(t, p)
	for _, text := range []string{"a", "hello, board", strings.Repeat("0123456789abcdef", 100)} {
		if _, err := io.WriteString(p, text); err != nil {
			t.Fatal(err)
		}
		if got := drain(t, p); got != text {
			t.Errorf("%q, want %q", got, text)
		}
	}
}

func TestHaltIsLoud(t *testing.T) {
	b, p := memory(t, code(t, callUnknown))
	var boot bytes.Buffer
	_, err := io.Copy(&boot, p)
	var halt *lx106.Halt
	if !errors.As(err, &halt) || halt.PC != 0x40001234 {
		t.Fatalf("read: %v, want the halt at 0x40001234", err)
	}
	if !strings.HasSuffix(boot.String(), "\r\n") {
		t.Errorf("what was sent before: %q", boot.String())
	}
	if _, again := p.Read(make([]byte, 1)); !errors.As(again, &halt) {
		t.Errorf("second read: %v", again)
	}
	if _, err := p.Write([]byte{1}); !errors.As(err, &halt) {
		t.Errorf("write: %v", err)
	}
	<-b.Halted()
	if err := b.Err(); !errors.As(err, &halt) {
		t.Errorf("Err: %v", err)
	}
}

// The report of an exception repeats for ever, and only as it is read.
func TestCrashRepeats(t *testing.T) {
	b, p := memory(t, code(t, illegal))
	const report = "Fatal exception (0): \r\nepc1=0x40100000, epc2=0x00000000, epc3=0x00000000, excvaddr=0x00000000, depc=0x00000000\r\n"
	got := make([]byte, 2000)
	if _, err := io.ReadFull(p, got); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(got), report); n < 10 {
		t.Errorf("%d reports in %q", n, got)
	}
	if n := b.Stats().Instructions; n > 100 {
		t.Errorf("%d instructions for it", n)
	}
	if _, err := io.WriteString(p, "nobody listens"); err != nil {
		t.Fatal(err)
	}
	reset(t, p, false)
	if got := drainSome(t, p, 4000); !strings.Contains(got, "rst cause:2, boot mode:(3,6)") {
		t.Errorf("no boot after reset: %q", got)
	}
}

// until reads byte by byte until what it has read ends as re says.
func until(t testing.TB, p io.Reader, re string) string {
	t.Helper()
	ends := regexp.MustCompile("(?s)" + re + "$")
	var all []byte
	buf := make([]byte, 1)
	for !ends.Match(all) {
		if n, err := p.Read(buf); n == 0 || err != nil {
			t.Fatalf("waiting for %q: %q, then %v", re, all, err)
		}
		all = append(all, buf...)
	}
	return string(all)
}

func drainSome(t testing.TB, p io.Reader, n int) string {
	t.Helper()
	buf := make([]byte, n)
	n, err := io.ReadFull(p, buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

// reset is the sequence that esptool calls classic, without its pauses, or the
// one of a hard reset.
func reset(t testing.TB, p boards.Port, download bool) {
	t.Helper()
	steps := []error{p.SetDTR(false), p.SetRTS(true)}
	if download {
		steps = append(steps, p.SetDTR(true))
	}
	steps = append(steps, p.SetRTS(false), p.SetDTR(false))
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
}

func TestDeterminism(t *testing.T) {
	run := func() (virtual.Stats, string) {
		b, p := memory(t, code(t, echo))
		out := drain(t, p)
		for _, text := range []string{"one", "two", "three"} {
			if _, err := io.WriteString(p, text); err != nil {
				t.Fatal(err)
			}
			out += drain(t, p)
		}
		return b.Stats(), out
	}
	stats, out := run()
	for range 3 {
		if s, o := run(); s != stats || o != out {
			t.Errorf("%+v %q, before %+v %q", s, o, stats, out)
		}
	}
}
