package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

// romFlag is --rom: a mask ROM that the virtual board executes.
type romFlag struct {
	path string
	data []byte // once read; nil without --rom
}

func (r *romFlag) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.path, "rom", "", "`file` with a dump of an ESP8266's mask ROM, which the virtual board executes instead of Espalier's own (espalier help rom)")
}

// read reads the file, if one is named.
func (r *romFlag) read() error {
	if r.path == "" {
		return nil
	}
	p, err := readRegular(r.path, 1<<20)
	if err == nil {
		err = virtual.CheckROM(p)
	}
	if err != nil {
		return usage("--rom %s: %w; espalier help rom tells how to get one", r.path, err)
	}
	r.data = p
	return nil
}

func romCommand() *cobra.Command {
	var p plug
	var out string
	cmd := &cobra.Command{
		Use:   "rom",
		Short: "Read the mask ROM of a board into a file, for --rom",
		Long: fmt.Sprintf(`Rom reads the mask ROM of a board by its own loader, word by word: %d of them
from 0x40000000 on, in a minute or some. It writes nothing to the board.

The virtual board answers at the addresses of that ROM with an emulation of it.
With --rom FILE it executes the code in the file instead, from the reset vector
on: boot log, loader and functions are then the chip's. Espalier brings no such
file, since the code is Espressif's, but every ESP8266 that you own has one.

Results on a ROM that is known as a chip's, by its SHA-256, are graded
virtual+rom. Any other ROM leaves them virtual; the report names it.`, virtual.ROMSize/4),
		Example: `  espalier rom --port /dev/ttyUSB0 --out rom.bin
  espalier run --rom rom.bin`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			desc, err := p.descriptor()
			if err != nil {
				return err
			}
			if p.port == port.VirtualScheme && p.rom.data == nil {
				return usage("a virtual board emulates its mask ROM, and has none to read; name a board with --port")
			}
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if err != nil {
				return usage("--out: %w", err)
			}
			err = readROM(cmd, f, rig.Config{Board: desc, Port: p.port, Virtual: p.virtual(desc, 1)})
			if err = errors.Join(err, fail(report.CodeHarness, f.Close())); err != nil {
				err = errors.Join(err, os.Remove(out))
			}
			return err
		},
	}
	p.flags(cmd)
	cmd.Flags().StringVar(&out, "out", "rom.bin", "`file` to write, which must not be there yet")
	return cmd
}

// readROM writes the ROM of a board to f, and says what it is.
func readROM(cmd *cobra.Command, f *os.File, cfg rig.Config) error {
	show := newScreen(cmd.OutOrStdout(), 0)
	cfg.Progress = show.step
	p, err := rig.ReadROM(cmd.Context(), cfg)
	if err != nil {
		show.failed()
		if cmd.Context().Err() != nil {
			return fail(report.CodeHarness, errInterrupted)
		}
		return fail(rig.Classify(report.Harness, err).Code(), err)
	}
	if _, err := f.Write(p); err != nil {
		return fail(report.CodeHarness, err)
	}
	rom := boards.IdentifyROM(p)
	fmt.Fprintf(cmd.OutOrStdout(), "\n%s: %d bytes, SHA-256 %s,\n%s\n", f.Name(), len(p), rom.SHA256, rom.What)
	return nil
}
