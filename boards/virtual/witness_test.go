package virtual_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// The witness is told of supply, resets and flash, in the order of time, and of
// nothing twice.
func TestWitness(t *testing.T) {
	cfg := small
	var told []string
	var last virtual.Happening
	cfg.Witness = func(h virtual.Happening) {
		if h.At.Before(last.At) {
			t.Errorf("%+v comes after %+v", h, last)
		}
		last = h
		text := h.Power
		if c := h.Flash; text == "" {
			text = fmt.Sprintf("%d bytes, erased %t, torn %t", c.N, c.Erased, c.Torn)
		}
		told = append(told, text)
	}
	b, p := greet(t, cfg)
	reset(t, p, false)
	greeted(t, p)
	b.PowerOn() // it has it
	b.Cut(virtual.Cut{After: 9, Of: virtual.Pulses, Seed: 1})
	write(t, p, provision)
	rest(t, p)
	b.PowerOff() // it has none
	b.PowerCycle()
	greeted(t, p)
	b.PowerOff()
	rest(t, p)
	want := []string{"on", "reset: power-on", "reset: EN pin", "4096 bytes, erased true, torn false", "16 bytes, erased false, torn true", "fails", "on", "reset: power-on", "off"}
	if !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
}
