// Package image reads and writes the first-generation ESP8266 flash image,
// the one that the mask ROM itself can boot.
//
//	offset  size  field
//	0       1     magic, E9
//	1       1     number of segments, 1 … 16
//	2       1     flash mode: 0 QIO, 1 QOUT, 2 DIO, 3 DOUT
//	3       1     high nibble: flash size, low nibble: flash clock
//	4       4     entry address
//	8             segments: address u32, length u32 (a multiple of 4), data
//	…             zeros, until the length of the file is 15 modulo 16
//	last    1     checksum: EF exclusive-or every byte of segment data
//
// All numbers are little-endian. The ROM checks the magic, the mode and the
// checksum, and nothing else; [Parse] is stricter: a segment must lie in memory
// that the ROM can fill.
//
// Source: esptool documentation, "Firmware Image Format"; the ROM's boot path.
package image

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Sentinels, one for each way in which a file is no image.
var (
	ErrMagic    = errors.New("image: does not begin with E9")
	ErrHeader   = errors.New("image: header is not valid")
	ErrSegment  = errors.New("image: segment is not valid")
	ErrChecksum = errors.New("image: checksum does not match")
	ErrTooLarge = errors.New("image: larger than the room it has")
)

const (
	magic        = 0xE9
	headerSize   = 8
	segmentSize  = 8 // the header of a segment
	checksumSeed = 0xEF
	maxSegments  = 16
	maxLength    = 1 << 20 // what the flash window can map; no v1 image is larger
)

// Mode is how the flash chip is read, as the header states it.
type Mode byte

// The four modes that the ROM knows.
const (
	QIO  Mode = 0
	QOUT Mode = 1
	DIO  Mode = 2
	DOUT Mode = 3
)

// Segment is a run of bytes that the ROM copies to Addr before it starts the
// program.
type Segment struct {
	Addr uint32
	Data []byte // a multiple of four bytes
}

// Image is a program as the ROM boots it. SizeFreq is kept as it stands in the
// header: flash size in the high nibble (0 = 512 KiB), clock in the low one
// (0 = 40 MHz).
type Image struct {
	Mode     Mode
	SizeFreq byte
	Entry    uint32
	Segments []Segment
}

// Len returns the length in bytes of the encoded image, checksum included.
func (im *Image) Len() int {
	n := headerSize
	for _, s := range im.Segments {
		n += segmentSize + len(s.Data)
	}
	return paddedLen(n)
}

// Checksum returns the byte that ends the encoded image.
func (im *Image) Checksum() byte {
	sum := byte(checksumSeed)
	for _, s := range im.Segments {
		for _, b := range s.Data {
			sum ^= b
		}
	}
	return sum
}

// Encode returns the image as it is written to flash at offset 0.
func (im *Image) Encode() ([]byte, error) {
	if n := len(im.Segments); n < 1 || n > maxSegments {
		return nil, fmt.Errorf("%w: %d segments, want 1 to %d", ErrHeader, n, maxSegments)
	}
	p := []byte{magic, byte(len(im.Segments)), byte(im.Mode), im.SizeFreq}
	p = binary.LittleEndian.AppendUint32(p, im.Entry)
	for i, s := range im.Segments {
		if len(s.Data) == 0 || len(s.Data)%4 != 0 {
			return nil, fmt.Errorf("%w: segment %d at %#08x has %d bytes, want a multiple of 4", ErrSegment, i, s.Addr, len(s.Data))
		}
		p = binary.LittleEndian.AppendUint32(p, s.Addr)
		p = binary.LittleEndian.AppendUint32(p, uint32(len(s.Data)))
		p = append(p, s.Data...)
	}
	if len(p) > maxLength {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(p), maxLength)
	}
	for len(p)%16 != 15 {
		p = append(p, 0)
	}
	return append(p, im.Checksum()), nil
}

// Parse reads an image from the start of p, which may be longer: a flash read
// out whole is accepted. It returns the image and its encoded length.
func Parse(p []byte) (*Image, int, error) {
	if len(p) == 0 || p[0] != magic {
		return nil, 0, fmt.Errorf("%w: first bytes are % x%s", ErrMagic, p[:min(4, len(p))], kind(p))
	}
	if len(p) < headerSize {
		return nil, 0, fmt.Errorf("%w: %d bytes, want at least %d", ErrHeader, len(p), headerSize)
	}
	count := int(p[1])
	if count < 1 || count > maxSegments {
		return nil, 0, fmt.Errorf("%w: %d segments, want 1 to %d", ErrHeader, count, maxSegments)
	}
	if p[2] > byte(DOUT) {
		return nil, 0, fmt.Errorf("%w: flash mode %d, want 0 to 3", ErrHeader, p[2])
	}
	im := &Image{Mode: Mode(p[2]), SizeFreq: p[3], Entry: binary.LittleEndian.Uint32(p[4:])}
	at := headerSize
	for i := range count {
		s, err := parseSegment(p[at:])
		if err != nil {
			return nil, 0, fmt.Errorf("%w: segment %d at file offset %d: %s", ErrSegment, i, at, err)
		}
		im.Segments = append(im.Segments, s)
		at += segmentSize + len(s.Data)
	}
	end := paddedLen(at)
	if end > len(p) {
		return nil, 0, fmt.Errorf("%w: file ends at %d, checksum belongs at %d", ErrChecksum, len(p), end-1)
	}
	if got, want := p[end-1], im.Checksum(); got != want {
		return nil, 0, fmt.Errorf("%w: byte %d is %02x, the segments give %02x", ErrChecksum, end-1, got, want)
	}
	return im, end, nil
}

func parseSegment(p []byte) (Segment, error) {
	if len(p) < segmentSize {
		return Segment{}, errors.New("cut off in its header")
	}
	addr, size := binary.LittleEndian.Uint32(p), binary.LittleEndian.Uint32(p[4:])
	switch {
	case size == 0 || size%4 != 0:
		return Segment{}, fmt.Errorf("%d bytes long, want a multiple of 4", size)
	case uint64(size) > uint64(len(p)-segmentSize):
		return Segment{}, fmt.Errorf("%d bytes long, but only %d follow", size, len(p)-segmentSize)
	case !loadable(addr, size):
		return Segment{}, fmt.Errorf("%d bytes for %08x, which is not memory for programs: that is %s", size, addr, loadRanges())
	}
	return Segment{Addr: addr, Data: p[segmentSize : segmentSize+int(size)]}, nil
}

// kind names a file that is often taken for an image.
func kind(p []byte) string {
	switch {
	case bytes.HasPrefix(p, []byte("\x7fELF")):
		return ": an ELF file, of which `go run ./boards/image/elf2image` makes an image"
	case len(p) > 0 && p[0] == 0xEA:
		return ": a second-generation image, which takes a bootloader"
	}
	return ""
}

// paddedLen returns the encoded length of an image whose segments end at n:
// the next multiple of 16, with at least one byte left for the checksum.
func paddedLen(n int) int { return n/16*16 + 16 }
