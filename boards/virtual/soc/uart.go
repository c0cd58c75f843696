package soc

// UART is one serial port of the chip. The guest's side are its registers,
// the host's side Offer and TakeTX.
type UART struct{}

// Offer queues bytes that arrive on RX; they enter the 128-byte FIFO as there
// is room.
func (u *UART) Offer(p []byte) {}

// Queued returns how many offered bytes have not entered the FIFO yet.
func (u *UART) Queued() int { return 0 }

// TakeTX returns what was sent since the last call, nil if nothing.
func (u *UART) TakeTX() []byte { return nil }

// Divider returns CLKDIV: the port runs at 52 MHz / Divider.
func (u *UART) Divider() uint32 { return 0 }

// SetDivider sets CLKDIV and resets both FIFOs, as the ROM does.
func (u *UART) SetDivider(d uint32) {}

// SetHostBaud tells the port how long the bits are that Offer brings, in
// bits per second; the autobaud counters measure them. 0 means that they match the divider.
func (u *UART) SetHostBaud(baud int) {}

// TxByte sends b as the ROM's uart_tx_one_char does.
func (u *UART) TxByte(b byte) {}

// RxByte takes one byte from the RX FIFO, as uart_rx_one_char does.
func (u *UART) RxByte() (b byte, ok bool) { return 0, false }

// ResetFIFOs empties both FIFOs.
func (u *UART) ResetFIFOs() {}

// Autobaud switches the edge counter on, counting from zero, or off.
func (u *UART) Autobaud(on bool) {}

// Edges returns the edge count and the sum of the shortest low and high
// pulses, in cycles of the 52 MHz clock, since Autobaud.
func (u *UART) Edges() (n, pulses uint32) { return 0, 0 }
