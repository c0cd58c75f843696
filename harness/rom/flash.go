package rom

import (
	"context"
	"errors"
	"fmt"
)

const (
	blockSize = 0x400 // what esptool sends to the ROM; it would take 0x1800
	restarts  = 3

	largestFlash = 4 << 20 // bytes; the ROM takes every chip to have as many
)

// Flash writes image at offset, a multiple of 4096, and calls progress, if it
// is not nil, after each block with the bytes that are done and the bytes there
// are. The last block is filled up with FF. A block that fails makes the image
// start over, at most three times; done then falls back to 0.
//
// What reaches beyond the flash is refused with ErrRange, and so is what would
// have the ROM erase beyond it: a chip that has no such address takes the one
// from its beginning instead, where the program lies, and the ROM reports
// success. How large the flash is, [Conn.Identify] finds out.
//
// The ROM has compared each block with what reads back, by one byte of
// checksum. Whoever needs to be sure asks the firmware for its digest.
func (c *Conn) Flash(ctx context.Context, image []byte, offset uint32, progress func(done, total int)) error {
	if len(image) == 0 || offset%sector != 0 {
		return fmt.Errorf("%w: %d bytes at %#x; there must be some, at a multiple of 4096", ErrRange, len(image), offset)
	}
	if end := c.end(len(image), offset); end > c.room {
		return fmt.Errorf("%w: %d bytes at %#x; the ROM would erase up to %#x, and there are %#x", ErrRange, len(image), offset, end, c.room)
	}
	if progress == nil {
		progress = func(done, total int) {}
	}
	for try := 0; ; try++ {
		err := c.flash(ctx, image, offset, progress)
		if err == nil || !again(err) {
			return err
		}
		if try == restarts {
			return fmt.Errorf("%w; started over %d times", err, restarts)
		}
		if err := c.drain(ctx); err != nil {
			return err
		}
		progress(0, len(image))
	}
}

// end returns the end of what is written and erased for n bytes at offset.
func (c *Conn) end(n int, offset uint32) uint64 {
	if n > largestFlash || offset > largestFlash {
		return uint64(n) + uint64(offset)
	}
	return uint64(Erased(offset, EraseSize(offset, uint32(n))))
}

// again reports whether err may go away when the image starts over. Failed is
// the ROM's word on an area that the flash does not have.
func again(err error) bool {
	var s Status
	return errors.Is(err, ErrNoReply) || errors.As(err, &s) && s != Failed
}

func (c *Conn) flash(ctx context.Context, image []byte, offset uint32, progress func(done, total int)) error {
	size := EraseSize(offset, uint32(len(image)))
	blocks := (len(image) + blockSize - 1) / blockSize
	if err := c.flashBegin(ctx, size, uint32(blocks), offset); err != nil {
		return fmt.Errorf("rom: FLASH_BEGIN for %d bytes at %#x: %w", len(image), offset, err)
	}
	for i := range blocks {
		done := min((i+1)*blockSize, len(image))
		block := repeat(0xFF, blockSize)
		copy(block, image[i*blockSize:done])
		data := append(words(blockSize, uint32(i), 0, 0), block...)
		if _, err := c.command(ctx, FlashData, checksum(block), data, replyTimeout); err != nil {
			return fmt.Errorf("rom: FLASH_DATA, block %d of %d at %#x: %w", i+1, blocks, offset+uint32(i)*blockSize, err)
		}
		progress(done, len(image))
	}
	return nil
}

// flashBegin attaches the flash and erases size bytes, as the ROM counts them.
func (c *Conn) flashBegin(ctx context.Context, size, blocks, offset uint32) error {
	_, err := c.command(ctx, FlashBegin, 0, words(size, blocks, blockSize, offset), eraseTimeout(size))
	return err
}
