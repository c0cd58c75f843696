package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/virtual"
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

// romTopic is `espalier help rom`.
func romTopic() *cobra.Command {
	return &cobra.Command{Use: "rom", Short: "How to run a mask ROM of your own", Long: fmt.Sprintf(`The virtual board answers at the addresses of the ESP8266's mask ROM with an
emulation of it. With --rom FILE it executes a dump of the real one instead,
from the reset vector on: boot log, loader and functions are then the chip's.

Espalier brings no such dump, since the code is Espressif's. Any board that you
own has one: its loader reads a word at a time, and the ROM are the %d words
from 0x40000000 on. With Espressif's esptool and the board on a serial port,

  esptool --port /dev/ttyUSB0 dump-mem 0x40000000 %d rom.bin
  espalier run --rom rom.bin

Results on a ROM that is known as a chip's, by its SHA-256, are graded
virtual+rom. Any other ROM leaves them virtual; the report names it.`, virtual.ROMSize/4, virtual.ROMSize)}
}
