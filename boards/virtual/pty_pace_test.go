//go:build linux

package virtual_test

import (
	"fmt"
	"testing"
	"time"

	"go.bug.st/serial"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// cable is a terminal with the modem lines that it has not.
type cable struct {
	serial.Port
	*virtual.Board
}

func (c cable) SetBaud(baud int) error { return c.SetMode(&serial.Mode{BaudRate: baud}) }

func (c cable) SetDTR(asserted bool) error { c.Board.SetDTR(asserted); return nil }
func (c cable) SetRTS(asserted bool) error { c.Board.SetRTS(asserted); return nil }
func (c cable) Close() error               { return c.Port.Close() }

// terminal opens the board's terminal as a port with modem lines.
func terminal(t *testing.T, b *virtual.Board) boards.Port {
	t.Helper()
	return cable{open(t, b, 74880), b}
}

// By the wall clock nothing comes before its time. How much later it comes is
// a matter of this machine.
func TestTerminalRealPace(t *testing.T) {
	b := newBoard(t, virtual.Config{Pace: virtual.RealPace}, code(t, echo))
	start := time.Now()
	p := terminal(t, b)
	log := until(t, p, "csum 0x..\r\n")
	if least, took := 10*time.Millisecond+time.Duration(len(log))*10*time.Second/74929, time.Since(start); took < least {
		t.Errorf("%d bytes of boot log after %v, not before %v", len(log), took, least)
	}
	ask := loader(t, p, func() { reset(t, p, true) })
	for _, tt := range durations {
		before := time.Now()
		ask(tt.op, 0xef, tt.data)
		took := time.Since(before)
		t.Logf("%s: %v", tt.name, took)
		if took < tt.least {
			t.Errorf("%s: %v, want at least %v", tt.name, took, tt.least)
		}
	}
	if virtual, wall := b.Stats().Now, time.Since(start); virtual > wall {
		t.Errorf("the board is at %v, and began %v ago", virtual, wall)
	}
}

// A program that never idles does not get ahead either.
func TestTerminalRealPaceBusy(t *testing.T) {
	// movi.n a2, 0; 1: addi.n a2, a2, 1; bnez a2, 1b
	b := newBoard(t, virtual.Config{Pace: virtual.RealPace}, code(t, `0c02 1b22 56a2ff`))
	start := time.Now()
	p := terminal(t, b)
	until(t, p, "csum 0x..\r\n")
	for b.Stats().Instructions < 5_000_000 {
		if now, wall := b.Stats().Now, time.Since(start); now > wall+lead {
			t.Fatalf("the board is at %v, and began %v ago", now, wall)
		}
	}
	if took := time.Since(start); took < 5_000_000*time.Second/52_000_000 {
		t.Errorf("%d instructions in %v", b.Stats().Instructions, took)
	}
}

// Nor does one that waits for a timer: what the host sends meanwhile would come
// late.
func TestTerminalRealPaceIdle(t *testing.T) {
	// rsr a2, ccount; movi a3, 1; slli a3, a3, 29; add a2, a2, a3; wsr a2, ccompare0
	// movi a3, 64; wsr a3, intenable; 1: waiti 0; j 1b
	b := newBoard(t, virtual.Config{Pace: virtual.RealPace}, code(t, `20ea030c133033013a2220f0134c0330e41300700046feff`))
	start := time.Now()
	p := terminal(t, b)
	until(t, p, "csum 0x..\r\n")
	for range 20 {
		if now, wall := b.Stats().Now, time.Since(start); now > wall {
			t.Fatalf("the board is at %v, and began %v ago", now, wall)
		}
		reset(t, p, false)
		until(t, p, "csum 0x..\r\n")
	}
}

// lead is a slice of the board's work, which it does at once and waits then.
const lead = 2 * time.Millisecond

func TestTerminalOtherSpeeds(t *testing.T) {
	for _, tt := range otherSpeeds {
		for _, pace := range []virtual.Pace{virtual.NoPace, virtual.RealPace} {
			t.Run(fmt.Sprint(tt.name, ", pace ", pace), func(t *testing.T) {
				b := newBoard(t, virtual.Config{Pace: pace}, code(t, echo))
				hear(t, terminal(t, b), tt.baud, tt.sent, tt.heard)
			})
		}
	}
}
