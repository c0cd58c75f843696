package rfc2217

import "encoding/binary"

// AppendData appends p as data: FF twice.
func AppendData(dst, p []byte) []byte {
	for _, b := range p {
		if dst = append(dst, b); b == IAC {
			dst = append(dst, IAC)
		}
	}
	return dst
}

// AppendNegotiation appends WILL, WONT, DO or DONT.
func AppendNegotiation(dst []byte, verb, option byte) []byte {
	return append(dst, IAC, verb, option)
}

// AppendCommand appends a subnegotiation of RFC 2217.
func AppendCommand(dst []byte, c Command, value ...byte) []byte {
	dst = append(dst, IAC, SB, ComPort, byte(c))
	return append(AppendData(dst, value), IAC, SE)
}

// AppendBaud appends SET-BAUDRATE, or the answer to it.
func AppendBaud(dst []byte, c Command, baud int) []byte {
	return AppendCommand(dst, c, binary.BigEndian.AppendUint32(nil, uint32(baud))...)
}

// Baud returns the value of SET-BAUDRATE, in bits per second.
func Baud(value []byte) (baud int, ok bool) {
	if len(value) != 4 {
		return 0, false
	}
	return int(binary.BigEndian.Uint32(value)), true
}
