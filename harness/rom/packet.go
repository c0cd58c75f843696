package rom

import "encoding/binary"

// Sizes of the fixed parts, in bytes.
const (
	headerSize = 8
	replySize  = 10 // header, status, error

	checksumSeed = 0xEF
)

// syncData is what SYNC carries; the loader measures the speed of the line on
// the 55s and returns the first word as value.
var syncData = append([]byte{0x07, 0x07, 0x12, 0x20}, repeat(0x55, 32)...)

func repeat(b byte, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = b
	}
	return p
}

// request returns the packet of a command.
func request(op OpCode, checksum uint32, data []byte) []byte {
	p := make([]byte, 0, headerSize+len(data))
	p = append(p, 0x00, byte(op))
	p = binary.LittleEndian.AppendUint16(p, uint16(len(data)))
	p = binary.LittleEndian.AppendUint32(p, checksum)
	return append(p, data...)
}

// words returns its arguments as consecutive u32.
func words(w ...uint32) []byte {
	var p []byte
	for _, v := range w {
		p = binary.LittleEndian.AppendUint32(p, v)
	}
	return p
}

// checksum returns the check of a block's payload.
func checksum(payload []byte) uint32 {
	sum := byte(checksumSeed)
	for _, b := range payload {
		sum ^= b
	}
	return uint32(sum)
}

// reply is what the loader answers.
type reply struct {
	op     OpCode
	value  uint32
	status byte
	code   Status
}

// parseReply reports whether packet is a reply, and which. The ROM's replies
// all have the same size, so anything else is damage or somebody else's.
func parseReply(packet []byte) (reply, bool) {
	if len(packet) != replySize || packet[0] != 0x01 || binary.LittleEndian.Uint16(packet[2:]) != 2 {
		return reply{}, false
	}
	return reply{
		op:     OpCode(packet[1]),
		value:  binary.LittleEndian.Uint32(packet[4:]),
		status: packet[8],
		code:   Status(packet[9]),
	}, true
}
