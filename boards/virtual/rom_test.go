package virtual_test

import (
	"encoding/hex"
	"errors"
	"io"
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
