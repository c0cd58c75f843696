package virtual_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// sleeps says s, keeps a k in the RTC's memory, and sleeps deeply for 10 ms;
// woken it says W and what was kept, and hangs:
//
//	movi a2, 3; slli a2, a2, 29; addmi a3, a2, 0x700; addmi a4, a2, 0x1000
//	l32i a5, a3, 0x14; bnei a5, 5, 1f
//	movi a6, 'W'; s32i a6, a2, 0; l32i a6, a4, 0; s32i a6, a2, 0; j .
//	1: movi a6, 'k'; s32i a6, a4, 0; movi a6, 's'; s32i a6, a2, 0
//	l32i a7, a3, 0x1c; movi a8, 1503; add a7, a7, a8; s32i a7, a3, 4
//	movi a6, 8; s32i a6, a3, 0x18; movi a6, 0x20; s32i a6, a3, 0x44
//	movi a6, 1; slli a6, a6, 20; s32i a6, a3, 8; movi a6, '!'; s32i a6, a2, 0; waiti 0
const sleeps = `0c32 302201 32d207 42d210 5853 66550b 5c76 6902 6804 6902 06ffff 00
	62a06b 6904 62a073 6902 7873 82a5df 8a77 7913 0c86 6963 2c06 626311 0c16 c06601 6923 2c16 6902 007000`

// GPIO16, wired to EN, ends a deep sleep (ESP8266.md 2.4): cause 5, and the straps
// do not count.
func TestDeepSleep(t *testing.T) {
	for _, pace := range []virtual.Pace{virtual.NoPace, virtual.RealPace} {
		var log bytes.Buffer
		b := newBoard(t, virtual.Config{Pace: pace, Log: &log}, code(t, sleeps))
		p, err := b.Port()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetReadTimeout(time.Second); err != nil {
			t.Fatal(err)
		}
		if pace == virtual.NoPace {
			until(t, p, "csum 0x..\r\ns")
		} else { // what is in the FIFO is lost with the supply
			until(t, p, "csum 0x..\r")
		}
		before := b.Stats().Now
		if err := p.SetDTR(true); err != nil { // GPIO0 low: straps for the loader
			t.Fatal(err)
		}
		if _, err := p.Write([]byte("is anybody there?")); err != nil {
			t.Fatal(err)
		}
		if got := until(t, p, "csum 0x..\r\n"); !strings.HasPrefix(got, "\r\n ets Jan  8 2013,rst cause:5, boot mode:(1,6)\r\n\r\nload ") {
			t.Errorf("pace %v: %q", pace, got)
		}
		slept := b.Stats().Now - before
		if slept < 10*time.Millisecond {
			t.Errorf("pace %v: woken after %v, want 10 ms", pace, slept)
		}
		if got := drainSome(t, p, 2); got != "Wk" {
			t.Errorf("pace %v: %q, want what the RTC kept", pace, got)
		}
		if got := log.String(); !strings.Contains(got, "deep sleep\n") || !strings.Contains(got, "reset: wake-up from deep sleep\n") {
			t.Errorf("pace %v: the log says %q", pace, got)
		}
	}
}

// A board whose GPIO16 leads nowhere sleeps until the host resets it.
func TestDeepSleepUnwired(t *testing.T) {
	b := newBoard(t, virtual.Config{NoWake: true}, code(t, sleeps))
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	until(t, p, "csum 0x..\r\ns")
	if n, err := p.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes, %v", n, err)
	}
	reset(t, p, false)
	if got := until(t, p, "csum 0x..\r\ns"); !strings.Contains(got, "rst cause:2, boot mode:(3,6)") {
		t.Errorf("%q", got)
	}
}

func TestSoftCause(t *testing.T) {
	// movi a2, 3; slli a2, a2, 29; addmi a2, a2, 0x700; movi a3, 1; slli a3, a3, 31; s32i a3, a2, 0
	const restarts = `0c32 302201 22d207 0c13 103301 3902`
	for soft, want := range map[bool]string{false: "rst cause:1, ", true: "rst cause:3, "} {
		b := newBoard(t, virtual.Config{SoftCause: soft}, code(t, restarts))
		p, err := b.Port()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetReadTimeout(time.Second); err != nil {
			t.Fatal(err)
		}
		until(t, p, "csum 0x..\r\n")
		if got := until(t, p, "csum 0x..\r\n"); !strings.Contains(got, want) {
			t.Errorf("SoftCause %v: %q, want %q", soft, got, want)
		}
	}
}
