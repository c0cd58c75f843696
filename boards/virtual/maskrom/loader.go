package maskrom

import (
	"encoding/binary"
	"errors"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// A request is 00, op, size u16, checksum u32, data; a reply 01, op, 02 00,
// value u32, status, error. All little-endian.
const (
	opFlashBegin = 0x02 // erase size, blocks, block size, offset
	opFlashData  = 0x03 // length, sequence number, 0, 0, payload
	opFlashEnd   = 0x04 // one word, which the ROM does not look at
	opMemBegin   = 0x05 // size, blocks, block size, address
	opMemEnd     = 0x06 // flag (0: run), entry
	opMemData    = 0x07 // as opFlashData
	opSync       = 0x08 // 07 07 12 20, 32 × 55
	opWriteReg   = 0x09 // n × (address, value, mask, delay in µs)
	opReadReg    = 0x0a // address
	opChip       = 0x0b // id, chip size, block, sector, page, status mask
	opLast       = opChip
)

// The error byte of a reply whose status is 1.
const (
	errRequest  = 0x05 // wrong length, sequence number or format, or unknown
	errFailed   = 0x06 // the operation failed
	errChecksum = 0x07
	errReadBack = 0x08 // the flash does not hold what was written
)

const (
	headerLen    = 8
	maxBlock     = 0x1800
	blockHeader  = 16 // of FLASH_DATA and MEM_DATA
	syncReplies  = 8
	checksumSeed = 0xef
)

// loader is the state of the command loop. One transfer serves flash and
// memory alike.
//
// The ROM has the transfer on its stack and does not clear it, so what is told
// to end before anything was begun does not add up.
type loader struct {
	size, blocks, blockSize uint32
	next, done, addr        uint32

	// What the last reply said, because the next one may say it again.
	op    byte
	value uint32
	code  byte

	exit  bool
	entry uint32 // of a program in RAM, 0 boots from flash
}

// leftover stands for what lies on the stack where a transfer will be.
const leftover = 0xffffffff

// request is one frame, as it lies in the buffer.
type request struct {
	op   byte
	size uint32
	sum  byte   // the low byte of the checksum: no other is looked at
	data []byte // from the buffer, so at least as long as any command wants
}

func (q *request) word(i int) uint32 { return binary.LittleEndian.Uint32(q.data[4*i:]) }

// command carries out the frame in the buffer and replies. left reports that
// the loader has been left: for a program, for the flash, or for good.
func (r *ROM) command() (out Outcome, left bool, err error) {
	p := r.buffer()
	q := request{op: p[1], size: uint32(binary.LittleEndian.Uint16(p[2:])), sum: p[4], data: p[headerLen:]}
	l := &r.loader
	run := commands[q.op]
	if p[0] != 0 || run == nil {
		// The field with the op keeps what it had, and with it the number of replies.
		l.code = errRequest
		r.reply(1)
		return Ran, false, nil
	}
	l.op = q.op
	code, err := run(r, &q)
	var fault *soc.Fault
	switch {
	case errors.As(err, &fault): // the ROM's handler ends in a break
		return r.hang("loader: " + err.Error()), true, nil
	case err != nil:
		return Waits, false, err
	case code != 0:
		l.code = code
		r.reply(1)
	default:
		r.reply(0)
	}
	if !l.exit {
		return Ran, false, nil
	}
	l.exit = false
	if entry := l.entry; entry != 0 {
		out, err = r.enter(entry)
	} else {
		out, err = r.bootFlash()
	}
	return out, true, err
}

// reply sends the state of the last command.
func (r *ROM) reply(status byte) {
	l := &r.loader
	p := []byte{1, l.op, 2, 0, 0, 0, 0, 0, status, l.code}
	binary.LittleEndian.PutUint32(p[4:], l.value)
	n := 1
	if l.op == opSync {
		n = syncReplies
	}
	for range n {
		r.frame(p)
	}
}

// commands return the error code of the reply, 0 for none. An error that is a
// fault ends the loader.
var commands = [256]func(*ROM, *request) (code byte, err error){
	opFlashBegin: (*ROM).flashBegin,
	opFlashData:  (*ROM).flashData,
	opFlashEnd:   (*ROM).flashEnd,
	opMemBegin:   (*ROM).memBegin,
	opMemEnd:     (*ROM).memEnd,
	opMemData:    (*ROM).memData,
	opSync:       (*ROM).sync,
	opWriteReg:   (*ROM).writeReg,
	opReadReg:    (*ROM).readReg,
	opChip:       (*ROM).chip,
}

// begin opens a transfer.
func (l *loader) begin(q *request) byte {
	if q.size != 16 || q.word(2) > maxBlock {
		return errRequest
	}
	l.size, l.blocks, l.blockSize, l.addr = q.word(0), q.word(1), q.word(2), q.word(3)
	l.next, l.done = 0, 0
	return 0
}

// block checks one block of a transfer and returns its payload. The sequence
// number moves on before the checksum is looked at, so a block with a wrong
// one cannot be sent again.
func (l *loader) block(q *request) (p []byte, code byte) {
	n, seq := q.word(0), q.word(1)
	if q.size > maxBlock+blockHeader || seq != l.next || n > l.blockSize {
		return nil, errRequest
	}
	if q.op == opFlashData && n%4 != 0 {
		return nil, errRequest
	}
	l.next++
	p = q.data[blockHeader:][:n]
	if checksum(p) != q.sum {
		return nil, errChecksum
	}
	return p, 0
}

func (l *loader) wrote(p []byte) {
	l.addr += uint32(len(p))
	l.done += uint32(len(p))
}

func checksum(p []byte) byte {
	sum := byte(checksumSeed)
	for _, b := range p {
		sum ^= b
	}
	return sum
}
