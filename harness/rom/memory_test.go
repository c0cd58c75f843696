package rom_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/boards/smallrom"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

// A mask ROM tells its own code, word by word.
func TestReadMemory(t *testing.T) {
	_, p := power(t, virtual.Config{ROM: smallrom.ROM})
	c := connect(t, p, p)
	const from, n = 0x1000, 0x400
	last := 0
	got, err := c.ReadMemory(t.Context(), 0x40000000+from, n, func(done, total int) {
		if done != last+4 || total != n {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || !bytes.Equal(got, smallrom.ROM[from:][:n]) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// A word that is lost on the way is asked for again, but not for ever.
func TestReadMemoryAgain(t *testing.T) {
	chip := romtest.New()
	chip.Regs[0x40000004] = 0x12345678
	chip.Faults = []romtest.Fault{{Op: rom.ReadReg, After: 1, Do: romtest.Ignore}}
	got, err := rom.New(chip, baud).ReadMemory(t.Context(), 0x40000000, 8, nil)
	if err != nil || !bytes.Equal(got, []byte{0, 0, 0, 0, 0x78, 0x56, 0x34, 0x12}) {
		t.Errorf("% x, %v", got, err)
	}
	for range 3 {
		chip.Faults = append(chip.Faults, romtest.Fault{Op: rom.ReadReg, Do: romtest.Ignore})
	}
	if _, err := rom.New(chip, baud).ReadMemory(t.Context(), 0x40000000, 8, nil); !errors.Is(err, rom.ErrNoReply) {
		t.Errorf("got %v", err)
	}
}
