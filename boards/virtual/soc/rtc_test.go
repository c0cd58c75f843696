package soc_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers of the RTC.
const (
	rtcCtrl    = 0x60000700
	rtcCause   = 0x60000714
	rtcCounter = 0x6000071c
	rtcScratch = 0x60000730
)

func TestSoftReset(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(spin)
	b.set(rtcCtrl, 0x7fffffff)
	b.stops("all bits but that of the reset", lx106.Budget)
	b.set(rtcCtrl, 1<<31|5)
	b.want("the bit does not stay", rtcCtrl, 5)
	b.stops("asked for", lx106.SoftReset)
	b.stops("until it is done", lx106.SoftReset)
	b.Reset(soc.Soft, 0)
	b.enter(spin)
	b.stops("done", lx106.Budget)
}

// As a program asks for it, nothing more is executed.
func TestSoftResetEndsRun(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.enter(`226300 0c12 06ffff`) // s32i a2, a3, 0; movi.n a2, 1; j .
	b.CPU.A[2], b.CPU.A[3] = 1<<31, rtcCtrl
	if stop, err := b.Run(1000); stop != lx106.SoftReset || err != nil {
		t.Fatal(stop, err)
	}
	if b.CPU.A[2] != 1<<31 {
		t.Error("the program has gone on")
	}
}

func TestCause(t *testing.T) {
	for _, tt := range []struct {
		soft          bool // SoftCause
		before, cause soc.Cause
		want          uint32
	}{
		{false, soc.Ext, soc.Power, 1},
		{false, soc.Power, soc.Ext, 2},
		{false, soc.Power, soc.WDT, 4},
		{false, soc.Power, soc.Soft, 1}, // keeps the one before
		{false, soc.Ext, soc.Soft, 2},
		{false, soc.WDT, soc.Soft, 4},
		{true, soc.Ext, soc.Soft, 3},
	} {
		b := newBench(t, soc.Config{SoftCause: tt.soft})
		b.Reset(tt.before, soc.StrapFlash)
		b.Reset(tt.cause, soc.StrapFlash)
		b.want("cause", rtcCause, tt.want)
		b.want("refinement", rtcCause+4, 0)
		if got := b.RTC.Cause(); uint32(got) != tt.want {
			t.Errorf("Cause: %d, want %d", got, tt.want)
		}
	}
}

// The RTC loses its memory and registers with the supply alone.
func TestRTCKeeps(t *testing.T) {
	mine := bytes.Repeat([]byte("espalier"), soc.RTCRAMSize/8)
	b := newBench(t, soc.Config{})
	if err := b.WriteBytes(soc.RTCRAMBase, mine); err != nil {
		t.Fatal(err)
	}
	for i := range uint32(4) {
		b.set(rtcScratch+4*i, 0x1000+i)
	}
	for _, cause := range []soc.Cause{soc.Ext, soc.Soft, soc.WDT} {
		b.Reset(cause, soc.StrapFlash)
		if got, err := b.ReadBytes(soc.RTCRAMBase, soc.RTCRAMSize); err != nil || !bytes.Equal(got, mine) {
			t.Errorf("cause %d: the memory has changed (%v)", cause, err)
		}
		for i := range uint32(4) {
			b.want("scratch", rtcScratch+4*i, 0x1000+i)
		}
	}
	b.Reset(soc.Power, soc.StrapFlash)
	got, err := b.ReadBytes(soc.RTCRAMBase, soc.RTCRAMSize)
	if err != nil || bytes.Equal(got, mine) || bytes.Count(got, []byte{0}) > soc.RTCRAMSize/2 {
		t.Errorf("power-on: memory % .16x…, %v", got, err)
	}
	b.want("scratch", rtcScratch, 0)
}

func TestRTCCounter(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.Advance(time.Second)
	if got := b.get(rtcCounter); got < 148_000 || got > 152_000 {
		t.Errorf("%d in a second, want about 150,000", got)
	}
	before := b.get(rtcCounter)
	b.Reset(soc.Ext, soc.StrapFlash)
	b.want("over a reset", rtcCounter, before)
	b.Reset(soc.Power, soc.StrapFlash)
	b.want("over a loss of power", rtcCounter, 0)
}
