package soc_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// More registers of the RTC, and what a program that sleeps writes to them.
const (
	rtcAlarm     = 0x60000704
	rtcSleep     = 0x60000708
	rtcState     = 0x60000718
	rtcPowerDown = 0x60000744

	fall    = 1 << 20
	byAlarm = 1 << 3
	deeply  = 1 << 5
)

// second is one of the RTC's, about 150 kHz.
const second = 150_289

// fallAsleep does what programs do that sleep without an SDK.
func (b *bench) fallAsleep(counts, powerDown uint32) {
	b.t.Helper()
	b.set(rtcAlarm, b.get(rtcCounter)+counts)
	b.set(rtcState, 0x10|byAlarm)
	b.set(rtcPowerDown, powerDown)
	b.set(rtcSleep, fall)
}

// In deep sleep the chip does nothing, hears nothing and forgets all but what
// the RTC keeps. The counter wakes it through GPIO16 and EN: cause 5, with 8 in
// bits 13:8 of 0x60000718 (ESP8266.md 2.4).
func TestDeepSleep(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	mine := bytes.Repeat([]byte("espalier"), soc.RTCRAMSize/8)
	if err := b.WriteBytes(soc.RTCRAMBase, mine); err != nil {
		t.Fatal(err)
	}
	b.set(rtcScratch, 0x1234)
	dram, iram := bytes.Clone(b.DRAM.Data), bytes.Clone(b.IRAM.Data)
	b.set(frc2Ctrl, timerOn)
	b.set(wdtCtl, 1)
	b.UART0.Offer(make([]byte, 200))
	b.fallAsleep(2*second, deeply)
	if !b.Sleeping() {
		t.Fatal("it does not sleep")
	}
	if at, ok := b.NextEvent(); !ok || (at-b.Now()-2*time.Second).Abs() > 10*us {
		t.Errorf("the next event is in %v (%v), want the end of it, and nothing before", at-b.Now(), ok)
	}
	executed := b.CPU.Retired
	b.stops("asleep", lx106.Idle)
	b.UART0.Offer([]byte("hello"))
	b.Advance(2*time.Second - time.Millisecond)
	b.stops("still asleep", lx106.Idle)
	if b.CPU.Retired != executed || b.UART0.TakeTX() != nil {
		t.Error("it executes, or says something")
	}
	b.Advance(2 * time.Millisecond)
	b.stops("woken", lx106.WakeReset)
	b.stops("until the reset", lx106.WakeReset)
	b.Reset(soc.Wake, soc.StrapFlash)
	if b.Sleeping() || b.CPU.PC != 0x40000080 {
		t.Errorf("asleep, or at 0x%08x", b.CPU.PC)
	}
	b.want("cause", rtcCause, 5)
	b.want("woken by the counter", rtcState, 8<<8|0x10|byAlarm)
	b.want("scratch", rtcScratch, 0x1234)
	if got, err := b.ReadBytes(soc.RTCRAMBase, soc.RTCRAMSize); err != nil || !bytes.Equal(got, mine) {
		t.Errorf("the RTC's memory has changed (%v)", err)
	}
	if bytes.Equal(b.DRAM.Data, dram) || bytes.Equal(b.IRAM.Data, iram) {
		t.Error("RAM is kept")
	}
	b.want("the watchdog is off", wdtCtl, 0)
	b.want("nothing came meanwhile", uartCounts, 0)
	if _, ok := b.NextEvent(); ok {
		t.Error("something is left of it")
	}
	b.UART0.Offer([]byte("!"))
	b.want("it hears again", uartFIFO, '!')
	b.Reset(soc.Ext, soc.StrapFlash)
	b.want("cause of the next reset", rtcCause, 2)
	b.want("which nothing refines", rtcState, 0x10|byAlarm)
}

// What else may end a deep sleep, and what may not.
func TestDeepSleepEnds(t *testing.T) {
	for _, tt := range []struct {
		name    string
		noWake  bool
		sources uint32
		wakes   bool
	}{
		{"wired", false, byAlarm, true},
		{"GPIO16 not wired", true, byAlarm, false},
		{"not by the counter", false, 0x10, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, soc.Config{NoWake: tt.noWake})
			b.enter(spin)
			b.set(rtcAlarm, b.get(rtcCounter)+second)
			b.set(rtcState, tt.sources)
			b.set(rtcPowerDown, deeply)
			b.set(rtcSleep, fall)
			b.Advance(time.Hour)
			want := lx106.Idle
			if tt.wakes {
				want = lx106.WakeReset
			}
			b.stops("an hour later", want)
			if _, ok := b.NextEvent(); ok {
				t.Error("something is still to come")
			}
			b.Reset(soc.Ext, soc.StrapFlash)
			b.want("by the EN pin", rtcCause, 2)
			if b.Sleeping() {
				t.Error("it sleeps on")
			}
		})
	}
}

// A light sleep stops the core, which then goes on where it was.
func TestLightSleep(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(`226300 0c12 06ffff`) // s32i a2, a3, 0; movi.n a2, 1; j .
	b.CPU.A[2], b.CPU.A[3] = fall, rtcSleep
	b.set(rtcAlarm, b.get(rtcCounter)+second)
	b.set(rtcState, byAlarm)
	if stop, err := b.Run(1000); stop != lx106.Idle || err != nil || b.CPU.A[2] != fall {
		t.Fatalf("%v, %v, a2 %d", stop, err, b.CPU.A[2])
	}
	if b.Sleeping() {
		t.Error("deeply")
	}
	b.want("the bit does not stay", rtcSleep, 0)
	b.Advance(2 * time.Second)
	if stop, err := b.Run(1000); stop != lx106.Budget || err != nil || b.CPU.A[2] != 1 {
		t.Errorf("%v, %v, a2 %d", stop, err, b.CPU.A[2])
	}
	// An alarm that is the counter's value of now is a whole turn away.
	b.set(rtcAlarm, b.get(rtcCounter))
	b.set(rtcSleep, fall)
	if at, ok := b.NextEvent(); !ok || (at-b.Now()-(1<<32)*time.Second/second).Abs() > time.Second {
		t.Errorf("the next event is in %v (%v), want 2³² counts", at-b.Now(), ok)
	}
}
