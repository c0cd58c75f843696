package powercut

import (
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// A cut that comes behind the greeting, before the host has heard it, is a loss
// like one before: whatever the instruction, the board has its supply or has lost it.
func TestReturns(t *testing.T) {
	b, err := newBench(Config{Image: firmware.Image, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.board.Close()
	f := life{bench: b, ledger: (&ledger{}).clone()}
	before := b.board.Stats().Instructions
	if err := f.returns(); err != nil {
		t.Fatal(err)
	}
	boot := b.board.Stats().Instructions - before
	greeted, lost, boots := 0, 0, b.count.Boots
	for n := boot - 4000; n < boot+200; n += 20 {
		b.board.PowerOff()
		b.board.Cut(virtual.Cut{After: n, Of: virtual.Instructions})
		err := f.returns()
		if err != nil && !errors.Is(err, errLost) {
			t.Fatal(err)
		}
		if powered := b.board.Powered(); powered != (err == nil) {
			t.Fatalf("cut after %d instructions: powered %t, %v", n, powered, err)
		}
		if err != nil {
			lost++
		}
		if b.count.Boots > boots && err != nil {
			greeted++
		}
		boots = b.count.Boots
		b.board.Cut(virtual.Cut{})
	}
	if lost == 0 || greeted == 0 {
		t.Errorf("%d cuts, %d of them behind the greeting: the test tests nothing", lost, greeted)
	}
}
