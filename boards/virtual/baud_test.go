package virtual_test

import (
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// otherSpeeds are speeds at which the echo program, at 74928 baud, hears
// something else than was sent, and the host something else than it answers
// (ESP8266.md 6.2; each wave drawn by hand).
var otherSpeeds = []struct {
	name     string
	baud     int
	sent     string
	answered string // as the chip sends it
	heard    string
}{
	{"as fast", 74880, "\x00\x80\xf8\xff", "\x00\x80\xf8\xff", "\x00\x80\xf8\xff"},
	{"2 % slower", 73430, "\x00\x80\xf8\xff", "\x00\x80\xf8\xff", "\x00\x80\xf8\xff"},
	{"twice as fast", 149856, "\x00", "\xf8", "\x80"}, // low for 4.5 bits of the chip; for 8 of the host
	{"half as fast", 37464, "\xf8", "\x80", "\xf8"},   // low for 8; for 4
}

// At another speed both directions are garbage, of the kind that physics makes.
func TestOtherSpeeds(t *testing.T) {
	for _, tt := range otherSpeeds {
		for _, pace := range []virtual.Pace{virtual.NoPace, virtual.RealPace} {
			t.Run(tt.name+", pace "+pace.String(), func(t *testing.T) {
				b := newBoard(t, virtual.Config{Pace: pace}, code(t, echo))
				p, err := b.Port()
				if err != nil {
					t.Fatal(err)
				}
				hear(t, p, tt.baud, tt.sent, tt.heard)
				if err := p.SetBaud(tt.baud); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Write([]byte(tt.sent)); err != nil {
					t.Fatal(err)
				}
				// The board takes what it was sent before the speed changes again.
				if err := p.SetBaud(74880); err != nil {
					t.Fatal(err)
				}
				if got := drainSome(t, p, len(tt.answered)); got != tt.answered {
					t.Errorf("the chip heard % x, want % x", got, tt.answered)
				}
			})
		}
	}
}

// hear waits for a boot, and wants heard as the answer to sent.
func hear(t *testing.T, p boards.Port, baud int, sent, heard string) {
	t.Helper()
	if err := p.SetReadTimeout(20 * time.Second); err != nil {
		t.Fatal(err)
	}
	until(t, p, "csum 0x..\r\n")
	if err := p.SetBaud(baud); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write([]byte(sent)); err != nil {
		t.Fatal(err)
	}
	if got := drainSome(t, p, len(heard)); got != heard {
		t.Errorf("the host heard % x, want % x", got, heard)
	}
}
