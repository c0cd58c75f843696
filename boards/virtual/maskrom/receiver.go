package maskrom

import "github.com/espalier-hil/espalier/boards/virtual/soc"

// A frame is C0 … C0; inside it C0 is written DB DC, and DB is written DB DD.
const (
	end    = 0xc0
	esc    = 0xdb
	escEnd = 0xdc
	escEsc = 0xdd
)

// The ROM collects a frame in RAM that programs may use too, and never clears
// it: of a frame that is shorter than it says, the rest is what lay there.
const (
	bufferBase = 0x3fffa000
	bufferSize = 0x2000 // bytes beyond are dropped
	ringSize   = 256    // what the receive interrupt keeps while a command is carried out
)

// receiver is recv_packet in the middle of its work.
type receiver struct {
	inside  bool // of a frame
	escaped bool
	n       uint32 // bytes collected
}

// take has one byte and reports whether it completes a frame.
func (rx *receiver) take(b byte, buffer []byte) bool {
	switch {
	case !rx.inside:
		rx.inside = b == end
		rx.n = 0
		return false
	case b == end:
		if rx.n == 0 { // C0 C0: the second one begins the frame
			return false
		}
		rx.inside = false
		return true
	case rx.escaped:
		rx.escaped = false
		switch b { // any other byte stands for itself
		case escEnd:
			b = end
		case escEsc:
			b = esc
		}
	case b == esc:
		rx.escaped = true
		return false
	}
	if rx.n < uint32(len(buffer)) {
		buffer[rx.n] = b
		rx.n++
	}
	return false
}

// buffer is the loader's receive buffer in the chip's RAM.
func (r *ROM) buffer() []byte {
	return r.m.DRAM.Data[bufferBase-soc.DRAMBase:][:bufferSize]
}

// receive carries out the commands that have come.
func (r *ROM) receive() (Outcome, error) {
	for {
		b, ok := r.m.UART0.RxByte()
		if !ok {
			return Waits, nil
		}
		if !r.rx.take(b, r.buffer()) {
			continue
		}
		if out, left, err := r.command(); left || err != nil {
			return out, err
		}
	}
}

// overrun is what happens to bytes that come while a command keeps the ROM
// from its ring: the ring does not notice that it is full, and when it is
// exactly full it looks empty.
func (r *ROM) overrun() error {
	status, err := r.m.Read32(uartStatus)
	if err != nil {
		return err
	}
	waiting := int(status&0xff) + r.m.UART0.Queued()
	for range waiting - waiting%ringSize {
		r.m.UART0.RxByte()
	}
	return nil
}

// frame appends p, framed, to the output.
func (r *ROM) frame(p []byte) {
	tx := r.tx
	tx(end)
	for _, b := range p {
		switch b {
		case end:
			tx(esc)
			tx(escEnd)
		case esc:
			tx(esc)
			tx(escEsc)
		default:
			tx(b)
		}
	}
	tx(end)
}
