package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// The WAL, as SQLite's file format says (https://sqlite.org/fileformat2.html#walformat).
// All numbers are big-endian.
//
//	header    magic[4] version[4] page size[4] checkpoint[4] salt[8] checksum[8]
//	frame     page number[4] pages after commit[4], 0 if it is none, salt[8] checksum[8] page
//
// A checksum covers all that came before it: the first 24 bytes of the header,
// and of each frame the first eight bytes and the page. The lowest bit of the
// magic is the byte order in which checksums are computed.
const (
	logHeader   = 32
	frameHeader = 24
	logMagic    = 0x377f0682
)

// checkLog returns ErrCorrupt if the WAL at path is damaged before its end.
//
// SQLite takes the first frame whose checksum is wrong for the end of the log,
// and forgets all behind it without a word: one flipped bit, and what was
// accepted is gone, and can be replayed. After a crash there may indeed be such
// a frame, but only in the last transaction, since each is flushed before the
// next begins. So more than one commit of the same age behind it is damage. What
// hits the last transaction, or takes away the end of the file, looks like a
// crash, and nobody can tell.
func checkLog(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if err := scanLog(file); err != nil {
		return fmt.Errorf("%w: %s", err, path)
	}
	return nil
}

// scanLog is checkLog for what is in the file.
func scanLog(file io.Reader) error {
	in := bufio.NewReaderSize(file, 1<<16)
	var header [logHeader]byte
	if _, err := io.ReadFull(in, header[:]); err != nil {
		return ignoreEOF(err) // shorter than a header: there was no commit
	}
	size := binary.BigEndian.Uint32(header[8:])
	sum := checksum{order: binary.LittleEndian}
	if binary.BigEndian.Uint32(header[:])&1 == 1 {
		sum.order = binary.BigEndian
	}
	sum.add(header[:24])
	if binary.BigEndian.Uint32(header[:])&^1 != logMagic || size < 512 || size > 65536 || size&(size-1) != 0 || !sum.is(header[24:]) {
		if _, err := in.Peek(1); err != nil {
			return ignoreEOF(err)
		}
		// The header is flushed before the first frame is written.
		return fmt.Errorf("%w: the log's header is wrong", ErrCorrupt)
	}

	frame := make([]byte, frameHeader+int(size))
	good, commits := true, 0 // commits behind the first bad frame
	for n := 1; ; n++ {
		if _, err := io.ReadFull(in, frame); err != nil {
			return ignoreEOF(err)
		}
		young := string(frame[8:16]) == string(header[16:24]) // else it is left over from before a checkpoint
		if good {
			sum.add(frame[:8])
			sum.add(frame[frameHeader:])
			good = young && sum.is(frame[16:24])
		}
		if !good && young && binary.BigEndian.Uint32(frame[4:]) != 0 {
			commits++
		}
		if commits > 1 {
			return fmt.Errorf("%w: the log is damaged before its frame %d; what was accepted behind that would be lost", ErrCorrupt, n)
		}
	}
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// checksum is the running checksum of a WAL.
type checksum struct {
	order  binary.ByteOrder
	s0, s1 uint32
}

// add takes in p, whose length is a multiple of eight.
func (c *checksum) add(p []byte) {
	for ; len(p) >= 8; p = p[8:] {
		c.s0 += c.order.Uint32(p) + c.s1
		c.s1 += c.order.Uint32(p[4:]) + c.s0
	}
}

// is reports whether the checksum is the one that stands in p.
func (c *checksum) is(p []byte) bool {
	return binary.BigEndian.Uint32(p) == c.s0 && binary.BigEndian.Uint32(p[4:]) == c.s1
}
