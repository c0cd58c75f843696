// Package rom speaks to the serial loader in the ESP8266's mask ROM, which is
// what writes a firmware image to flash.
//
// Packets go in SLIP frames ([slip]), numbers little-endian:
//
//	request   00 | op u8 | size u16 | checksum u32 | size bytes of data
//	reply     01 | op u8 | size u16 | value u32    | status u8, error u8
//
// The checksum is EF exclusive-or every byte of a block's payload, and is zero
// where the command carries no payload. What the reply holds follows few rules:
//
//   - status decides, and nothing else: 0 is success. The error byte of a
//     success may be left over from an earlier failure.
//   - value is set by SYNC and READ_REG only; every other reply repeats it.
//   - SYNC is answered eight times. A command that the ROM does not know is
//     answered under the op of the reply before it.
//   - FLASH_DATA counts a block before it checks it, so a refused block cannot
//     be sent again: the image starts over from FLASH_BEGIN.
//
// Flow: reset into the loader, SYNC until it answers, READ_REG to identify the
// chip, FLASH_BEGIN, FLASH_DATA for each block, reset through the pins.
//
// Sources: esptool documentation, "Serial Protocol"; behaviour of the ROM
// itself where the two differ.
package rom

import "fmt"

// OpCode is a command of the loader.
type OpCode byte

// The commands of the ROM, spelled as Espressif does, with their data.
const (
	FlashBegin OpCode = 0x02 // erase size, blocks, block size, offset: 4 × u32
	FlashData  OpCode = 0x03 // length, sequence number, 0, 0: 4 × u32; payload, a multiple of 4 bytes
	FlashEnd   OpCode = 0x04 // u32, ignored: the loader exits and boots without a reset
	MemBegin   OpCode = 0x05 // size, blocks, block size, address: 4 × u32
	MemEnd     OpCode = 0x06 // 0 to jump, entry address: 2 × u32
	MemData    OpCode = 0x07 // as FLASH_DATA, of any length
	Sync       OpCode = 0x08 // 07 07 12 20, then 32 × 55
	WriteReg   OpCode = 0x09 // address, value, mask, delay in µs: 4 × u32
	ReadReg    OpCode = 0x0A // address: u32, aligned; an unmapped one kills the loader
)

var opNames = map[OpCode]string{
	FlashBegin: "FLASH_BEGIN",
	FlashData:  "FLASH_DATA",
	FlashEnd:   "FLASH_END",
	MemBegin:   "MEM_BEGIN",
	MemEnd:     "MEM_END",
	MemData:    "MEM_DATA",
	Sync:       "SYNC",
	WriteReg:   "WRITE_REG",
	ReadReg:    "READ_REG",
}

// String returns the vendor's name of the command.
func (o OpCode) String() string {
	if name, ok := opNames[o]; ok {
		return name
	}
	return fmt.Sprintf("OP_%02X", byte(o))
}

// Status is the error byte of a reply that reports failure. It is an error, and
// [errors.Is] finds it in what the methods of [Conn] return.
type Status byte

// What this ROM reports.
const (
	BadRequest  Status = 0x05
	Failed      Status = 0x06
	BadChecksum Status = 0x07
	BadReadBack Status = 0x08
)

var statusText = map[Status]string{
	BadRequest:  "length, sequence or command not accepted",
	Failed:      "operation failed",
	BadChecksum: "checksum of the block does not match",
	BadReadBack: "flash does not read back what was written",
}

// Error says what the ROM means by s.
func (s Status) Error() string {
	if text, ok := statusText[s]; ok {
		return fmt.Sprintf("status %02x: %s", byte(s), text)
	}
	return fmt.Sprintf("status %02x", byte(s))
}
