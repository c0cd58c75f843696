package romtest

import (
	"bytes"
	"encoding/binary"

	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/slip"
)

// loader is the state of the ROM's command loop.
type loader struct {
	chip   *Chip
	last   rom.OpCode // of the reply before
	value  uint32     // written by SYNC and READ_REG only
	code   byte       // the error byte, which a success may leave as it was
	next   uint32     // block number
	size   uint32     // of a block
	offset uint32     // of the next block
}

// answer carries out one request and returns the frames of its reply.
func (l *loader) answer(op rom.OpCode, packet []byte, fault Fault) [][]byte {
	data, sum := packet[8:], binary.LittleEndian.Uint32(packet[4:])
	var failed rom.Status
	switch op {
	case rom.Sync:
		l.value, l.code = word(data, 0), 0
	case rom.ReadReg:
		l.value, l.code = l.chip.Regs[word(data, 0)], 0
	case rom.WriteReg:
		l.writeReg(word(data, 0), word(data, 1), word(data, 2))
	case rom.FlashBegin:
		failed = l.flashBegin(data)
	case rom.FlashData:
		failed = l.flashData(data, byte(sum))
	default:
		op, failed = l.last, rom.BadRequest
	}
	if fault.Do == Refuse {
		failed = fault.Status
	}
	var status byte
	if failed != 0 {
		status, l.code = 1, byte(failed)
	}
	l.last = op
	reply := []byte{0x01, byte(op), 2, 0}
	reply = binary.LittleEndian.AppendUint32(reply, l.value)
	reply = append(reply, status, l.code)
	frame := slip.Append(nil, reply)
	if op == rom.Sync {
		return [][]byte{bytes.Repeat(frame, 8)}
	}
	return [][]byte{frame}
}

func (l *loader) writeReg(addr, value, mask uint32) {
	l.code = 0
	regs := l.chip.Regs
	regs[addr] = regs[addr]&^mask | value&mask
	// The controller reads the status of the flash, which may be busy for some
	// time, and clears its bit.
	if addr == 0x60000200 && regs[addr]&(1<<27) != 0 {
		regs[addr] &^= 1 << 27
		regs[0x60000210] = 0
		if l.chip.Busy > 0 {
			l.chip.Busy--
			regs[0x60000210] = 1
		}
	}
	// It carries out a hand-made JEDEC read, too.
	if addr == 0x60000200 && regs[addr]&(1<<18) != 0 {
		regs[addr] &^= 1 << 18
		if regs[0x60000224] == 7<<28|0x9F && regs[0x60000220] == 23<<8 && regs[0x6000021C] == 1<<31|1<<28 {
			regs[0x60000240] = l.chip.FlashID
			if l.chip.Busy > 0 {
				regs[0x60000240] = 0xFFFFFF
			}
		}
	}
}

// flashBegin erases as the ROM does: up to a 64 KiB boundary sector by sector,
// and then everything it was asked for, again.
func (l *loader) flashBegin(data []byte) rom.Status {
	size, offset := word(data, 0), word(data, 3)
	if len(data) != 16 || word(data, 2) > 0x1800 {
		return rom.BadRequest
	}
	l.next, l.size, l.offset = 0, word(data, 2), offset
	if offset%4096 != 0 || int(offset+size) > len(l.chip.Flash) {
		return rom.Failed
	}
	first, n := offset/4096, (size+4095)/4096
	head := min(16-first%16, n)
	for s := first; s < first+head+n; s++ {
		if at := int(s) * 4096; at < len(l.chip.Flash) {
			copy(l.chip.Flash[at:], bytes.Repeat([]byte{0xFF}, 4096))
		}
	}
	return 0
}

func (l *loader) flashData(data []byte, sum byte) rom.Status {
	if len(data) < 16 {
		return rom.BadRequest
	}
	payload := data[16:]
	if word(data, 0) != uint32(len(payload)) || word(data, 1) != l.next || len(payload) > int(l.size) || len(payload)%4 != 0 {
		return rom.BadRequest
	}
	l.next++
	if xor(payload) != sum {
		return rom.BadChecksum
	}
	if int(l.offset)+len(payload) > len(l.chip.Flash) {
		return rom.BadReadBack
	}
	stored := l.chip.Flash[l.offset:][:len(payload)]
	for i, b := range payload {
		stored[i] &= b
	}
	l.offset += uint32(len(payload))
	if xor(stored) != sum {
		return rom.BadReadBack
	}
	return 0
}

func xor(p []byte) byte {
	sum := byte(0xEF)
	for _, b := range p {
		sum ^= b
	}
	return sum
}
