package virtual

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// ErrSnapshot is returned where a board cannot be kept, or not be brought back.
var ErrSnapshot = errors.New("virtual: no snapshot")

// Snapshot is a board at one moment: core, memories, peripherals, flash, clock,
// and what is on its way between it and its host. It never changes, and any
// number of boards may be brought to it, at once too.
type Snapshot struct {
	chip   *soc.Snapshot
	rom    maskrom.State
	board  state
	out    []byte
	events []event
	flight []flying
}

// Snapshot returns the board as it is, but for a cut that is to come. It costs
// two copies of the RAM and one of each sector of the flash that has changed
// since the last one. A board that is not connected, has halted, or has a
// connection of its own open cannot be kept.
func (b *Board) Snapshot() (*Snapshot, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.whole(); err != nil {
		return nil, err
	}
	chip, err := b.chip.Snapshot()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	s := &Snapshot{chip: chip, board: b.board, out: bytes.Clone(b.out), events: b.inbox.all()}
	if b.rom != nil {
		s.rom = b.rom.Snapshot()
	}
	if b.pacer != nil {
		s.flight = slices.Clone(b.pacer.flight)
	}
	return s, nil
}

// Restore brings the board to s, on whatever board of the same configuration
// that was taken. What the host has done to this one and the board has not
// attended to is forgotten, as is a cut that was to come.
func (b *Board) Restore(s *Snapshot) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.whole(); err != nil {
		return err
	}
	if err := b.chip.Restore(s.chip); err != nil {
		return fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	if b.rom != nil {
		b.rom.Restore(s.rom)
	}
	b.board, b.out = s.board, append(b.out[:0], s.out...)
	b.inbox.set(s.events)
	if b.pacer != nil {
		b.pacer = &pacer{wall: time.Now(), virtual: b.chip.Now(), flight: slices.Clone(s.flight)}
	}
	return nil
}

// whole objects to a board that does not run. Callers hold mu.
func (b *Board) whole() error {
	switch {
	case b.err != nil:
		return fmt.Errorf("%w: %w", ErrSnapshot, b.err)
	case b.chip == nil:
		return fmt.Errorf("%w: the board is not connected: a port comes first", ErrSnapshot)
	}
	return nil
}
