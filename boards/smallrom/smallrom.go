// Package smallrom holds a mask ROM of our own for the ESP8266: boot log,
// serial loader, flash and the functions that the reference firmware calls, as
// machine code at the addresses of the chip's ROM. It is C and assembler, built
// by the Makefile beside this file with Debian's gcc-xtensa-lx106 and committed
// in bin/.
//
// The virtual board executes it like a dump of the chip's (espalier run --rom),
// and so every lane can hold the board's registers against code that drives
// them as a ROM does.
//
// # Memory
//
//	40000000  exception vectors, and entries at the addresses that programs know
//	40004c00  code
//	4000e400  constants and initial values, copied to 3fffc000 at reset
//	3fffa000  8 KiB in which the loader collects a frame
package smallrom

import _ "embed" // for the file of bin/

// ROM is the 64 KiB from 0x40000000 on. Its callers share it: copy it before
// changing it.
//
//go:embed bin/smallrom.bin
var ROM []byte
