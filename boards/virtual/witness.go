package virtual

import (
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// Happening is something that a board does and no port shows: its supply comes or
// goes, it resets, it writes its flash.
type Happening struct {
	At    time.Time     // carries the monotonic clock
	Now   time.Duration // the board's own time
	Power string        // what became of supply or reset, as "on", "fails", "reset: watchdog"; else empty
	Flash nor.Change    // where Power is empty
}

// saw tells the witness what became of supply or reset. Callers hold mu.
func (b *Board) saw(power string) {
	if b.cfg.Witness != nil {
		b.cfg.Witness(Happening{At: time.Now(), Now: b.chip.Now(), Power: power})
	}
}

// watch has the witness told of what becomes of the flash.
func (b *Board) watch() {
	if b.cfg.Witness != nil {
		b.flash.Changed = func(c nor.Change) { b.cfg.Witness(Happening{At: time.Now(), Now: b.chip.Now(), Flash: c}) }
	}
}
