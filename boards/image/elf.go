package image

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"sort"
)

// ErrELF reports an ELF file from which no image can be made.
var ErrELF = errors.New("image: not an ELF file for the lx106")

// FromELF makes an image from the loadable segments of an ELF executable for
// the lx106: file contents only, since the ROM clears no BSS. Segments are
// ordered by address and filled with zeros to a multiple of four bytes. They
// leave the flash cache its half of the IRAM.
func FromELF(r io.ReaderAt) (*Image, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrELF, err)
	}
	if f.Machine != elf.EM_XTENSA || f.Type != elf.ET_EXEC || f.Class != elf.ELFCLASS32 || f.Data != elf.ELFDATA2LSB {
		return nil, fmt.Errorf("%w: it is a %v for %v (%v, %v), want ET_EXEC for EM_XTENSA (ELFCLASS32, ELFDATA2LSB)", ErrELF, f.Type, f.Machine, f.Class, f.Data)
	}
	im := &Image{Mode: DIO, Entry: uint32(f.Entry)}
	for _, prog := range f.Progs {
		if prog.Type != elf.PT_LOAD || prog.Filesz == 0 {
			continue
		}
		s, err := loadSegment(prog)
		if err != nil {
			return nil, err
		}
		im.Segments = append(im.Segments, s)
	}
	if len(im.Segments) == 0 {
		return nil, fmt.Errorf("%w: nothing in it is loaded", ErrELF)
	}
	sort.Slice(im.Segments, func(i, j int) bool { return im.Segments[i].Addr < im.Segments[j].Addr })
	return im, nil
}

func loadSegment(prog *elf.Prog) (Segment, error) {
	addr, size := uint32(prog.Paddr), (prog.Filesz+3)&^3
	if prog.Paddr%4 != 0 {
		return Segment{}, fmt.Errorf("%w: segment at %#x does not begin on a word", ErrSegment, prog.Paddr)
	}
	for _, b := range banks {
		end := b.end
		if b.cached != 0 {
			end = b.cached
		}
		if prog.Paddr < uint64(b.start) || prog.Paddr >= uint64(end) {
			continue
		}
		if room := uint64(end - addr); size > room {
			return Segment{}, fmt.Errorf("%w: %d bytes for %s at %#x, where %d fit", ErrTooLarge, size, b.name, addr, room)
		}
		data, err := io.ReadAll(prog.Open())
		if err != nil {
			return Segment{}, fmt.Errorf("image: reading segment at %#x: %w", addr, err)
		}
		if uint64(len(data)) != prog.Filesz {
			return Segment{}, fmt.Errorf("%w: segment at %#x has %d bytes, and the file ends after %d of them", ErrSegment, addr, prog.Filesz, len(data))
		}
		return Segment{Addr: addr, Data: append(data, bytes.Repeat([]byte{0}, int(size)-len(data))...)}, nil
	}
	return Segment{}, fmt.Errorf("%w: address %#x lies in no memory that the ROM loads", ErrSegment, prog.Paddr)
}
