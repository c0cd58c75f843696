package rig

import (
	"context"
	"errors"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/report"
)

// ErrNoROM reports a virtual board that has no mask ROM that could be read.
var ErrNoROM = errors.New("rig: this virtual board emulates its mask ROM, and has none")

// romBase is where the mask ROM is.
const romBase = 0x40000000

// ReadROM brings up the board alone, and reads its mask ROM by its loader. Then
// the board is reset. cfg needs Board and Port.
func ReadROM(ctx context.Context, cfg Config) (mask []byte, err error) {
	r := &Rig{Board: cfg.Board, cfg: cfg}
	read := func(ctx context.Context) error {
		if r.virtual != nil && r.ROM() == nil {
			return fault(report.InfraBoard, "reading the mask ROM", ErrNoROM)
		}
		loader, giveBack, err := r.loader(ctx)
		if err != nil {
			return err
		}
		r.say(Step{Name: "board", Detail: r.Chip.Chip + ", MAC " + r.Chip.MAC.String(), Over: true})
		mask, err = loader.ReadMemory(ctx, romBase, virtual.ROMSize, func(done, total int) {
			r.say(Step{Name: "rom", Done: done, Total: total, Over: done == total})
		})
		return fault(report.InfraBoard, "reading the mask ROM", errors.Join(err, giveBack()))
	}
	if _, err := r.bringUp(ctx, r.plug, read, r.leave); err != nil {
		return nil, err
	}
	return mask, r.Close(ctx)
}
