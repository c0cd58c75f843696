package crash

import (
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"sort"
)

// ErrELF reports bytes that are no program for the ESP8266.
var ErrELF = errors.New("crash: not an ELF file for the lx106")

// Symbols know the places in the source that addresses of a program stand for.
// They must not be asked by several at once.
type Symbols struct {
	code  []section
	named []symbol    // functions by address, the ROM's among them
	lines *dwarf.Data // nil of a program without them
}

type section struct {
	addr uint32
	data []byte
}

type symbol struct {
	addr, size uint32
	name       string
}

// The mask ROM, of which an ELF knows at most the beginnings of functions.
const (
	romStart = 0x40000000
	romEnd   = 0x40010000
)

// Load reads an ELF executable. Without line tables in it, functions have names
// and no lines. The error is an [ErrELF].
func Load(p []byte) (s *Symbols, err error) {
	defer func() {
		if r := recover(); r != nil { // the standard library does not promise to take everything
			s, err = nil, fmt.Errorf("%w: %v", ErrELF, r)
		}
	}()
	f, err := elf.NewFile(bytes.NewReader(p))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrELF, err)
	}
	if f.Machine != elf.EM_XTENSA || f.Type != elf.ET_EXEC || f.Class != elf.ELFCLASS32 || f.Data != elf.ELFDATA2LSB {
		return nil, fmt.Errorf("%w: it is a %v for %v (%v, %v)", ErrELF, f.Type, f.Machine, f.Class, f.Data)
	}
	s = &Symbols{}
	for _, sec := range f.Sections {
		if sec.Type != elf.SHT_PROGBITS || sec.Flags&elf.SHF_EXECINSTR == 0 || sec.Addr == 0 {
			continue
		}
		data, err := io.ReadAll(sec.Open())
		if err != nil || sec.Addr+uint64(len(data)) > 1<<32 {
			return nil, fmt.Errorf("%w: section %s cannot be read: %v", ErrELF, sec.Name, err)
		}
		s.code = append(s.code, section{uint32(sec.Addr), data})
	}
	if len(s.code) == 0 {
		return nil, fmt.Errorf("%w: there is no code in it", ErrELF)
	}
	s.name(f)
	if f.Section(".debug_line") != nil {
		if s.lines, err = f.DWARF(); err != nil {
			return nil, fmt.Errorf("%w: its line tables cannot be read: %v", ErrELF, err)
		}
	}
	return s, nil
}

// name gathers the names of functions. A program without a symbol table has none.
func (s *Symbols) name(f *elf.File) {
	all, err := f.Symbols()
	if err != nil {
		return
	}
	for _, sym := range all {
		addr := uint32(sym.Value)
		rom := sym.Section == elf.SHN_ABS && addr >= romStart && addr < romEnd
		if sym.Name != "" && (rom || elf.ST_TYPE(sym.Info) == elf.STT_FUNC && s.holds(addr)) {
			s.named = append(s.named, symbol{addr, uint32(sym.Size), sym.Name})
		}
	}
	sort.SliceStable(s.named, func(i, j int) bool { return s.named[i].addr < s.named[j].addr })
}

// bytes returns n bytes of code from addr on, or nil where they are not all code.
func (s *Symbols) bytes(addr, n uint32) []byte {
	for _, sec := range s.code {
		if at := addr - sec.addr; addr >= sec.addr && uint64(at)+uint64(n) <= uint64(len(sec.data)) {
			return sec.data[at : at+n]
		}
	}
	return nil
}

func (s *Symbols) holds(addr uint32) bool { return s.bytes(addr, 1) != nil }

// called reports whether addr is where a call returns to: what lies before it is
// CALL0 or CALLX0, of three bytes. A word of the stack that is none is something
// else, as the address of a function.
func (s *Symbols) called(addr uint32) bool {
	if _, direct := s.target(addr - 3); direct {
		return true
	}
	p := s.bytes(addr-3, 3)
	return p != nil && p[0] == 0xc0 && p[1]&0xf0 == 0 && p[2] == 0
}

// target returns where the CALL0 at addr leads to: so many words on, or back,
// from the word after its own.
func (s *Symbols) target(addr uint32) (callee uint32, direct bool) {
	p := s.bytes(addr, 3)
	if p == nil || p[0]&0x3f != 0x05 {
		return 0, false
	}
	words := int32(uint32(p[0])<<8|uint32(p[1])<<16|uint32(p[2])<<24) >> 14
	return addr&^3 + uint32(words)<<2 + 4, true
}
