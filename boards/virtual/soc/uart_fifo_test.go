package soc_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Interrupt bits of a UART (ESP8266.md 4.1).
const (
	rxFull      = 1 << 0
	txEmpty     = 1 << 1
	parityError = 1 << 2
	frameError  = 1 << 3
	overflow    = 1 << 4
	breaks      = 1 << 7
)

// A program that waits for each threshold finds it at the byte that reaches it:
// of RX at as many bytes, of TX below as many (ESP8266.md 4.1, CONF1).
func TestUARTThresholds(t *testing.T) {
	for thr := uint32(1); thr < 128; thr++ {
		b := newBench(t, soc.Config{})
		b.set(uartConf1, thr)
		b.set(uartClear, ^uint32(0))
		b.UART0.Offer(make([]byte, thr-1))
		b.want("a byte too few", uartRaw, 0)
		b.UART0.Offer(make([]byte, 1))
		b.want("full", uartRaw, rxFull)
	}
	for _, thr := range []uint32{1, 2, 64, 127} {
		b := newBench(t, soc.Config{Paced: true})
		b.set(uartDivider, 520) // 100 µs a byte
		for range 128 {
			b.set(uartFIFO, 'x')
		}
		b.set(uartConf1, thr<<8|0x7f)
		b.set(uartEnable, txEmpty)
		b.set(uartClear, ^uint32(0))
		at := time.Duration(128-thr) * 100 * us // as many are left then
		b.Advance(at)
		b.want("as many as the threshold", uartCounts, thr<<16)
		b.want("not empty", uartRaw, 0)
		if b.Advance(100 * us); !b.pending(5) {
			t.Errorf("threshold %d: no interrupt", thr)
		}
		b.want("empty", uartStatus, txEmpty)
		b.set(uartClear, txEmpty)
		b.want("comes back at once", uartStatus, txEmpty)
		for range thr {
			b.set(uartFIFO, 'x')
		}
		b.set(uartClear, txEmpty)
		b.want("filled and cleared", uartStatus, 0)
	}
}

// Each FIFO holds 128 bytes. What comes when RX is full is lost, and what came
// before stays.
func TestUARTOverflow(t *testing.T) {
	for _, n := range []int{128, 129, 200} {
		b := newBench(t, soc.Config{Paced: true})
		b.set(uartEnable, overflow)
		sent := make([]byte, n)
		for i := range sent {
			sent[i] = byte(i)
		}
		b.UART0.Offer(sent)
		b.Advance(time.Second)
		b.want("count", uartCounts, 128)
		if got := b.pending(5); got != (n > 128) {
			t.Errorf("%d bytes: interrupt %v", n, got)
		}
		var got []byte
		for b.get(uartCounts) > 0 {
			got = append(got, byte(b.get(uartFIFO)))
		}
		if !bytes.Equal(got, sent[:128]) {
			t.Errorf("%d bytes: % x", n, got)
		}
		b.set(uartClear, overflow)
		b.want("cleared", uartStatus, 0)
	}
}

// A frame with a flaw enters the FIFO like any other, and its interrupt comes
// once.
func TestUARTFlaws(t *testing.T) {
	for _, paced := range []bool{false, true} {
		for _, tt := range []struct {
			name  string
			heard soc.Heard
			raw   uint32
		}{
			{"none", soc.Heard{Byte: 'a'}, 0},
			{"parity", soc.Heard{Byte: 'b', Flaw: soc.ParityError}, parityError},
			{"no stop bit", soc.Heard{Byte: 'c', Flaw: soc.FrameError}, frameError},
			{"break", soc.Heard{Flaw: soc.FrameError | soc.Break}, frameError | breaks},
		} {
			b := newBench(t, soc.Config{Paced: paced})
			b.set(uartConf1, 0x7f)
			b.set(uartClear, ^uint32(0))
			b.set(uartEnable, parityError|frameError|breaks)
			b.UART0.Hear([]soc.Heard{tt.heard})
			if paced {
				b.want(tt.name+", on the wire", uartRaw, 0)
				b.Advance(10 * 0x2b6 * us / 52)
				b.Advance(us)
			}
			b.want(tt.name, uartRaw, tt.raw)
			if got := b.pending(5); got != (tt.raw != 0) {
				t.Errorf("%s: interrupt %v", tt.name, got)
			}
			b.set(uartClear, tt.raw)
			b.want(tt.name+", cleared", uartRaw, 0)
			b.want(tt.name, uartFIFO, uint32(tt.heard.Byte))
		}
	}
}

// While CONF0 holds a FIFO in reset it is empty; what the host sends without
// taking time waits.
func TestUARTHeldInReset(t *testing.T) {
	const rxHeld, txHeld = 0x1c | 1<<17, 0x1c | 1<<18
	b := newBench(t, soc.Config{})
	b.UART0.Offer([]byte("ab"))
	b.set(uartConf0, rxHeld)
	b.want("emptied", uartCounts, 0)
	b.UART0.Offer([]byte("cd"))
	b.want("held", uartCounts, 0)
	b.set(uartConf0, 0x1c)
	b.want("let go", uartFIFO, 'c')
	b.set(uartConf0, txHeld)
	b.set(uartFIFO, 'x')
	b.set(uartConf0, 0x1c)
	b.set(uartFIFO, 'y')
	if got := string(b.UART0.TakeTX()); got != "y" {
		t.Errorf("%q is sent, want y", got)
	}

	b = newBench(t, soc.Config{Paced: true})
	b.set(uartConf0, rxHeld)
	b.UART0.Offer([]byte("ab"))
	b.Advance(time.Second)
	b.set(uartConf0, 0x1c)
	b.want("came while it was held", uartCounts, 0)
	if b.get(uartRaw)&overflow != 0 {
		t.Error("which is no overflow")
	}
}

// Looped back, a port hears itself and nobody else.
func TestUARTLoopbackAlone(t *testing.T) {
	for _, paced := range []bool{false, true} {
		b := newBench(t, soc.Config{Paced: paced})
		b.set(uartConf0, 0x1c|1<<14)
		b.UART0.Offer([]byte("host"))
		b.set(uartFIFO, 'z')
		b.Advance(time.Second)
		b.want("count", uartCounts, 1)
		b.want("itself", uartFIFO, 'z')
		b.set(uartConf0, 0x1c)
		b.Advance(time.Second)
		b.want("nothing was kept", uartCounts, 0)
	}
}

// How long a byte takes is by CONF0 (ESP8266.md 4.1: 3:2 length, 5:4 stop, 1
// parity).
func TestUARTFrames(t *testing.T) {
	for _, tt := range []struct {
		conf0  uint32
		format soc.Format
		bits   int
	}{
		{0x1c, soc.Format{Data: 8, Stop: 1}, 10},
		{0x10, soc.Format{Data: 5, Stop: 1}, 7},
		{0x3c, soc.Format{Data: 8, Stop: 2}, 11},
		{0x2c, soc.Format{Data: 8, Stop: 2}, 11}, // one and a half
		{0x0c, soc.Format{Data: 8, Stop: 1}, 10},
		{0x1e, soc.Format{Data: 8, Parity: soc.Even, Stop: 1}, 11},
		{0x1f, soc.Format{Data: 8, Parity: soc.Odd, Stop: 1}, 11},
		{0x1d, soc.Format{Data: 8, Stop: 1}, 10}, // odd, but none
		{0x1a, soc.Format{Data: 7, Parity: soc.Even, Stop: 1}, 10},
	} {
		b := newBench(t, soc.Config{Paced: true})
		b.set(uartDivider, 520) // 10 µs a bit
		b.set(uartConf0, tt.conf0)
		b.set(uartFIFO, 'x')
		b.next("byte", time.Duration(tt.bits)*10*us)
		b.Advance(time.Second)
		sent := b.UART0.TakeSent()
		if len(sent) != 1 || sent[0].Format != tt.format || sent[0].Divider != 520 || sent[0].Byte != 'x' {
			t.Errorf("CONF0 0x%x: %+v, want %+v", tt.conf0, sent, tt.format)
		}
		if at := time.Duration(tt.bits) * 10 * us; sent[0].At != at {
			t.Errorf("CONF0 0x%x: sent at %v, want %v", tt.conf0, sent[0].At, at)
		}
	}
}

// Flush lets the time pass that a paced port needs, and no more.
func TestUARTFlush(t *testing.T) {
	for paced, want := range map[bool]time.Duration{false: 0, true: 300 * us} {
		b := newBench(t, soc.Config{Paced: paced})
		b.set(uartDivider, 520)
		for range 3 {
			b.set(uartFIFO, 'x')
		}
		b.UART0.Flush()
		if b.Now() != want || b.UART0.TxPending() != 0 || len(b.UART0.TakeTX()) != 3 {
			t.Errorf("paced %v: %v, %d bytes left", paced, b.Now(), b.UART0.TxPending())
		}
	}
}

// On a paced port the first bit comes when the host sends it, or when the
// wire is free.
func TestUARTHostSends(t *testing.T) {
	b := newBench(t, soc.Config{Paced: true})
	b.UART0.SetHostBaud(100_000)
	b.UART0.HostSends(time.Millisecond)
	b.UART0.Offer([]byte("a"))
	b.next("from when it is sent", 1100*us)
	b.UART0.HostSends(0)
	b.UART0.Offer([]byte("b"))
	b.Advance(1100 * us)
	b.want("one", uartCounts, 1)
	b.next("behind it", 100*us)
}
