package maskrom

// The ROM's own variables of its UART, as GetUartDevice gives them out:
//
//	0x00 baud, data bits (coded), parity on, parity, stop bits, flow control
//	0x18 received: size, buffer, write and read position, level, state
//	0x30 to send: size, buffer
//	0x38 state, received, number of the UART in use
const (
	uartDevice  = 0x3fffde10
	uartReceive = uartDevice + 0x18
	uartRing    = 0x3fffde60 // 256 bytes
	uartNumber  = uartDevice + 0x40

	uartIRQ = 5
)
