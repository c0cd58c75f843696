package nor_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

func open(t testing.TB, path string) *nor.Chip {
	t.Helper()
	c, err := nor.Open(path, size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// sameFile fails where the file does not hold what the chip does.
func sameFile(t testing.TB, when, path string, c *nor.Chip) {
	t.Helper()
	p, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p, c.Data) {
		t.Errorf("%s: the file does not hold what the chip does", when)
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flash.bin")
	c := open(t, path)
	if lo, hi := ones(t, c); lo != 0 || hi != size {
		t.Errorf("a new file is blank from 0x%x to 0x%x only", lo, hi)
	}
	sameFile(t, "created", path, c)
	for _, tt := range []struct {
		name string
		do   func()
	}{
		{"program", func() { program(t, c, 0x1ff, 1, 2, 3) }},
		{"put", func() {
			if err := c.Put(size-1, []byte{0}); err != nil {
				t.Fatal(err)
			}
		}},
		{"erase", func() { erase(t, c, 0, nor.SectorSize) }},
		{"block erase", func() { erase(t, c, size-1, nor.BlockSize) }},
		{"program again", func() { program(t, c, size-nor.PageSize, 0xaa) }},
	} {
		before := bytes.Clone(c.Data)
		if tt.do(); bytes.Equal(c.Data, before) {
			t.Errorf("%s: nothing has changed", tt.name)
		}
		sameFile(t, tt.name, path, c)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if !bytes.Equal(again.Data, c.Data) {
		t.Error("the chip has forgotten what its file holds")
	}
	if again.Counters.Programs != 0 {
		t.Error("the counters are of an earlier chip")
	}
}

func TestEmptyFileIsNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flash.bin")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, path)
	sameFile(t, "opened", path, c)
}

func TestForeignFileStays(t *testing.T) {
	for _, n := range []int{1, size - 1, size + 1, 2 * size} {
		path := filepath.Join(t.TempDir(), "photo.jpg")
		theirs := bytes.Repeat([]byte{0x42}, n)
		if err := os.WriteFile(path, theirs, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := nor.Open(path, size); !errors.Is(err, nor.ErrSize) {
			t.Errorf("%d bytes: %v, want ErrSize", n, err)
		}
		if p, err := os.ReadFile(path); err != nil || !bytes.Equal(p, theirs) {
			t.Errorf("%d bytes: the file is not as it was (%v)", n, err)
		}
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	if _, err := nor.Open(filepath.Join(dir, "none", "flash.bin"), size); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := nor.Open(dir, size); err == nil {
		t.Error("a folder is taken for a file")
	}
	path := filepath.Join(dir, "flash.bin")
	if _, err := nor.Open(path, 1000); !errors.Is(err, nor.ErrSize) {
		t.Errorf("size of no chip: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("which leaves a file behind: %v", err)
	}
}

// A chip whose file is gone says so with the command that it cannot keep.
func TestLostFileIsTold(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "flash.bin"))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.WriteEnable()
	if err := c.Program(0, []byte{0}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("program: %v", err)
	}
	c.WriteEnable()
	if err := c.Erase(0, nor.SectorSize); !errors.Is(err, os.ErrClosed) {
		t.Errorf("erase: %v", err)
	}
	if err := newChip(t).Close(); err != nil {
		t.Errorf("close without a file: %v", err)
	}
}
