package rom

import "time"

const (
	sector       = 4096
	blockSectors = 16 // sectors in one 64 KiB erase block
)

// EraseSize returns what FLASH_BEGIN must be told so that length bytes at
// offset, a multiple of 4096, are erased.
//
// The ROM erases sector by sector up to the next 64 KiB boundary, and then
// forgets that it did: from the boundary on it erases all that it was asked
// for, once more. EraseSize asks for less, such that both together cover the
// image. Where that is an odd number of sectors before the boundary, one sector
// more than needed goes; see [Erased].
func EraseSize(offset, length uint32) uint32 {
	n := sectors(length)
	head := blockSectors - offset/sector%blockSectors
	if n < 2*head {
		return (n + 1) / 2 * sector
	}
	return (n - head) * sector
}

// Erased returns the end of what the ROM erases when FLASH_BEGIN asks for size
// bytes at offset: the first byte that it leaves alone.
func Erased(offset, size uint32) uint32 {
	n := sectors(size)
	head := min(blockSectors-offset/sector%blockSectors, n)
	return offset/sector*sector + (head+n)*sector
}

func sectors(bytes uint32) uint32 { return (bytes + sector - 1) / sector }

// eraseTimeout returns how long the ROM may take to erase size bytes.
func eraseTimeout(size uint32) time.Duration {
	return max(replyTimeout, time.Duration(size)*eraseTimePer>>20)
}
