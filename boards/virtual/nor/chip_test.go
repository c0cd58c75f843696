package nor_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

const size = 1 << 20

func newChip(t testing.TB) *nor.Chip {
	t.Helper()
	c, err := nor.New(size)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// program write-enables c and programs p.
func program(t testing.TB, c *nor.Chip, addr uint32, p ...byte) {
	t.Helper()
	c.WriteEnable()
	if err := c.Program(addr, p); err != nil {
		t.Fatal(err)
	}
}

// erase write-enables c and erases a unit.
func erase(t testing.TB, c *nor.Chip, addr uint32, unit int) {
	t.Helper()
	c.WriteEnable()
	if err := c.Erase(addr, unit); err != nil {
		t.Fatal(err)
	}
}

// scribble fills the whole array with zeros.
func scribble(t testing.TB, c *nor.Chip) {
	t.Helper()
	if err := c.Put(0, make([]byte, len(c.Data))); err != nil {
		t.Fatal(err)
	}
}

// ones returns the range in which c is all ones, where the rest is not.
func ones(t testing.TB, c *nor.Chip) (lo, hi int) {
	t.Helper()
	lo = bytes.IndexByte(c.Data, 0xff)
	if lo < 0 {
		return 0, 0
	}
	hi = bytes.LastIndexByte(c.Data, 0xff) + 1
	if n := bytes.Count(c.Data, []byte{0xff}); n != hi-lo {
		t.Errorf("%d bytes are ones, but spread over 0x%x..0x%x", n, lo, hi)
	}
	return lo, hi
}

func TestSizes(t *testing.T) {
	for _, tt := range []struct {
		size int
		id   uint32 // 0: refused
	}{
		{512 << 10, 0x1340ef},
		{1 << 20, 0x1440ef},
		{2 << 20, 0x1540ef},
		{4 << 20, 0x1640ef},
		{8 << 20, 0x1740ef},
		{16 << 20, 0x1840ef},
		{0, 0}, {-1, 0}, {-4 << 20, 0}, {256 << 10, 0}, {1<<20 + 1, 0}, {3 << 20, 0}, {32 << 20, 0},
	} {
		c, err := nor.New(tt.size)
		if tt.id == 0 {
			if !errors.Is(err, nor.ErrSize) {
				t.Errorf("size %d: %v, want ErrSize", tt.size, err)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if got := c.ID(); got != tt.id {
			t.Errorf("size %d: id %06x, want %06x", tt.size, got, tt.id)
		}
		if lo, hi := ones(t, c); lo != 0 || hi != tt.size {
			t.Errorf("size %d: blank from 0x%x to 0x%x only", tt.size, lo, hi)
		}
	}
}

func TestErase(t *testing.T) {
	for _, tt := range []struct {
		name   string
		addr   uint32
		unit   int
		lo, hi int
	}{
		{"first sector", 0, nor.SectorSize, 0, 0x1000},
		{"sector by its last byte", 0x1fff, nor.SectorSize, 0x1000, 0x2000},
		{"last sector", size - 1, nor.SectorSize, size - 0x1000, size},
		{"address beyond the chip", size + 0x3000, nor.SectorSize, 0x3000, 0x4000},
		{"block", 0x10000, nor.BlockSize, 0x10000, 0x20000},
		{"block by its last byte", 0x2ffff, nor.BlockSize, 0x20000, 0x30000},
		{"chip", 0x12345, size, 0, size},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newChip(t)
			scribble(t, c)
			erase(t, c, tt.addr, tt.unit)
			if lo, hi := ones(t, c); lo != tt.lo || hi != tt.hi {
				t.Errorf("0x%x..0x%x is erased, want 0x%x..0x%x", lo, hi, tt.lo, tt.hi)
			}
			for s, n := range c.Counters.Erases {
				want := uint32(0)
				if s*nor.SectorSize >= tt.lo && s*nor.SectorSize < tt.hi {
					want = 1
				}
				if n != want {
					t.Errorf("sector %d counts %d erases, want %d", s, n, want)
				}
			}
		})
	}
}

func TestProgramClearsBitsOnly(t *testing.T) {
	c := newChip(t)
	for _, tt := range []struct{ with, want byte }{
		{0xf0, 0xf0}, {0x3c, 0x30}, {0xff, 0x30}, {0xef, 0x20}, {0x00, 0x00}, {0xff, 0x00},
	} {
		program(t, c, 7, tt.with)
		if got := c.Data[7]; got != tt.want {
			t.Errorf("after programming %02x: %02x, want %02x", tt.with, got, tt.want)
		}
	}
	if got := c.Counters.Programs; got != 6 {
		t.Errorf("%d programs are counted, want 6", got)
	}
	if c.Data[6] != 0xff || c.Data[8] != 0xff {
		t.Errorf("the bytes beside it are %02x and %02x", c.Data[6], c.Data[8])
	}
}

func TestProgramWrapsInPage(t *testing.T) {
	count := make([]byte, 300)
	for i := range count {
		count[i] = byte(i)
	}
	for _, tt := range []struct {
		name string
		addr uint32
		n    int // bytes of count
		want map[int]byte
	}{
		{"up to the end", 0x1fe, 2, map[int]byte{0x1fe: 0, 0x1ff: 1, 0x100: 0xff, 0x200: 0xff}},
		{"over the end", 0x1fe, 4, map[int]byte{0x1fe: 0, 0x1ff: 1, 0x100: 2, 0x101: 3, 0x102: 0xff, 0x200: 0xff}},
		{"a page", 0x100, 256, map[int]byte{0xff: 0xff, 0x100: 0, 0x1fe: 0xfe, 0x200: 0xff}},
		{"a page from its middle", 0x180, 256, map[int]byte{0x180: 0, 0x1ff: 0x7f, 0x100: 0x80, 0x17f: 0xff, 0x200: 0xff}},
		{"more than a page: the last 256 count", 0x100, 258, map[int]byte{0x100: 0, 0x101: 1, 0x102: 2, 0x1ff: 0xff, 0x200: 0xff}},
		{"last page of the chip", size - 1, 2, map[int]byte{size - 1: 0, size - 256: 1, 0: 0xff}},
		{"nothing", 0x100, 0, map[int]byte{0x100: 0xff}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newChip(t)
			program(t, c, tt.addr, count[:tt.n]...)
			for a, want := range tt.want {
				if got := c.Data[a]; got != want {
					t.Errorf("0x%x holds %02x, want %02x", a, got, want)
				}
			}
		})
	}
}

func TestReadWraps(t *testing.T) {
	c := newChip(t)
	if err := errors.Join(c.Put(size-2, []byte{1, 2}), c.Put(0, []byte{3, 4})); err != nil {
		t.Fatal(err)
	}
	for _, addr := range []uint32{size - 2, 3*size - 2} {
		got := make([]byte, 5)
		if c.Read(addr, got); !bytes.Equal(got, []byte{1, 2, 3, 4, 0xff}) {
			t.Errorf("from 0x%x: % x", addr, got)
		}
	}
}

func TestPut(t *testing.T) {
	c := newChip(t)
	c.WriteEnable()
	c.WriteStatus(nor.StatusBP)
	for _, p := range []byte{0x00, 0xa5} { // sets bits as well as it clears them
		if err := c.Put(size-1, []byte{p}); err != nil || c.Data[size-1] != p {
			t.Errorf("put %02x: %02x, %v", p, c.Data[size-1], err)
		}
	}
	for _, addr := range []uint32{size, 1<<32 - 1} {
		if err := c.Put(addr, []byte{0}); !errors.Is(err, nor.ErrSize) {
			t.Errorf("at 0x%x: %v, want ErrSize", addr, err)
		}
	}
	if err := c.Put(size-1, []byte{1, 2}); !errors.Is(err, nor.ErrSize) || c.Data[size-1] != 0xa5 {
		t.Errorf("over the end: %v, and the array holds %02x", err, c.Data[size-1])
	}
	if n := c.Counters; n.Programs != 0 || n.Ignored != 0 || n.Changes != 2 {
		t.Errorf("%d programs, %d ignored, %d changes, want 0, 0, 2", n.Programs, n.Ignored, n.Changes)
	}
}

// FuzzChip sends commands in any order, and looks whether a bit ever rises
// without an erase.
func FuzzChip(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0x0f, 1, 0, 0, 2, 0, 4, 0x1c, 0, 1, 0xff})
	f.Fuzz(func(t *testing.T, script []byte) {
		c, err := nor.New(nor.MinSize)
		if err != nil {
			t.Fatal(err)
		}
		for len(script) >= 4 {
			op, addr, v := script[0]%7, uint32(script[1])<<16|uint32(script[2])<<4, script[3]
			script = script[4:]
			before := bytes.Clone(c.Data)
			switch op {
			case 0:
				c.WriteEnable()
			case 1:
				err = c.Program(addr, bytes.Repeat([]byte{v}, 1+int(v)*2))
			case 2:
				err = c.Erase(addr, nor.SectorSize)
			case 3:
				err = c.Erase(addr, nor.BlockSize)
			case 4:
				c.WriteStatus(v)
			case 5:
				err = c.Erase(0, len(c.Data))
			case 6:
				c.Read(addr, make([]byte, int(v)+1))
			}
			if err != nil {
				t.Fatal(err)
			}
			if op == 2 || op == 3 || op == 5 {
				continue
			}
			for i, b := range c.Data {
				if b&^before[i] != 0 {
					t.Fatalf("command %d raised 0x%x from %02x to %02x", op, i, before[i], b)
				}
			}
		}
	})
}
