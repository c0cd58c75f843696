package virtual_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// lines moves both lines of a port at once.
func lines(t testing.TB, p boards.Port, dtr, rts bool) {
	t.Helper()
	if err := p.(interface{ SetLines(dtr, rts bool) error }).SetLines(dtr, rts); err != nil {
		t.Fatal(err)
	}
}

// What the circuit makes of each pair of lines, seen by what the chip does
// when its supply comes.
func TestLineTruthTable(t *testing.T) {
	for _, tt := range []struct {
		name     string
		dtr, rts bool
		want     string // part of the boot line, none where EN is low
	}{
		{"neither", false, false, "rst cause:1, boot mode:(3,6)"},
		{"both", true, true, "rst cause:1, boot mode:(3,6)"},
		{"RTS", false, true, ""},
		{"DTR", true, false, "rst cause:1, boot mode:(1,6)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, p := memory(t, nil)
			drain(t, p)
			b.PowerOff()
			lines(t, p, tt.dtr, tt.rts)
			b.PowerOn()
			got := drain(t, p)
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("%q, want %q in it", got, tt.want)
			}
		})
	}
}

func TestResetSequences(t *testing.T) {
	type step struct{ dtr, rts bool }
	for _, tt := range []struct {
		name  string
		steps []step
		want  string
	}{
		{"classic", []step{{false, true}, {true, false}, {false, false}}, "rst cause:2, boot mode:(1,6)"},
		{"tight", []step{{true, true}, {false, true}, {true, false}, {false, false}}, "rst cause:2, boot mode:(1,6)"},
		{"hard", []step{{false, true}, {false, false}}, "rst cause:2, boot mode:(3,6)"},
		{"both lines let EN go", []step{{false, true}, {true, true}}, "rst cause:2, boot mode:(3,6)"},
		{"GPIO0 low while running", []step{{true, false}, {false, false}}, ""},
		{"both while running", []step{{true, true}, {false, false}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, p := memory(t, nil)
			drain(t, p)
			for _, s := range tt.steps {
				lines(t, p, s.dtr, s.rts)
			}
			got := drain(t, p)
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("%q, want %q in it", got, tt.want)
			}
			if n := strings.Count(got, "ets Jan"); n > 1 {
				t.Errorf("%d resets: %q", n, got)
			}
		})
	}
}

// One line after the other, DTR first, as a serial driver moves them.
func TestResetLineByLine(t *testing.T) {
	_, p := memory(t, nil)
	drain(t, p)
	reset(t, p, true)
	if got := drain(t, p); !strings.Contains(got, "boot mode:(1,6)") {
		t.Errorf("%q, want download mode", got)
	}
	reset(t, p, false)
	if got := drain(t, p); !strings.Contains(got, "boot mode:(3,6)") {
		t.Errorf("%q, want flash boot", got)
	}
}

func TestPowerCycle(t *testing.T) {
	b, p := memory(t, code(t, echo))
	drain(t, p)
	reset(t, p, false)
	drain(t, p)
	b.PowerCycle()
	if got := drain(t, p); !strings.Contains(got, "rst cause:1,") {
		t.Errorf("%q, want a power-on reset", got)
	}
	b.PowerOff()
	if _, err := io.WriteString(p, "nobody"); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, p); got != "" {
		t.Errorf("a board without supply says %q", got)
	}
	b.PowerOn()
	if got := drain(t, p); strings.Contains(got, "nobody") {
		t.Errorf("a board without supply has heard: %q", got)
	}
	if got := b.Stats().Resets; got != 4 {
		t.Errorf("%d resets, want 4", got)
	}
}

// A finger on the button counts once, for the reset that it was there for.
func TestHoldGPIO0(t *testing.T) {
	b, p := memory(t, nil)
	drain(t, p)
	b.HoldGPIO0()
	b.PowerCycle()
	if got := drain(t, p); !strings.Contains(got, "rst cause:1, boot mode:(1,6)") {
		t.Errorf("%q, want download mode", got)
	}
	reset(t, p, false)
	if got := drain(t, p); !strings.Contains(got, "rst cause:2, boot mode:(3,6)") {
		t.Errorf("%q, want flash boot", got)
	}
}

func TestHeldInResetIsDeaf(t *testing.T) {
	_, p := memory(t, code(t, echo))
	drain(t, p)
	lines(t, p, false, true)
	_, err := io.WriteString(p, "x")
	if got := drain(t, p); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	lines(t, p, false, false)
	if got := drain(t, p); strings.HasSuffix(got, "x") {
		t.Errorf("%q", got)
	}
	if err := errors.Join(p.SetBaud(115200), p.SetBaud(0)); err == nil {
		t.Error("0 baud is accepted")
	}
}

// Programs see the board's levels in the low bits of GPIO's IN (ESP8266.md 4.3).
func TestLevels(t *testing.T) {
	b := newBoard(t, virtual.Config{SDIODigit: 7}, nil)
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	loader(t, p, func() { reset(t, p, true) })
	for _, tt := range []struct {
		dtr  bool
		want byte
	}{{false, 0x0f}, {true, 0x0e}, {false, 0x0f}} {
		if err := p.SetDTR(tt.dtr); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(request(0x0a, 0, words(0x60000318))); err != nil {
			t.Fatal(err)
		}
		if got := drainSome(t, p, 12)[5]; got != tt.want {
			t.Errorf("DTR %v: levels %02x, want %02x", tt.dtr, got, tt.want)
		}
	}
}
