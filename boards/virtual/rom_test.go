package virtual_test

import (
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// tiny is a mask ROM that says R and then echoes, by polling.
func tiny(t testing.TB) []byte {
	t.Helper()
	// movi a2, 3; slli a2, a2, 29; movi a3, 'R'; s32i a3, a2, 0
	// 1: memw; l32i a4, a2, 0x1c; extui a4, a4, 0, 8; beqz a4, 1b
	// l32i a3, a2, 0; s32i a3, a2, 0; j 1b
	p, err := hex.DecodeString(strings.ReplaceAll(`0c32 302201 5c23 3902 c02000 4872 404074 1644ff 3802 3902 46fbff`, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	rom := make([]byte, virtual.ROMSize)
	copy(rom[0x80:], p)
	return rom
}

// withROM connects to a board that executes rom.
func withROM(t testing.TB, rom, flash []byte) (*virtual.Board, boards.Port) {
	t.Helper()
	b := newBoard(t, virtual.Config{ROM: rom}, flash)
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(100 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	return b, p
}

func TestROMRefused(t *testing.T) {
	for _, tt := range []struct {
		name string
		rom  []byte
		want string
	}{
		{"empty", []byte{}, "0 bytes, and it has 65536"},
		{"short", make([]byte, virtual.ROMSize-1), "65535 bytes"},
		{"long", make([]byte, 4<<20), "4194304 bytes"},
		{"zeros", make([]byte, virtual.ROMSize), "no code at its reset vector"},
	} {
		_, err := virtual.New(virtual.Config{ROM: tt.rom})
		if !errors.Is(err, virtual.ErrROM) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// A ROM is executed from its reset vector on, and one that polls rests until
// the host does something.
func TestROMPolls(t *testing.T) {
	b, p := withROM(t, tiny(t), nil)
	if got := drain(t, p); got != "R" {
		t.Fatalf("%q", got)
	}
	before := b.Stats()
	if err := p.SetReadTimeout(-1); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := io.WriteString(p, "!"); err != nil {
			t.Fatal(err)
		}
		if got := drainSome(t, p, 1); got != "!" {
			t.Fatalf("%q", got)
		}
	}
	if n := b.Stats().Instructions - before.Instructions; n > 1_000_000 {
		t.Errorf("%d instructions for three bytes", n)
	}
	reset(t, p, false)
	if got := drainSome(t, p, 1); got != "R" {
		t.Errorf("after a reset %q", got)
	}
}

// What comes in one piece reaches a ROM in mouthfuls, whole.
func TestROMMouthfuls(t *testing.T) {
	run := func() virtual.Stats {
		b, p := withROM(t, tiny(t), nil)
		drain(t, p)
		text := strings.Repeat("0123456789abcdef", 100)
		if _, err := io.WriteString(p, text); err != nil {
			t.Fatal(err)
		}
		if got := drain(t, p); got != text {
			t.Errorf("%d of %d bytes: %q", len(got), len(text), got)
		}
		return b.Stats()
	}
	if a, b := run(), run(); a != b {
		t.Errorf("%+v and %+v", a, b)
	}
}

// A program that looks at the clock for ever looks ever more rarely, and one
// that speaks for ever speaks no faster than its wire.
func TestWaitingWithoutTheInstruction(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		most       uint64 // instructions in ten seconds
	}{
		// 1: rsr.ccount a2; j 1b
		{"looks at the clock", `20ea03 46feff`, 110_000_000},
		// movi a2, 3; slli a2, a2, 29; 1: movi a4, 255; 2: addi a4, a4, -1; bnez a4, 2b; s32i a2, a2, 0; j 1b
		{"speaks", `0c32 302201 42a0ff 0b44 56a4ff 2902 86fcff`, 50_000_000},
		// 1: j 1b
		{"goes round", `06ffff`, 1_000_000},
	} {
		b, p := memory(t, code(t, tt.code))
		if err := p.SetReadTimeout(10 * time.Second); err != nil {
			t.Fatal(err)
		}
		before := b.Stats()
		for b.Stats().Now-before.Now < 10*time.Second {
			if _, err := p.Read(make([]byte, 4096)); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal(err)
			}
		}
		n := b.Stats().Instructions - before.Instructions
		t.Logf("%s: %d instructions", tt.name, n)
		if n > tt.most {
			t.Errorf("%s: %d instructions in ten seconds, want at most %d", tt.name, n, tt.most)
		}
	}
}
