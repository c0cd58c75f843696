package nor

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrInUse is the class of a file in which another chip lives at the moment.
var ErrInUse = errors.New("in use by another board: stop that one, or give this one its own file")

// Open returns the chip that lives in the file at path, which is created blank
// where there is none. A file of another size is an [ErrSize]: it is somebody
// else's, and stays as it is. Two chips in one file would overwrite each
// other; where the system has locks, the second one gets an [ErrInUse] until
// the first is closed or its process has ended.
func Open(path string, size int) (*Chip, error) {
	c, err := New(size)
	if err != nil {
		return nil, err
	}
	c.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("nor: open flash file: %w", err)
	}
	if err = lock(c.file); err == nil {
		err = c.read()
	}
	if err != nil {
		c.file.Close()
		return nil, fmt.Errorf("nor: open flash file: %s: %w", path, err)
	}
	return c, nil
}

// read fills the array from the file, or an empty file from the blank array.
func (c *Chip) read() error {
	info, err := c.file.Stat()
	switch {
	case err != nil:
		return err
	case info.Size() == 0:
		err := c.save(0, len(c.Data))
		if err != nil { // of the disk: half a flash is none, and nobody could use it
			err = errors.Join(err, c.file.Truncate(0))
		}
		return err
	case info.Size() != int64(len(c.Data)):
		return fmt.Errorf("%w: it has %d bytes, the chip %d", ErrSize, info.Size(), len(c.Data))
	}
	_, err = io.ReadFull(c.file, c.Data)
	c.touch(0, len(c.Data))
	return err
}

// save writes the n bytes at addr to the file.
func (c *Chip) save(addr uint32, n int) error {
	if c.file == nil {
		return nil
	}
	if _, err := c.file.WriteAt(c.Data[addr:int(addr)+n], int64(addr)); err != nil {
		return fmt.Errorf("nor: save flash: 0x%x: %w", addr, err)
	}
	return nil
}

// Close closes the backing file, if there is one.
func (c *Chip) Close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}
