// Package firmware holds the reference firmware of the device: C for the
// ESP8266 without an SDK, built by the Makefile beside this file with Debian's
// gcc-xtensa-lx106 and committed in bin/, so that nobody needs a toolchain to
// run it.
//
// core/ is the protocol and knows no hardware, port/esp8266 is the chip,
// port/posix is this machine and the tests of core/ on it. core/hal.h is all
// that lies between them. hobbyist/ is another program over the same core.
//
// # Flash
//
//	00000  the image, two segments, copied to RAM by the mask ROM
//	76000  provisioning: id, passphrase and first SEQN; a copy in each of two sectors
//	78000  the log of SEQNs spent: two sectors in turn, a record for each message
//
// # Memory
//
//	40100000  32 KiB  code and vectors, read by aligned words only
//	3ffe8000  80 KiB  stack (8 KiB, at the bottom), constants, variables; no heap
//
// # Links
//
// On the virtual board the link "virtual" is the network device at 6000e000. A
// physical board, whose radio no code without the vendor's SDK can drive, has
// the link "serial": the firmware prints each HTTP request as a control record
// and the harness carries it to the backend and the reply back.
package firmware

import _ "embed" // for the files of bin/

// Room is where the image must have ended, and what erasing it spills over, in
// bytes: provisioning begins there (FLASH_IMAGE_MAX of core/flashmap.h).
const Room = 0x76000

// Image is the flash image, first generation, for flash address 0. Its callers
// share it: copy it before changing it.
//
//go:embed bin/espalier-ref.bin
var Image []byte

// Hobbyist is the image of somebody else's firmware: a node that speaks no
// control protocol, for the same chip, from the same core. hobbyist/main.c is
// its program, and its board's descriptor says how it is spoken to.
//
//go:embed bin/hobbyist.bin
var Hobbyist []byte

// ELF is the program that Image was made from, with the line tables that turn
// a crash address into a place in the source.
//
//go:embed bin/espalier-ref.elf
var ELF []byte
