package port

import (
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
)

var _ boards.Port = (*Virtual)(nil)

// Virtual is the port of a virtual board: bytes and speed go through a pseudo
// terminal, opened like any serial port; DTR and RTS go to the board. Closing
// it takes the board out of use.
type Virtual struct {
	*tty
	Board *virtual.Board
}

func openVirtual(cfg Config) (boards.Port, error) {
	board, err := virtual.New(cfg.Virtual)
	if err != nil {
		return nil, fmt.Errorf("port: making a virtual board: %w", err)
	}
	// Opening a terminal throws away what it holds, so the board is kept in
	// reset until that is done: its first words are the ROM's boot line.
	board.SetRTS(true)
	path, err := board.OpenPTY()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("port: connecting a virtual board: %w", err), board.Close())
	}
	t, err := openTTY(path, cfg.Baud)
	if err != nil {
		return nil, errors.Join(err, board.Close())
	}
	board.SetRTS(false)
	return &Virtual{t, board}, nil
}

// Read implements [boards.Port]. When the board has halted, the error says why.
func (v *Virtual) Read(p []byte) (int, error) {
	n, err := v.tty.Read(p)
	return n, v.explain(err)
}

func (v *Virtual) Write(p []byte) (int, error) {
	n, err := v.tty.Write(p)
	return n, v.explain(err)
}

func (v *Virtual) explain(err error) error {
	if halt := v.Board.Err(); err != nil && halt != nil {
		return fmt.Errorf("%w: %w", err, halt)
	}
	return err
}

func (v *Virtual) SetDTR(asserted bool) error {
	return v.change("setting DTR", func() error { v.Board.SetDTR(asserted); return nil })
}

func (v *Virtual) SetRTS(asserted bool) error {
	return v.change("setting RTS", func() error { v.Board.SetRTS(asserted); return nil })
}

// SetLines moves DTR and RTS in one step.
func (v *Virtual) SetLines(dtr, rts bool) error {
	return v.change("setting DTR and RTS", func() error { v.Board.SetLines(dtr, rts); return nil })
}

func (v *Virtual) Close() error { return errors.Join(v.tty.Close(), v.Board.Close()) }
