package soc_test

import (
	"slices"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

const randomWord = 0x3ff20e44

// draw reads some random words.
func draw(b *bench) []uint32 {
	words := make([]uint32, 16)
	for i := range words {
		words[i] = b.get(randomWord)
	}
	return words
}

func distinct(words []uint32) int {
	return len(slices.Compact(slices.Sorted(slices.Values(words))))
}

func TestRNG(t *testing.T) {
	for _, tt := range []struct {
		name  string
		mode  soc.RNG
		cause soc.Cause
		same  bool // sequence after that reset
		kinds int  // of words in it
	}{
		{"repeat", soc.Repeat, soc.Ext, true, 16},
		{"repeat, software", soc.Repeat, soc.Soft, true, 16},
		{"repeat, power", soc.Repeat, soc.Power, true, 16},
		{"stuck", soc.Stuck, soc.Ext, true, 1},
		{"free", soc.Free, soc.Ext, false, 16},
		{"free, software", soc.Free, soc.Soft, false, 16},
		{"free, watchdog", soc.Free, soc.WDT, false, 16},
		{"free, power", soc.Free, soc.Power, true, 16},
	} {
		b := newBench(t, soc.Config{Seed: 5, RNG: tt.mode})
		first := draw(b)
		if n := distinct(first); n != tt.kinds {
			t.Errorf("%s: %d different words, want %d", tt.name, n, tt.kinds)
		}
		b.Reset(tt.cause, soc.StrapFlash)
		if got := slices.Equal(draw(b), first); got != tt.same {
			t.Errorf("%s: same sequence after a reset: %v, want %v", tt.name, got, tt.same)
		}
	}
}

func TestRNGSeed(t *testing.T) {
	one, same, other := newBench(t, soc.Config{Seed: 1}), newBench(t, soc.Config{Seed: 1}), newBench(t, soc.Config{Seed: 2})
	first := draw(one)
	if !slices.Equal(draw(same), first) {
		t.Error("one seed gives two sequences")
	}
	if slices.Equal(draw(other), first) {
		t.Error("two seeds give one sequence")
	}
}

func TestSetRNG(t *testing.T) {
	b := newBench(t, soc.Config{Seed: 9})
	first := draw(b)
	b.SetRNG(soc.Stuck)
	if n := distinct(draw(b)); n != 1 {
		t.Errorf("stuck: %d different words", n)
	}
	b.Reset(soc.Ext, soc.StrapFlash)
	if n := distinct(draw(b)); n != 1 {
		t.Errorf("stuck, after a reset: %d different words", n)
	}
	b.SetRNG(soc.Repeat)
	b.Reset(soc.Ext, soc.StrapFlash)
	if !slices.Equal(draw(b), first) {
		t.Error("repeat: another sequence than the first")
	}
}

func TestMicroseconds(t *testing.T) {
	const counter = 0x3ff20c00
	b := newBench(t, soc.Config{})
	before := b.get(counter)
	b.Advance(12345 * time.Microsecond)
	b.want("counter", counter, before+12345)
	b.set(0x3ff00014, 1) // a core at double speed does not change it
	b.Advance(time.Millisecond)
	b.want("counter", counter, before+13345)
}
