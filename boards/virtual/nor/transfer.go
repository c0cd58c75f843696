package nor

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrCommand is the class of a command that this chip is not known to have.
var ErrCommand = errors.New("the flash has no such command")

// command is what the chip does on one of its commands.
type command struct {
	// args and most are how many bytes must and may follow before the chip is
	// deselected; else the command has no effect.
	args, most int
	// busy: even while another command is carried out.
	busy bool
	// change: it counts as ignored where it has no effect.
	change bool
	run    func(c *Chip, args, in []byte) error
}

const unlimited = math.MaxInt

// commands are those of the W25Q32 (its data sheet, 7.2) over a single line, by
// the first byte.
var commands = map[byte]command{
	0x01: {1, 2, false, true, func(c *Chip, args, _ []byte) error { c.WriteStatus(args[0]); return nil }},
	0x02: {4, unlimited, false, true, func(c *Chip, args, _ []byte) error { return c.Program(address(args), args[3:]) }},
	0x03: {3, unlimited, false, false, func(c *Chip, args, in []byte) error { c.Read(address(args), in); return nil }},
	0x04: {0, 0, false, false, func(c *Chip, _, _ []byte) error { c.WriteDisable(); return nil }},
	0x05: {0, unlimited, true, false, func(c *Chip, _, in []byte) error { repeat(in, c.Status()); return nil }},
	0x06: {0, 0, false, false, func(c *Chip, _, _ []byte) error { c.WriteEnable(); return nil }},
	0x0b: {4, unlimited, false, false, func(c *Chip, args, in []byte) error { c.Read(address(args), in); return nil }}, // after a dummy byte
	0x20: {3, 3, false, true, func(c *Chip, args, _ []byte) error { return c.Erase(address(args), SectorSize) }},
	0x35: {0, unlimited, true, false, func(_ *Chip, _, in []byte) error { repeat(in, 0); return nil }}, // the second status register
	// What this chip is too old for, and ignores: the table of its parameters
	// (SFDP), and a reset by two commands. esptool sends them to any chip.
	0x5a: {4, unlimited, false, false, ignore},
	0x66: {0, 0, false, false, ignore},
	0x99: {0, 0, false, false, ignore},
	0x60: {0, 0, false, true, func(c *Chip, _, _ []byte) error { return c.Erase(0, len(c.Data)) }},
	0x90: {3, 3, false, false, func(c *Chip, args, in []byte) error { c.identify(in, args[2]); return nil }},
	0x9f: {0, 0, false, false, func(c *Chip, _, in []byte) error {
		id := binary.LittleEndian.AppendUint32(nil, c.ID())
		copy(in, id[:3])
		return nil
	}},
	0xab: {0, 3, false, false, func(c *Chip, args, in []byte) error { // wakes a chip that is never powered down
		if len(args) == 3 {
			repeat(in, c.device())
		}
		return nil
	}},
	0xc7: {0, 0, false, true, func(c *Chip, _, _ []byte) error { return c.Erase(0, len(c.Data)) }},
	0xd8: {3, 3, false, true, func(c *Chip, args, _ []byte) error { return c.Erase(address(args), BlockSize) }},
}

func ignore(*Chip, []byte, []byte) error { return nil }

// Transfer is one selection of the chip: out are the bytes that it is sent, in
// those that it then sends. What the chip does not drive reads as ones. The
// error is an [ErrCommand], or the backing file's.
func (c *Chip) Transfer(out, in []byte) error {
	blank(in)
	if len(out) == 0 {
		return nil
	}
	cmd, ok := commands[out[0]]
	args := out[1:]
	switch {
	case !ok:
		return fmt.Errorf("nor: command 0x%02x: %w", out[0], ErrCommand)
	case len(args) < cmd.args || len(args) > cmd.most || c.busy() && !cmd.busy:
		if cmd.change {
			c.Counters.Ignored++
		}
		return nil
	}
	return cmd.run(c, args, in)
}

// device is the name that the older commands give the chip.
func (c *Chip) device() byte { return byte(c.ID()>>16) - 1 }

// identify says by turns who made the chip and which one it is, the latter
// first at odd addresses.
func (c *Chip) identify(in []byte, address byte) {
	for i := range in {
		in[i] = byte(c.ID())
		if (i+int(address))%2 == 1 {
			in[i] = c.device()
		}
	}
}

func repeat(in []byte, b byte) {
	for i := range in {
		in[i] = b
	}
}

// address reads the first three bytes of args.
func address(args []byte) uint32 {
	return uint32(args[0])<<16 | uint32(args[1])<<8 | uint32(args[2])
}
