package soc_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers of UART0.
const (
	uartFIFO     = 0x60000000
	uartRaw      = 0x60000004
	uartStatus   = 0x60000008 // of the interrupts
	uartEnable   = 0x6000000c
	uartClear    = 0x60000010
	uartDivider  = 0x60000014
	uartAutobaud = 0x60000018
	uartCounts   = 0x6000001c
	uartConf0    = 0x60000020
	uartConf1    = 0x60000024
	uartLow      = 0x60000028
	uartHigh     = 0x6000002c
	uartEdges    = 0x60000030
)

func TestUARTResetValues(t *testing.T) {
	b := newBench(t, soc.Config{})
	for _, base := range []uint32{0x60000000, 0x60000f00} {
		for off, want := range map[uint32]uint32{
			0x0c: 0, 0x14: 0x2b6, 0x18: 0x1000, 0x1c: 0, 0x20: 0x1c, 0x24: 0x6060,
			0x28: 0xfffff, 0x2c: 0xfffff, 0x30: 0, 0x78: 0x00062000, 0x7c: 0x500,
		} {
			b.want("after reset", base+off, want)
		}
	}
}

func TestUARTReceives(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.want("empty FIFO", uartFIFO, 0)
	b.UART0.Offer([]byte("ab\xff"))
	b.want("count", uartCounts, 3)
	for i, want := range []uint32{'a', 'b', 0xff, 0} {
		b.want("FIFO", uartFIFO, want)
		b.want("count", uartCounts, uint32(max(2-i, 0)))
	}
	b.UART0.Offer([]byte("x"))
	if c, ok := b.UART0.RxByte(); c != 'x' || !ok {
		t.Errorf("RxByte: %q, %v", c, ok)
	}
	if c, ok := b.UART0.RxByte(); ok {
		t.Errorf("RxByte on an empty FIFO: %q", c)
	}
}

// What does not fit into the FIFO waits outside.
func TestUARTQueue(t *testing.T) {
	b := newBench(t, soc.Config{})
	sent := make([]byte, 300)
	for i := range sent {
		sent[i] = byte(i * 7)
	}
	b.UART0.Offer(sent[:200])
	b.UART0.Offer(sent[200:])
	b.want("full FIFO", uartCounts, 128)
	if n := b.UART0.Queued(); n != 300-128 {
		t.Errorf("%d bytes wait, want %d", n, 300-128)
	}
	if b.get(uartRaw)>>4&1 != 0 {
		t.Error("overflow, though nothing is lost")
	}
	var got []byte
	for b.get(uartCounts) > 0 {
		got = append(got, byte(b.get(uartFIFO)))
	}
	if !bytes.Equal(got, sent) {
		t.Error("other bytes than were offered")
	}
	b.UART0.Offer(sent)
	b.UART0.Drop()
	if n := b.UART0.Queued(); n != 0 {
		t.Errorf("%d bytes wait after Drop", n)
	}
	b.want("FIFO after Drop", uartCounts, 128)
}

func TestUARTSends(t *testing.T) {
	b := newBench(t, soc.Config{})
	if p := b.UART0.TakeTX(); p != nil {
		t.Errorf("% x before anything is sent", p)
	}
	b.set(uartFIFO, 0x141) // the low byte counts
	b.UART0.TxByte('B')
	b.want("TX count", uartCounts, 0)
	if p := b.UART0.TakeTX(); string(p) != "AB" {
		t.Errorf("%q", p)
	}
	b.set(0x60000f00, 'C')
	if p := b.UART0.TakeTX(); p != nil {
		t.Errorf("UART0 sends %q of UART1", p)
	}
	if p := b.UART1.TakeTX(); string(p) != "C" {
		t.Errorf("UART1: %q", p)
	}
}

func TestUARTLoopback(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(uartConf0, 0x1c|1<<14)
	for range 129 {
		b.set(uartFIFO, 'z')
	}
	b.want("FIFO", uartCounts, 128)
	b.want("byte", uartFIFO, 'z')
	if b.get(uartRaw)>>4&1 != 1 {
		t.Error("no overflow for the byte that was lost")
	}
}

func TestUARTInterrupts(t *testing.T) {
	const full, empty = 1 << 0, 1 << 1
	b := newBench(t, soc.Config{})
	b.set(uartConf1, 3) // RX threshold 3, TX threshold 0
	b.set(uartClear, 0x1ff)
	b.want("cleared", uartRaw, 0)
	b.UART0.Offer([]byte("ab"))
	b.want("below the threshold", uartRaw, 0)
	b.UART0.Offer([]byte("c"))
	b.want("at the threshold", uartRaw, full)
	b.want("not enabled", uartStatus, 0)
	if b.pending(5) {
		t.Error("interrupt 5 without being enabled")
	}
	b.set(uartEnable, full)
	b.want("enabled", uartStatus, full)
	if !b.pending(5) {
		t.Error("no interrupt 5")
	}
	b.set(uartClear, full)
	b.want("its reason is still there", uartStatus, full)
	b.get(uartFIFO)
	b.want("not cleared", uartStatus, full)
	b.set(uartClear, empty)
	b.want("another cleared", uartStatus, full)
	b.set(uartClear, full)
	b.want("cleared", uartStatus, 0)
	if b.pending(5) {
		t.Error("interrupt 5 stays")
	}
	b.UART0.Offer([]byte("d"))
	b.set(uartEnable, 0)
	b.want("seen, not enabled", uartRaw, full)
	if b.pending(5) {
		t.Error("interrupt 5 though disabled")
	}
	b.set(uartConf1, 3|1<<8)
	b.want("TX below its threshold", uartRaw, full|empty)
	b.set(0x60000f00+0x0c, empty) // UART1's TX is below 0x60
	if !b.pending(5) {
		t.Error("UART1 does not share interrupt 5")
	}
}

// An interrupt wakes a program that waits for it.
func TestUARTWakes(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(uartConf1, 1)
	b.set(uartClear, 0x1ff)
	b.set(uartEnable, 1)
	b.enter(sleep)
	b.CPU.INTENABLE, b.CPU.VECBASE = 1<<5, soc.IRAMBase+0x1000
	if _, err := b.Run(100); err != nil || !b.CPU.Waiting {
		t.Fatalf("it does not wait: %v", err)
	}
	b.UART0.Offer([]byte("!"))
	if _, err := b.Run(0); err != nil || b.CPU.Waiting || b.CPU.EXCCAUSE != 4 || b.CPU.PC != soc.IRAMBase+0x1050 {
		t.Errorf("cause %d, PC 0x%08x, %v", b.CPU.EXCCAUSE, b.CPU.PC, err)
	}
}

func TestUARTFIFOReset(t *testing.T) {
	b := newBench(t, soc.Config{Paced: true})
	b.set(uartFIFO, 'x')
	b.set(uartFIFO, 'y')
	b.UART0.SetHostBaud(115200)
	b.UART0.Offer([]byte("ab"))
	b.Advance(180 * time.Microsecond) // two bytes in; the divider is for slower ones
	b.want("before", uartCounts, 2|1<<16)
	b.set(uartConf0, 0x1c|1<<17)
	b.want("RX reset", uartCounts, 1<<16)
	b.set(uartConf0, 0x1c|1<<18)
	b.want("TX reset", uartCounts, 0)
	if _, ok := b.NextEvent(); ok {
		t.Error("a byte is still on the wire")
	}
}

func TestUARTDivider(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(uartDivider, 0xff1001c3)
	b.want("20 bits", uartDivider, 0x1c3)
	if got := b.UART0.Divider(); got != 0x1c3 {
		t.Errorf("Divider: %d", got)
	}
	b.UART0.Offer([]byte("abc"))
	b.UART0.SetDivider(694)
	b.want("as set by the ROM", uartDivider, 694)
	b.want("which resets the FIFO", uartCounts, 0)
}

// Bytes of a paced port take ten bits each.
func TestUARTPaced(t *testing.T) {
	b := newBench(t, soc.Config{Paced: true})
	b.set(uartDivider, 520) // 100 kBd: 100 µs a byte
	for _, c := range []uint32{'a', 'b', 'c'} {
		b.set(uartFIFO, c)
	}
	b.UART0.SetHostBaud(50_000) // 200 µs
	b.UART0.Offer([]byte("01"))
	for _, tt := range []struct {
		at   time.Duration
		sent string
		rx   uint32
	}{
		{99, "", 0}, {100, "a", 0}, {199, "a", 0}, {200, "ab", 1}, {300, "abc", 1}, {399, "abc", 1}, {400, "abc", 2},
	} {
		b.Advance(tt.at*time.Microsecond - b.Now())
		counts := uint32(3-len(tt.sent))<<16 | tt.rx
		b.want(tt.at.String(), uartCounts, counts)
		if n := b.UART0.TxPending(); n != 3-len(tt.sent) {
			t.Errorf("%d bytes are to be sent", n)
		}
	}
	if got := string(b.UART0.TakeTX()); got != "abc" {
		t.Errorf("%q", got)
	}
	// Room or not, a byte comes at its time.
	b.UART0.Offer(bytes.Repeat([]byte{'+'}, 200))
	b.Advance(time.Second)
	b.want("full FIFO", uartCounts, 128)
	if b.get(uartRaw)>>4&1 != 1 || b.UART0.Queued() != 0 {
		t.Error("no overflow")
	}
	// More than the FIFO holds is not sent.
	for range 200 {
		b.set(uartFIFO, '-')
	}
	b.Advance(time.Second)
	if n := len(b.UART0.TakeTX()); n != 128 {
		t.Errorf("%d bytes are sent, want 128", n)
	}
}

// What a running program sends on a paced port leaves while it runs.
func TestUARTPacedProgram(t *testing.T) {
	b := newBench(t, soc.Config{Paced: true})
	b.enter(`226300 06ffff`) // s32i a2, a3, 0; j .
	b.CPU.A[2], b.CPU.A[3] = 'x', uartFIFO
	if _, err := b.Run(10*0x2b6 + 10); err != nil {
		t.Fatal(err)
	}
	if got := string(b.UART0.TakeTX()); got != "x" {
		t.Errorf("%q", got)
	}
}

func TestAutobaud(t *testing.T) {
	sync := append([]byte{0xc0, 0, 8, 36, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20}, bytes.Repeat([]byte{0x55}, 33)...)
	for _, tt := range []struct{ baud, divider int }{
		{9600, 5416}, {74880, 694}, {115200, 451}, {460800, 112}, {921600, 56},
	} {
		b := newBench(t, soc.Config{})
		b.UART0.SetHostBaud(tt.baud)
		b.UART0.Offer(sync)
		b.want("not enabled", uartEdges, 0)
		b.set(uartAutobaud, 0x801)
		b.UART0.Offer(sync)
		if b.get(uartEdges) <= 29 {
			t.Errorf("%d Bd: %d edges, the ROM wants 30", tt.baud, b.get(uartEdges))
		}
		got := int(b.get(uartLow)+b.get(uartHigh))/2 + 12
		if got < tt.divider-1 || got > tt.divider+1 {
			t.Errorf("%d Bd: the ROM's divider is %d, want %d", tt.baud, got, tt.divider)
		}
		edges, pulses := b.UART0.Edges()
		b.want("edges", uartEdges, edges)
		if low, high := b.get(uartLow), b.get(uartHigh); low+high != pulses {
			t.Errorf("pulses %d and %d, sum %d", low, high, pulses)
		}
		b.set(uartAutobaud, 0x800)
		b.set(uartAutobaud, 0x801)
		b.want("started again", uartEdges, 0)
		b.want("started again", uartLow, 0xfffff)
	}
}

func TestAutobaudCounts(t *testing.T) {
	for _, tt := range []struct {
		sent  []byte
		edges uint32
	}{
		{[]byte{0x55}, 10}, // start 0, 1010 1010, stop 1, on a line that is 1
		{[]byte{0xff}, 2},
		{[]byte{0x00}, 2},
		{[]byte{0xf0, 0x0f}, 6},
		{bytes.Repeat([]byte{0x55}, 120), 1023}, // the counter has ten bits
	} {
		b := newBench(t, soc.Config{})
		b.UART0.Autobaud(true)
		b.UART0.Offer(tt.sent)
		if got, _ := b.UART0.Edges(); got != tt.edges {
			t.Errorf("% .4x…: %d edges, want %d", tt.sent, got, tt.edges)
		}
		b.UART0.Autobaud(false)
		b.get(uartFIFO)
		b.UART0.Offer([]byte{0})
		if got, _ := b.UART0.Edges(); got != 0 && got != tt.edges {
			t.Errorf("% .4x…: %d edges when stopped", tt.sent, got)
		}
	}
}

// The shortest low and high pulse each have a counter, less what the glitch
// filter takes (ESP8266.md 1.4, 4.1). The pulse at the end of a byte ends with the
// next one.
func TestAutobaudPulses(t *testing.T) {
	const bit, most = 520, 0xfffff
	for _, tt := range []struct {
		sent      []byte
		low, high uint32
	}{
		{[]byte{0x55}, bit, bit},
		{[]byte{0xff}, bit, most}, // low once, and then idle
		{[]byte{0xff, 0xff}, bit, 9 * bit},
		{[]byte{0x00, 0x00}, 9 * bit, bit},
		{[]byte{0xf0, 0xf0}, 5 * bit, 5 * bit},
		{[]byte{0xcc, 0xcc}, 2 * bit, 2 * bit}, // 0 00110011 1
		{nil, most, most},
	} {
		b := newBench(t, soc.Config{})
		b.UART0.SetHostBaud(100_000)
		b.UART0.Autobaud(true)
		b.UART0.Offer(tt.sent)
		for addr, want := range map[uint32]uint32{uartLow: tt.low, uartHigh: tt.high} {
			if want != most {
				want -= 12
			}
			b.want("pulse", addr, want)
		}
	}
}
