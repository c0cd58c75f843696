package soc_test

import (
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers of the timers.
const (
	intEnable = 0x3ff00004

	frc1Load  = 0x60000600
	frc1Count = 0x60000604
	frc1Ctrl  = 0x60000608
	frc1Clear = 0x6000060c
	frc2Load  = 0x60000620
	frc2Count = 0x60000624
	frc2Ctrl  = 0x60000628
	frc2Clear = 0x6000062c
	frc2Alarm = 0x60000630

	timerOn = 1 << 7
	reload  = 1 << 6
	level   = 1 << 0
	by16    = 1 << 2
	by256   = 2 << 2
)

const us = time.Microsecond

// next fails where the next event is not d from now, give or take what the
// clock rounds.
func (b *bench) next(what string, d time.Duration) {
	b.t.Helper()
	at, ok := b.NextEvent()
	if !ok || (at-b.Now()-d).Abs() > 1 {
		b.t.Errorf("%s: the next event is in %v (%v), want %v", what, at-b.Now(), ok, d)
	}
}

func TestFRC1(t *testing.T) {
	for _, tt := range []struct {
		name string
		ctrl uint32
		tick time.Duration // of 52 counts
	}{{"/1", 0, us}, {"/16", by16, 16 * us}, {"/256", by256, 256 * us}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, soc.Config{})
			b.set(intEnable, 1<<1)
			b.set(frc1Load, 520)
			b.Advance(time.Second)
			b.want("not on", frc1Count, 520)
			b.set(frc1Ctrl, timerOn|tt.ctrl)
			b.next("started", 10*tt.tick)
			b.Advance(3 * tt.tick)
			b.want("counting down", frc1Count, 520-3*52)
			b.next("on its way", 7*tt.tick)
			b.Advance(7*tt.tick - us)
			if b.pending(9) {
				t.Error("interrupt 9 before zero")
			}
			b.Advance(us)
			if !b.pending(9) {
				t.Error("no interrupt 9 at zero")
			}
			b.Advance(tt.tick)
			b.want("without reload it goes on from the top", frc1Count, 0x7fffff-52)
		})
	}
}

func TestFRC1Reloads(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(intEnable, 1<<1)
	b.set(frc1Load, 0xff800000|520)
	b.want("23 bits", frc1Load, 520)
	b.set(frc1Ctrl, timerOn|reload)
	for range 3 {
		b.next("each period", 10*us)
		b.Advance(10 * us)
		if !b.pending(9) {
			t.Error("no interrupt 9")
		}
		b.CPU.INTERRUPT = 0
		b.want("reloaded", frc1Count, 520)
	}
	b.Advance(25 * us) // two and a half periods at once
	b.want("in the middle of the sixth", frc1Count, 260)
	b.set(frc1Ctrl, reload)
	b.Advance(time.Second)
	b.want("held", frc1Count, 260)
	if _, ok := b.NextEvent(); ok {
		t.Error("a timer that is off has an event")
	}
}

// A timer of level kind asks once until it is cleared; DPORT lets it through.
func TestFRC1Holds(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(frc1Load, 52)
	b.set(frc1Ctrl, timerOn|reload)
	if b.Advance(us); b.pending(9) {
		t.Error("interrupt 9 without DPORT's enable")
	}
	b.set(intEnable, 1<<1)
	b.set(frc1Ctrl, timerOn|reload|level)
	if b.Advance(us); !b.pending(9) {
		t.Error("no interrupt 9")
	}
	b.want("pending", frc1Ctrl, timerOn|reload|level|1<<8)
	b.CPU.INTERRUPT = 0
	if b.Advance(us); b.pending(9) {
		t.Error("interrupt 9 again before it is cleared")
	}
	b.set(frc1Clear, 1)
	b.want("cleared", frc1Ctrl, timerOn|reload|level)
	if b.Advance(us); !b.pending(9) {
		t.Error("no interrupt 9 after it was cleared")
	}
}

func TestFRC2(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(intEnable, 1<<2)
	b.set(frc2Load, 0xffffffff-519)
	b.set(frc2Alarm, 520)
	b.set(frc2Ctrl, timerOn|by16)
	b.next("over the end to the alarm", 320*us)
	b.Advance(160 * us)
	b.want("counting up, wrapped", frc2Count, 0)
	if b.Advance(159 * us); b.pending(10) {
		t.Error("interrupt 10 before the alarm")
	}
	b.Advance(us)
	if !b.pending(10) {
		t.Error("no interrupt 10")
	}
	b.CPU.INTERRUPT = 0
	b.set(frc2Alarm, 520+52)
	b.next("moved alarm", 16*us)
	b.Advance(16 * us)
	if !b.pending(10) {
		t.Error("no interrupt 10 at the moved alarm")
	}
	b.set(frc2Clear, 1)
	b.want("load", frc2Load, 0xffffffff-519)
	if at, ok := b.NextEvent(); !ok || at-b.Now() < 1321*time.Second || at-b.Now() > 1322*time.Second {
		t.Errorf("the next event is in %v (%v), want a whole turn of 2³² counts", at-b.Now(), ok)
	}
}

// Touching a running timer loses no fraction of a count, and an alarm that has
// passed comes again only after a whole turn.
func TestFRC2Alarm(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(intEnable, 1<<2)
	b.set(frc2Ctrl, timerOn|by256)
	b.Advance(100*256*us/52 + 128*us/52) // 100½ counts
	b.set(frc2Alarm, 50)
	b.want("count", frc2Count, 100)
	if b.Advance(us); b.pending(10) {
		t.Error("interrupt 10 for an alarm that had passed")
	}
	b.set(frc2Ctrl, timerOn|by256|level)
	b.Advance(128*us/52 + us/52 - us)
	b.want("a half and a half", frc2Count, 101)
	if b.Advance(time.Second); b.pending(10) {
		t.Error("interrupt 10 before a whole turn")
	}
}

// The core's comparator is an event for those who let it interrupt.
func TestCompare(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.CPU.CCOMPARE0 = b.CPU.CCOUNT() + 5200
	if at, ok := b.NextEvent(); ok {
		t.Errorf("event at %v without interrupt", at)
	}
	b.CPU.INTENABLE = 1 << 6
	b.next("comparator", 100*us)
	b.set(frc1Load, 52)
	b.set(frc1Ctrl, timerOn)
	b.next("timer before it", us)
	b.set(frc1Ctrl, 0)
	b.Advance(99 * us)
	if b.pending(6) {
		t.Error("interrupt 6 early")
	}
	b.Advance(us)
	if !b.pending(6) {
		t.Error("no interrupt 6")
	}
}

// At double speed the core counts two cycles while the timers count one, and
// an odd cycle is between two of their ticks.
func TestDoubleSpeed(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(0x3ff00014, 1)
	b.set(frc2Ctrl, timerOn)
	cycles := b.CPU.Cycles
	b.Advance(10 * us)
	if got := b.CPU.Cycles - cycles; got != 1040 {
		t.Errorf("%d cycles in 10 µs, want 1040", got)
	}
	b.want("timer", frc2Count, 520)
	b.CPU.INTENABLE = 1 << 6
	for _, n := range []uint32{1, 2, 103, 104} {
		b.CPU.INTERRUPT = 0
		b.CPU.CCOMPARE0 = b.CPU.CCOUNT() + n
		at, ok := b.NextEvent()
		if !ok || at <= b.Now() {
			t.Fatalf("comparator in %d cycles: event at %v (%v), now %v", n, at, ok, b.Now())
		}
		if b.Advance(at - b.Now()); !b.pending(6) {
			t.Errorf("comparator in %d cycles: not there at its event", n)
		}
	}
	now := b.Now()
	b.set(0x3ff00014, 0)
	if b.Now() != now {
		t.Errorf("a change of speed moves the clock from %v to %v", now, b.Now())
	}
	cycles = b.CPU.Cycles
	b.Advance(10 * us)
	if got := b.CPU.Cycles - cycles; got != 520 {
		t.Errorf("%d cycles in 10 µs, want 520", got)
	}
}

// A timer that a program starts interrupts that program.
func TestTimerOfProgram(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(intEnable, 1<<1)
	b.set(frc1Load, 100)
	b.enter(`226300 06ffff`) // s32i a2, a3, 0; j .
	b.CPU.A[2], b.CPU.A[3] = timerOn, frc1Ctrl
	b.CPU.INTENABLE = 1 << 9 // its vector is in the ROM
	if stop, err := b.Run(1000); stop != lx106.Trapped || err != nil || b.CPU.EXCCAUSE != 4 {
		t.Errorf("%v, %v, exception %d", stop, err, b.CPU.EXCCAUSE)
	}
	if n := b.CPU.Retired; n < 100 || n > 104 {
		t.Errorf("after %d instructions, want 101", n)
	}
}

// Timers also run, and interrupt, while a program does.
func TestTimerInterruptsProgram(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(intEnable, 1<<1)
	b.set(frc1Load, 100)
	b.enter(spin)
	b.CPU.INTENABLE, b.CPU.VECBASE = 1<<9, soc.IRAMBase+0x1000
	if err := b.WriteBytes(soc.IRAMBase+0x1050, []byte{0x06, 0xff, 0xff, 0}); err != nil { // j .
		t.Fatal(err)
	}
	b.set(frc1Ctrl, timerOn)
	if _, err := b.Run(99); err != nil || b.CPU.PC != soc.IRAMBase {
		t.Errorf("after 99 instructions at 0x%08x, %v", b.CPU.PC, err)
	}
	if _, err := b.Run(2); err != nil || b.CPU.PC != soc.IRAMBase+0x1050 {
		t.Errorf("after 101 instructions at 0x%08x, %v", b.CPU.PC, err)
	}
}

func TestAdvanceRoundsUp(t *testing.T) {
	b := newBench(t, soc.Config{})
	for _, tt := range []struct {
		d      time.Duration
		cycles uint64
	}{{0, 0}, {-5, 0}, {1, 1}, {19, 1}, {20, 2}, {us, 52}, {time.Second, 52_000_000}} {
		before := b.CPU.Cycles
		if b.Advance(tt.d); b.CPU.Cycles-before != tt.cycles {
			t.Errorf("%v are %d cycles, want %d", tt.d, b.CPU.Cycles-before, tt.cycles)
		}
	}
}
