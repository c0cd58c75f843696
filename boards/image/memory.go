package image

import (
	"fmt"
	"strings"
)

// bank is memory that the ROM's loader can fill.
type bank struct {
	name       string
	start, end uint32
	cached     uint32 // from here on it is the flash cache's, once that is on; 0: never
}

// banks are where a program must fit (the chip's memory map; the 16 KiB above
// the DRAM are the ROM's own).
var banks = []bank{
	{"DRAM", 0x3ffe8000, 0x3fffc000, 0},
	{"IRAM", 0x40100000, 0x40110000, 0x40108000},
}

// loadable reports whether size bytes at addr lie in one bank.
func loadable(addr, size uint32) bool {
	for _, b := range banks {
		if addr >= b.start && addr < b.end && size <= b.end-addr {
			return true
		}
	}
	return false
}

func loadRanges() string {
	var list []string
	for _, b := range banks {
		list = append(list, fmt.Sprintf("%s %08x to %08x", b.name, b.start, b.end-1))
	}
	return strings.Join(list, ", ")
}
