package maskrom

import "github.com/espalier-hil/espalier/boards/virtual/soc"

// The ROM's own variables of its UARTs, as GetUartDevice gives them out.
const (
	uartDevice  = 0x3fffde10
	uartBaud    = uartDevice
	uartBits    = uartDevice + 0x04 // data bits (3: eight), whether parity, parity, stop bits
	uartReceive = uartDevice + 0x18 // size, buffer, write and read position, level, state
	uartToSend  = uartDevice + 0x30 // size, buffer
	uartNumber  = uartDevice + 0x40 // the UART in use

	uartRing     = 0x3fffde60
	uartRingSize = 256
	uartOutSize  = 100

	uartIRQ = 5
)

// A struct at uartReceive.
const (
	ringBuffer = 4
	ringWrite  = 8
	ringState  = 20

	ringLine = 2 // state: a line has come to its end
)

// Registers of a UART.
const (
	uartFIFO     = 0x00
	uartIntSt    = 0x08
	uartIntEnaAt = 0x0c
	uartIntClr   = 0x10
	uartConf0    = 0x20
	uartConf1    = 0x24

	intRxFull = 1 << 0
)

func uartBase(n uint32) uint32 { return 0x60000000 + 0xf00*n }

// uart is the one in use.
func (r *ROM) uart() *soc.UART {
	return r.uartNamed(uint32(r.m.DRAM.Data[uartNumber-soc.DRAMBase]))
}

// uartAttach is uartAttach(): variables, and the handler of the interrupt,
// which stays masked.
func (r *ROM) uartAttach() error {
	var w words
	for a := uint32(uartDevice); a <= uartNumber; a += 4 {
		w.set(a, 0)
	}
	w.set(uartBaud, 115200)
	w.set(uartBits, 3)
	w.set(uartReceive, uartRingSize)
	for i := uint32(ringBuffer); i <= ringWrite+4; i += 4 {
		w.set(uartReceive+i, uartRing)
	}
	w.set(uartReceive+16, 1)
	w.set(uartToSend, uartOutSize)
	w.set(uartToSend+4, uartRing+uartRingSize)
	w.set(intHandlers-8*uartIRQ, atUARTHandler)
	w.set(intHandlers-8*uartIRQ+4, uartReceive)
	if err := w.store(r); err != nil {
		return err
	}
	return r.enable(0, 1<<uartIRQ)
}

// uartInitFor is Uart_Init(n): pins, speed and frame by the variables, an
// interrupt for each byte.
func (r *ROM) uartInitFor(n uint32) error {
	v := frame{r: r, at: uartDevice}
	baud, bits, parity, even, stop := v.get(0), v.get(4), v.get(8), v.get(12), v.get(16)
	if v.err != nil {
		return v.err
	}
	if baud == 0 {
		return r.trapDivide()
	}
	pins := [][3]uint32{{0x60000818, pinFunc | pinPullUp, 0}, {0x60000838, pinFunc, 0x100}} // GPIO1, and GPIO2 beside it
	if n != 0 {
		pins = [][3]uint32{{0x60000824, pinFunc, pinFunc}} // GPIO8
	}
	for _, p := range pins {
		if err := r.modify(p[0], p[1], p[2]); err != nil {
			return err
		}
	}
	base := uartBase(n)
	r.uartNamed(n).SetDivider(80_000_000 / baud & 0xffff)
	if err := r.m.Write32(base+uartConf0, bits<<2|parity|even|stop<<4); err != nil {
		return err
	}
	level, err := r.m.Read8(uartReceive + 16)
	if err != nil {
		return err
	}
	if err := r.m.Write32(base+uartConf1, uint32(level)&0x7f); err != nil {
		return err
	}
	if err := r.m.Write32(base+uartIntClr, 0xffff); err != nil {
		return err
	}
	return r.modify(base+uartIntEnaAt, 0, intRxFull)
}

func (r *ROM) uartNamed(n uint32) *soc.UART {
	if n == 0 {
		return r.m.UART0
	}
	return r.m.UART1
}

func (r *ROM) uartInit() error { return r.uartInitFor(r.cpu.A[2]) }

// uartSwitch is uart_buff_switch(n): from now on, uart_tx_one_char and the
// like are about UART n.
func (r *ROM) uartSwitch() error {
	n := r.cpu.A[2]
	if n == 0 {
		if err := r.m.Write32(uartBase(1)+uartIntClr, 0xffff); err != nil {
			return err
		}
		if err := r.modify(uartBase(1)+uartIntEnaAt, 0x1ff, 0); err != nil {
			return err
		}
	}
	return r.m.Write32(uartNumber, n)
}

func (r *ROM) getUART() error {
	r.cpu.A[2] = uartDevice
	return nil
}

// uartHandler is uart_rx_intr_handler(ring): it moves what has come into the
// ring, which does not notice that it is full.
func (r *ROM) uartHandler() error {
	ring := frame{r: r, at: r.cpu.A[2]}
	uart := r.uart()
	base := uartBase(0)
	if uart != r.m.UART0 {
		base = uartBase(1)
	}
	seen, err := r.m.Read32(base + uartIntSt)
	if err != nil || seen&intRxFull == 0 {
		return err
	}
	if err := r.m.Write32(base+uartIntClr, intRxFull); err != nil {
		return err
	}
	for {
		b, ok := uart.RxByte()
		if !ok {
			return ring.err
		}
		at := ring.get(ringWrite)
		if ring.err == nil {
			ring.err = r.m.Write8(at, b)
		}
		if b == '\r' {
			ring.put(ringState, ringLine)
		}
		if at++; at == ring.get(ringBuffer)+uartRingSize {
			at = ring.get(ringBuffer)
		}
		ring.put(ringWrite, at)
		if ring.err != nil {
			return ring.err
		}
	}
}
