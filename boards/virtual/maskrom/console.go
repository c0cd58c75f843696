package maskrom

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// UART0, as far as the ROM touches it by register.
const (
	uartIntEna = 0x6000000c // bit 0: RX FIFO has reached its threshold
	uartDiv    = 0x60000014
	uartStatus = 0x6000001c // 7:0 bytes in the RX FIFO
)

// BootDivider is the UART's divider after reset: 115200 baud at 80 MHz, of
// which 52 MHz, with the PLL still off, make 74 928 ("74880").
const BootDivider = 80_000_000 / 115200

// putc is ets_uart_putc1: a line feed becomes CR LF, a carriage return is
// dropped.
func (r *ROM) putc(c byte) {
	switch c {
	case '\r':
	case '\n':
		r.tx('\r')
		r.tx('\n')
	default:
		r.tx(c)
	}
}

// tx is uart_tx_one_char, which waits until the FIFO is empty.
func (r *ROM) tx(c byte) {
	uart := r.uart()
	uart.Flush()
	uart.TxByte(c)
}

// print prints the way the ROM's own messages are printed.
func (r *ROM) print(format string, args ...any) {
	for _, c := range []byte(fmt.Sprintf(format, args...)) {
		r.putc(c)
	}
}

// wireTime is how long n bytes take on the wire at the present speed.
func (r *ROM) wireTime(n int) time.Duration {
	const bits = 10 // start, eight, stop
	return time.Duration(n) * bits * time.Duration(r.m.UART0.Divider()) * time.Microsecond / cpuMHz
}

// fatal is the handler that the ROM installs for programs: it reports the
// exception, and goes back to the instruction that failed.
func (r *ROM) fatal() (Outcome, error) {
	return r.report(fmt.Sprintf("Fatal exception (%d): \n", r.cpu.EXCCAUSE)), nil
}

// fatalTrace is the one for unaligned accesses: it walks the stack, as if this
// core had register windows.
func (r *ROM) fatalTrace() (Outcome, error) {
	const most = 5
	var b strings.Builder
	sp := r.cpu.A[1] - 16
	n := 0
	for ; n < most; n++ {
		var a [4]uint32
		for i := range a {
			var err error
			if a[i], err = r.m.Read32(sp - 16 + 4*uint32(i)); errors.Is(err, soc.ErrUnknown) {
				a[0] = 0 // nobody knows what a chip reads there
				break
			} else if err != nil {
				r.cpu.PC = atTraceLoad
				return Ran, r.fault(err)
			}
		}
		if a[0] == 0 {
			break
		}
		fmt.Fprintf(&b, "sf_dump[%d] a0: 0x%08x  a1: 0x%08x  a2: 0x%08x  a3: 0x%08x \n", n, a[0], a[1], a[2], a[3])
		sp = a[1]
	}
	return r.report(fmt.Sprintf("sp 0x%x \n", sp) + b.String()), nil
}

// atTraceLoad is where fatalTrace reads the stack.
const atTraceLoad = 0x40001800

// report prints what was found and the registers of exceptions, as a function
// that a program's exception has led to.
func (r *ROM) report(found string) Outcome {
	c := r.cpu
	text := found + fmt.Sprintf("epc1=0x%08x, epc2=0x%08x, epc3=0x%08x, excvaddr=0x%08x, depc=0x%08x\n",
		c.EPC[1], c.EPC[2], c.EPC[3], c.EXCVADDR, c.DEPC)
	began := r.m.Now()
	r.print("%s", text)
	if r.m.UART0.Flush(); r.m.Now() == began { // the wire takes no time
		r.m.Advance(r.wireTime(len(text) + strings.Count(text, "\n")))
	}
	r.leave(0)
	return Crashed
}

// loadROMData puts the ROM's own variables to their initial values. A program
// that keeps data up there loses it in every reset.
func (r *ROM) loadROMData() error {
	if err := r.m.WriteBytes(romData, make([]byte, romDataEnd-romData)); err != nil {
		return err
	}
	if err := r.m.Write32(cpuFreq, 80); err != nil {
		return err
	}
	for i, v := range []uint32{0x1640ef, 4 << 20, 64 << 10, 4 << 10, 256, 0xffff} {
		if err := r.m.Write32(flashChip+4*uint32(i), v); err != nil {
			return err
		}
	}
	if err := r.m.Write32(putc1, atUARTPutc); err != nil {
		return err
	}
	return r.loadVectors()
}

// Where the ROM has its variables, and of them those that matter here.
const (
	romData    = 0x3fffc000
	romDataEnd = 0x3fffeb30
	cpuFreq    = 0x3fffc704 // MHz, for ets_delay_us: 80, although the core runs at 52
	flashChip  = 0x3fffc714 // id, size, block, sector, page, status mask
	chipSize   = flashChip + 4
	chipSector = flashChip + 12
	stackTop   = soc.ROMBase - 16
)
