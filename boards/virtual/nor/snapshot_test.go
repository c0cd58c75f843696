package nor_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

func restore(t testing.TB, c *nor.Chip, s *nor.Snapshot) {
	t.Helper()
	if err := c.Restore(s); err != nil {
		t.Fatal(err)
	}
}

// Chips go back and forth between snapshots, their own and each other's.
func TestSnapshot(t *testing.T) {
	a, b := newChip(t), newChip(t)
	blank := a.Snapshot()
	program(t, a, 0x1000, 1, 2, 3)
	a.WriteEnable()
	early := a.Snapshot()
	program(t, a, 0x1001, 0)
	erase(t, a, 0x2000, nor.SectorSize)
	put(t, a, 0x7fff, 9)
	late := a.Snapshot()
	for i, tt := range []struct {
		s    *nor.Snapshot
		at   byte
		wel  uint8
		last byte
	}{{early, 2, nor.StatusWEL, 0xff}, {late, 0, 0, 9}, {blank, 0xff, 0, 0xff}, {late, 0, 0, 9}, {early, 2, nor.StatusWEL, 0xff}} {
		for _, c := range []*nor.Chip{a, b} {
			restore(t, c, tt.s)
			if c.Data[0x1001] != tt.at || c.Status() != tt.wel || c.Data[0x7fff] != tt.last {
				t.Errorf("%d: %02x, status %02x, %02x", i, c.Data[0x1001], c.Status(), c.Data[0x7fff])
			}
		}
		if !bytes.Equal(a.Data, b.Data) {
			t.Errorf("%d: the two differ", i)
		}
	}
	program(t, b, 0x1000, 0)
	restore(t, a, early)
	if a.Data[0x1000] != 1 || a.Counters.Pulses != 3 {
		t.Error("a snapshot has changed with a chip that was made of it")
	}
}

// A weak bit is weak in the snapshot, and wavers the same way from there on.
func TestSnapshotOfWeakBits(t *testing.T) {
	c := newChip(t)
	cut(t, c, 1, 3, func() { program(t, c, 0, make([]byte, 8)...) })
	s := c.Snapshot()
	var first []byte
	for range 3 {
		restore(t, c, s)
		if got := read(c, 0, 1); got[0] != 0xff {
			t.Fatal("a chip without supply answers")
		}
		c.Reset()
		var seen []byte
		for range 20 {
			seen = append(seen, read(c, 0, 1)...)
		}
		if first == nil {
			first = seen
		}
		if !bytes.Equal(first, seen) || bytes.Count(seen, seen[:1]) == len(seen) {
			t.Errorf("% x, then % x", first, seen)
		}
		program(t, c, 0, 0)
	}
}

// A cut that is to come belongs to the run, not to the chip.
func TestSnapshotHasNoCut(t *testing.T) {
	c := newChip(t)
	c.CutIn(nor.Cut{Pulse: 1})
	restore(t, c, c.Snapshot())
	program(t, c, 0, 0)
	if c.Data[0] != 0 {
		t.Error("it was cut")
	}
}

func TestSnapshotOfAnotherSize(t *testing.T) {
	small, err := nor.New(nor.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	large, err := nor.New(2 * nor.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	if err := large.Restore(small.Snapshot()); !errors.Is(err, nor.ErrSize) {
		t.Errorf("%v", err)
	}
}

// The backing file follows.
func TestSnapshotInFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flash")
	c, err := nor.Open(path, nor.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Snapshot()
	program(t, c, 0x1234, 0)
	restore(t, c, s)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := os.ReadFile(path)
	if err != nil || p[0x1234] != 0xff {
		t.Errorf("%v, %02x", err, p[0x1234])
	}
}

// A snapshot costs what has changed, not the size of the chip.
func BenchmarkSnapshot(b *testing.B) {
	c, err := nor.New(4 << 20)
	if err != nil {
		b.Fatal(err)
	}
	s := c.Snapshot()
	for b.Loop() {
		program(b, c, 0x1000, 0)
		c.Snapshot()
		restore(b, c, s)
	}
}
