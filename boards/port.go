package boards

import (
	"io"
	"time"
)

// Port is the part of a serial port that the harness needs: bytes both ways, a
// read timeout, the baud rate, and the two modem lines that a board wires to
// its reset pin and to GPIO0.
//
// A true line is asserted, which on the usual transistor circuit pulls its pin
// low. Once the port is gone, Read and Write return the same error for ever.
// Read and Write may be called from different goroutines.
type Port interface {
	io.ReadWriteCloser

	// SetReadTimeout bounds each later Read; a Read that gets nothing in time
	// returns 0 and [os.ErrDeadlineExceeded]. A negative d blocks.
	SetReadTimeout(d time.Duration) error

	// SetBaud changes the speed, in bits per second, both ways.
	SetBaud(baud int) error

	SetDTR(asserted bool) error
	SetRTS(asserted bool) error
}
