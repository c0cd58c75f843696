package soc_test

import (
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// RX counts as idle, and interrupts, after the time of as many bytes as CONF1
// says (ESP8266.md 4.1: bits 30:24, 31 enables; interrupt bit 8).
func TestUARTReceiveTimeout(t *testing.T) {
	const timeout = 1 << 8
	for _, tt := range []struct {
		name  string
		paced bool
		conf0 uint32
		thr   uint32
		after time.Duration // of the last byte, at 100 kBd
	}{
		{"one byte", false, 0x1c, 1, 100 * us},
		{"two", false, 0x1c, 2, 200 * us},
		{"most", false, 0x1c, 127, 12700 * us},
		{"none counts as one", false, 0x1c, 0, 100 * us},
		{"bytes of eleven bits", false, 0x1e, 2, 220 * us},
		{"paced", true, 0x1c, 2, 200 * us},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, soc.Config{Paced: tt.paced})
			b.set(uartDivider, 520)
			b.set(uartConf0, tt.conf0)
			b.set(uartConf1, 1<<31|tt.thr<<24|100)
			b.set(uartEnable, timeout)
			b.set(uartClear, 0x1ff)
			b.Advance(time.Second)
			b.want("nothing has come", uartRaw, 0)
			b.UART0.SetHostBaud(100_000)
			b.UART0.Offer([]byte("ab"))
			if tt.paced {
				b.Advance(200 * us)
				b.want("both are in", uartCounts, 2)
			}
			b.next("silence", tt.after)
			b.Advance(tt.after - us)
			b.want("before", uartRaw, 0)
			if b.Advance(us); !b.pending(5) {
				t.Error("no interrupt 5")
			}
			b.want("silent", uartStatus, timeout)
			b.set(uartClear, timeout)
			b.want("cleared, but still there", uartRaw, timeout)
			b.get(uartFIFO)
			b.get(uartFIFO)
			b.set(uartClear, timeout)
			b.want("taken and cleared", uartRaw, 0)
			if b.pending(5) {
				t.Error("interrupt 5 stays")
			}
		})
	}
}

// Each byte begins the time anew; while more is on its way, and where nobody
// asked for it, the line is not idle.
func TestUARTNotIdle(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(uartDivider, 520)
	b.set(uartConf1, 1<<31|1<<24|100)
	b.set(uartClear, 0x1ff)
	for range 3 {
		b.UART0.Offer([]byte("a"))
		b.Advance(99 * us)
	}
	b.want("a byte each 99 µs", uartRaw, 0)
	b.set(uartConf1, 100)
	b.Advance(time.Second)
	b.want("not asked for", uartRaw, 0)
	b.set(uartConf1, 1<<31|1<<24|100)
	b.want("asked for", uartRaw, 1<<8)

	b = newBench(t, soc.Config{})
	b.set(uartConf1, 1<<31|1<<24)
	b.UART0.Offer(make([]byte, 130))
	for range 2 {
		if b.Advance(time.Second); b.get(uartRaw)>>8&1 != 0 {
			t.Fatal("timeout with bytes on the wire")
		}
		b.get(uartFIFO)
	}
	if b.Advance(time.Second); b.get(uartRaw)>>8&1 != 1 {
		t.Error("no timeout after the last byte")
	}
}

// A program that waits for the silence is woken by it.
func TestUARTTimeoutWakes(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(uartConf1, 1<<31|1<<24|100)
	b.set(uartClear, 0x1ff)
	b.set(uartEnable, 1<<8)
	b.enter(spin)
	b.CPU.INTENABLE, b.CPU.VECBASE = 1<<5, soc.IRAMBase+0x1000
	if err := b.WriteBytes(soc.IRAMBase+0x1050, []byte{0x06, 0xff, 0xff, 0}); err != nil { // j .
		t.Fatal(err)
	}
	b.UART0.Offer([]byte("!"))
	if _, err := b.Run(10*0x2b6 - 2); err != nil || b.CPU.PC != soc.IRAMBase {
		t.Errorf("before: PC 0x%08x, %v", b.CPU.PC, err)
	}
	if _, err := b.Run(4); err != nil || b.CPU.PC != soc.IRAMBase+0x1050 {
		t.Errorf("after: PC 0x%08x, %v", b.CPU.PC, err)
	}
}
