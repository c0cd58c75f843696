package maskrom_test

import (
	"bytes"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

const (
	uartAttach = 0x4000383c
	uartSwitch = 0x400038a4
	uartInit   = 0x40003a14
	getUART    = 0x40003f4c

	uartVars = 0x3fffde10
	uartRing = 0x3fffde60
	uart0    = 0x60000000
	uart1    = 0x60000f00
)

// What the real ROM leaves in registers and variables, boot included.
func TestUARTSetUp(t *testing.T) {
	b := newBench(t)
	b.call(uartInit, 1)
	for _, tt := range []struct {
		name       string
		addr, want uint32
	}{
		{"CLKDIV", uart0 + 0x14, 694},
		{"CONF0", uart0 + 0x20, 0x0c},
		{"CONF1", uart0 + 0x24, 1},
		{"INT_ENA", uart0 + 0x0c, 1},
		{"GPIO1 is TX", 0x60000818, 0},
		{"GPIO2 is TX too", 0x60000838, 0x100},
		{"CLKDIV of UART1", uart1 + 0x14, 694},
		{"CONF0 of UART1", uart1 + 0x20, 0x0c},
		{"CONF1 of UART1", uart1 + 0x24, 1},
		{"INT_ENA of UART1", uart1 + 0x0c, 1},
		{"GPIO8 is TX of UART1", 0x60000824, 0x130},
		{"GetUartDevice", uartVars, 115200},
		{"data bits", uartVars + 4, 3},
		{"size of the ring", uartVars + 24, 256},
		{"ring", uartVars + 28, uartRing},
		{"where it is written", uartVars + 32, uartRing},
		{"level", uartVars + 40, 1},
		{"size of what is to be sent", uartVars + 48, 100},
		{"UART in use", uartVars + 64, 0},
	} {
		if got := b.word(tt.addr) &^ pinPullUp(tt.addr); got != tt.want {
			t.Errorf("%s: 0x%x, want 0x%x", tt.name, got, tt.want)
		}
	}
	if got := b.call(getUART); got != uartVars {
		t.Errorf("GetUartDevice: 0x%08x", got)
	}
	b.write(uartVars, words(9600))
	if b.call(uartInit, 0); b.m.UART0.Divider() != 8333 {
		t.Errorf("divider for 9600 baud: %d", b.m.UART0.Divider())
	}
	b.write(uartVars+64, words(1))
	if b.call(uartAttach); b.word(uartVars) != 115200 || b.word(uartVars+64) != 0 {
		t.Error("uartAttach does not set the variables anew")
	}
}

// pinPullUp is the bit of a pin that its reset sets and that nobody touches.
func pinPullUp(addr uint32) uint32 {
	if addr == 0x60000824 {
		return 1 << 7
	}
	return 0
}

func TestUARTInUse(t *testing.T) {
	b := newBench(t)
	b.call(uartSwitch, 1)
	b.call(txChar, 'x')
	if got := b.m.UART1.TakeTX(); !bytes.Equal(got, []byte{'x'}) || b.out() != "" {
		t.Errorf("UART1 sends %q", got)
	}
	b.m.UART0.Offer([]byte("y"))
	if got := b.call(rxChar, dram); got != 1 {
		t.Error("a byte for UART0 is read from UART1")
	}
	b.write(uart1+0x0c, words(0x1ff))
	b.call(uartSwitch, 0)
	if got := b.call(rxChar, dram); got != 0 || b.word(uart1+0x0c) != 0 {
		t.Errorf("back on UART0: %d, interrupts of UART1 0x%x", got, b.word(uart1+0x0c))
	}
}

// The handler that the ROM attaches collects in a ring, which wraps to empty
// when it is full.
func TestUARTHandler(t *testing.T) {
	b := app(t, loop)
	b.call(isrUnmask, 1<<5)
	b.start()
	c := b.m.CPU
	settle := func() {
		for range 200 {
			stop, err := b.m.Run(50)
			if err != nil {
				t.Fatal(err)
			}
			if stop != 3 && c.PC>>16 == soc.ROMBase>>16 {
				b.step()
			}
		}
	}
	send := func(p []byte) {
		b.m.UART0.Offer(p)
		settle()
	}
	send([]byte("hello\r"))
	if got := b.read(uartRing, 6); string(got) != "hello\r" {
		t.Errorf("the ring holds %q", got)
	}
	if at, state := b.word(uartVars+32), b.word(uartVars+44); at != uartRing+6 || state != 2 {
		t.Errorf("writes at 0x%08x, state %d", at, state)
	}
	send(bytes.Repeat([]byte{'z'}, 250))
	if at, read := b.word(uartVars+32), b.word(uartVars+36); at != uartRing || read != uartRing {
		t.Errorf("after 256 bytes: writes at 0x%08x, reads at 0x%08x", at, read)
	}
}
