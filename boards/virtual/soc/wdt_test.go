package soc_test

import (
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers of the watchdog, and how long stage N lasts with N = 0.
const (
	wdtCtl    = 0x60000900
	wdtStage1 = 0x60000904
	wdtStage2 = 0x60000908
	wdtCount  = 0x6000090c
	wdtStage  = 0x60000910
	wdtFeed   = 0x60000914

	wdtUnit = 819 * us
)

// stops fails where the next run does not end so.
func (b *bench) stops(what string, want lx106.Stop) {
	b.t.Helper()
	if stop, err := b.Run(1); stop != want || err != nil {
		b.t.Errorf("%s: %v, %v, want %v", what, stop, err, want)
	}
}

func TestWatchdog(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	b.Advance(time.Minute)
	b.stops("off after power-on", lx106.Budget)
	b.set(intEnable, 1<<0)
	b.set(wdtStage1, 3)
	b.set(wdtStage2, 1)
	b.set(wdtCtl, 1)
	b.next("stage 1", 8*wdtUnit)
	b.Advance(8*wdtUnit - us)
	b.want("stage", wdtStage, 0)
	if b.pending(8) {
		t.Error("interrupt 8 early")
	}
	b.Advance(us)
	b.want("stage", wdtStage, 1)
	if !b.pending(8) {
		t.Error("no interrupt 8")
	}
	b.next("stage 2", 2*wdtUnit)
	b.Advance(2*wdtUnit - us)
	b.stops("within stage 2", lx106.Budget)
	b.Advance(us)
	b.stops("unfed", lx106.WDTReset)
	b.stops("until the reset", lx106.WDTReset)
	b.Reset(soc.WDT, soc.StrapFlash)
	b.enter(spin)
	b.stops("after it", lx106.Budget)
	b.want("cause", 0x60000714, 4)
	b.want("off after its own reset", wdtCtl, 0)
}

func TestWatchdogFed(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	b.set(wdtCtl, 1)
	for range 5 {
		b.Advance(wdtUnit + wdtUnit/2) // into stage 2
		b.want("hungry", wdtStage, 1)
		if b.pending(8) {
			t.Fatal("interrupt 8 without DPORT's enable")
		}
		b.set(wdtFeed, 0x73)
		b.want("fed", wdtStage, 0)
	}
	b.stops("fed", lx106.Budget)
	b.Advance(wdtUnit + wdtUnit/2)
	b.set(wdtFeed, 0x74)
	b.Advance(wdtUnit)
	b.stops("fed with the wrong number", lx106.WDTReset)
}

func TestWatchdogOff(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	b.set(wdtCtl, 1)
	b.Advance(wdtUnit / 2)
	b.set(wdtCtl, 0)
	b.Advance(time.Minute)
	b.stops("switched off", lx106.Budget)
	b.set(wdtCtl, 1)
	b.next("begins anew", wdtUnit)
}

// A program that hangs is caught in the middle of a run.
func TestWatchdogEndsRun(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	b.set(wdtCtl, 1)
	stop, err := b.Run(1e9)
	if stop != lx106.WDTReset || err != nil {
		t.Fatal(stop, err)
	}
	if n, want := b.CPU.Retired, uint64(2*819*52); n < want || n > want+1 {
		t.Errorf("after %d instructions, want %d", n, want)
	}
}

// What a program does to the clocks counts from where it does it.
func TestWatchdogOfProgram(t *testing.T) {
	for _, tt := range []struct {
		name  string
		addr  uint32 // what the program writes to
		value uint32
		want  uint64 // instructions
	}{
		{"on", wdtCtl, 1, 2 * 819 * 52},
		{"double speed", 0x3ff00014, 1, 2 * 2 * 819 * 52},
		{"single speed", 0x3ff00014, 0, 2 * 819 * 52},
	} {
		b := newBench(t, soc.Config{})
		if tt.addr != wdtCtl {
			b.set(tt.addr, tt.value^1)
			b.set(wdtCtl, 1)
		}
		b.enter(`226300 06ffff`) // s32i a2, a3, 0; j .
		b.CPU.A[2], b.CPU.A[3] = tt.value, tt.addr
		stop, err := b.Run(1_000_000)
		if stop != lx106.WDTReset || err != nil {
			t.Fatal(tt.name, stop, err)
		}
		if n := b.CPU.Retired; n+4 < tt.want || n > tt.want+4 {
			t.Errorf("%s: after %d instructions, want %d", tt.name, n, tt.want)
		}
	}
}

// A software reset leaves it running.
func TestWatchdogOutlivesSoftReset(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(wdtCtl, 1)
	b.Advance(wdtUnit / 2)
	b.Reset(soc.Soft, 0)
	b.next("goes on", wdtUnit/2)
	b.Reset(soc.Ext, soc.StrapFlash)
	if _, ok := b.NextEvent(); ok {
		t.Error("it outlives a reset by EN, too")
	}
}

// What it does unfed, by bits 2:1 of its control register (ESP8266.md 4.3), with
// stages of 8 and 2 units.
func TestWatchdogResponse(t *testing.T) {
	type event struct {
		after     time.Duration // units since the one before
		interrupt bool
		stage     uint32
		stop      lx106.Stop
	}
	for _, tt := range []struct {
		name   string
		mode   uint32
		events []event
	}{
		{"interrupt, then reset", 0, []event{{8, true, 1, lx106.Budget}, {2, false, 1, lx106.WDTReset}}},
		{"interrupt, no reset", 1, []event{{8, true, 1, lx106.Budget}, {2, false, 0, lx106.Budget}, {8, true, 1, lx106.Budget}}},
		{"reset", 2, []event{{8, false, 0, lx106.WDTReset}}},
		{"interrupt alone", 3, []event{{8, true, 0, lx106.Budget}, {8, true, 0, lx106.Budget}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, soc.Config{})
			b.enter(spin)
			b.set(intEnable, 1<<0)
			b.set(wdtStage1, 3)
			b.set(wdtStage2, 1)
			b.set(wdtCtl, 1|tt.mode<<1|7<<3)
			for i, e := range tt.events {
				b.next("event", e.after*wdtUnit)
				b.Advance(e.after*wdtUnit - us)
				b.want("count", wdtCount, uint32((e.after*wdtUnit-us)/us)*52)
				if b.pending(8) {
					t.Errorf("event %d: interrupt 8 early", i)
				}
				b.Advance(us)
				if got := b.pending(8); got != e.interrupt {
					t.Errorf("event %d: interrupt 8: %v, want %v", i, got, e.interrupt)
				}
				b.CPU.INTERRUPT = 0
				b.want("stage", wdtStage, e.stage)
				if stop, err := b.Run(0); stop != e.stop || err != nil {
					t.Errorf("event %d: %v, %v, want %v", i, stop, err, e.stop)
				}
			}
		})
	}
}

// Stage N lasts 2^N units of 0.819 ms (ESP8266.md 4.3: 11 is 1.68 s, 12 3.36, 13
// 6.7).
func TestWatchdogStages(t *testing.T) {
	for n, want := range map[uint32]time.Duration{0: 819 * us, 11: 1680 * time.Millisecond, 12: 3360 * time.Millisecond, 13: 6700 * time.Millisecond} {
		b := newBench(t, soc.Config{})
		b.set(wdtStage1, n)
		b.set(wdtCtl, 1)
		at, ok := b.NextEvent()
		if took := at - b.Now(); !ok || (took-want).Abs() > want/100 {
			t.Errorf("stage %d lasts %v, want %v", n, took, want)
		}
	}
}
