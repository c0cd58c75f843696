package lx106_test

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// The memory of the machine that the tests run on: the chip's, and no more.
const (
	dramBase, dramSize = 0x3ffe8000, 0x18000
	iramBase, iramSize = 0x40100000, 0x10000
)

var errNoMemory = errors.New("no memory")

// sim is the least machine around a core: RAM for data and RAM for code. Code
// takes whole words only, the first half GiB nothing; both are rules of the chip.
type sim struct {
	*lx106.CPU
	dram, iram lx106.Memory
	entry      uint32
	exited     bool // by simcall, which ends the run
	stops      map[lx106.Stop]int
}

func newSim() *sim {
	s := &sim{
		dram: lx106.Memory{Base: dramBase, Data: make([]byte, dramSize)},
		iram: lx106.Memory{Base: iramBase, Data: make([]byte, iramSize)},

		stops: map[lx106.Stop]int{},
	}
	s.CPU = lx106.New(&s.dram, s)
	s.PC = iramBase
	s.PS = 0x20
	s.Simcall = func(*lx106.CPU) error {
		s.exited = true
		s.Break()
		return nil
	}
	return s
}

func (s *sim) Load(addr uint32, size int) (uint32, error) {
	switch {
	case addr < 0x20000000:
		return 0, &lx106.Fault{Cause: lx106.CauseLoadProhibited, Addr: addr}
	case s.iram.Contains(addr) && size == 4:
		return binary.LittleEndian.Uint32(s.iram.Data[addr-iramBase:]), nil
	case s.iram.Contains(addr):
		return 0, &lx106.Fault{Cause: lx106.CauseLoadStoreError, Addr: addr}
	}
	return 0, fmt.Errorf("load 0x%08x: %w", addr, errNoMemory)
}

func (s *sim) Store(addr uint32, size int, v uint32) error {
	switch {
	case addr < 0x20000000:
		return &lx106.Fault{Cause: lx106.CauseStoreProhibited, Addr: addr}
	case s.iram.Contains(addr) && size == 4:
		binary.LittleEndian.PutUint32(s.iram.Data[addr-iramBase:], v)
		s.iram.Invalidate(int(addr-iramBase), 4)
		return nil
	case s.iram.Contains(addr):
		return &lx106.Fault{Cause: lx106.CauseLoadStoreError, Addr: addr}
	}
	return fmt.Errorf("store 0x%08x: %w", addr, errNoMemory)
}

func (s *sim) Fetch(pc uint32) (*lx106.Memory, error) {
	switch {
	case pc < 0x20000000:
		return nil, &lx106.Fault{Cause: lx106.CauseFetchProhibited, Addr: pc}
	case s.iram.Contains(pc):
		return &s.iram, nil
	case s.dram.Contains(pc):
		return nil, &lx106.Fault{Cause: lx106.CauseFetchError, Addr: pc}
	}
	return nil, fmt.Errorf("fetch 0x%08x: %w", pc, errNoMemory)
}

// code puts p at the start of the code and PC there.
func (s *sim) code(p []byte) {
	copy(s.iram.Data, p)
	s.iram.Invalidate(0, len(p))
	s.PC = iramBase
}

// loadELF puts the program in the file at path into memory.
func (s *sim) loadELF(t testing.TB, path string) {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		for _, m := range []*lx106.Memory{&s.dram, &s.iram} {
			if addr := uint32(p.Vaddr); m.Contains(addr) {
				if _, err := p.ReadAt(m.Data[addr-m.Base:][:p.Filesz], 0); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	s.iram.Invalidate(0, iramSize)
	s.entry = uint32(f.Entry)
}

// runToExit runs the program that was loaded, and returns how many instructions
// that took.
func (s *sim) runToExit(t testing.TB, limit uint64) uint64 {
	t.Helper()
	s.PC, s.PS, s.exited = s.entry, 0x20, false
	start := s.Retired
	if stop, err := s.Run(limit); !s.exited {
		t.Fatalf("stopped with %v after %d instructions: %v", stop, s.Retired-start, err)
	}
	return s.Retired - start
}

// compile compiles a program of testdata, with flags and other sources among
// arguments, and returns its file.
func compile(t testing.TB, gcc string, arguments ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program.elf")
	run(t, gcc, append([]string{
		"-mlongcalls", "-ffreestanding", "-nostdlib", "-s", "-Wl,-z,max-page-size=4",
		"-T", "testdata/link.ld", "-o", out, "testdata/start.S",
	}, arguments...)...)
	return out
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	p, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
