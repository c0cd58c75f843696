package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
)

// plug says which board, and where it is plugged in.
type plug struct {
	port, board, flash string
	rom                romFlag
	pace               paceFlag
}

func (p *plug) flags(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&p.port, "port", port.VirtualScheme, "serial `port` of the board, as /dev/ttyUSB0, COM3, or rfc2217://host:4000 where one is served; virtual: is a new virtual board")
	fl.StringVar(&p.board, "board", "", "`kind` of board: "+strings.Join(boards.Names(), ", ")+", or the path of a .yaml file (default nodemcu-v2 on any port but virtual:)")
	fl.StringVar(&p.flash, "flash", "", "`file` that keeps the virtual board's flash; made if it is not there")
	p.rom.flags(cmd)
	p.pace.flags(cmd)
}

// descriptor returns the board that is named, or the usual one for the port.
func (p *plug) descriptor() (*boards.Descriptor, error) {
	name := p.board
	if name == "" {
		name = "nodemcu-v2"
		if p.port == port.VirtualScheme {
			name = "virtual"
		}
	}
	if p.flash != "" && p.port != port.VirtualScheme {
		return nil, usage("--flash is for the virtual board, and --port names %s", p.port)
	}
	if p.rom.path != "" && p.port != port.VirtualScheme {
		return nil, usage("--rom is for the virtual board, and --port names %s, which has its own", p.port)
	}
	if p.pace.Pace != virtual.NoPace && p.port != port.VirtualScheme {
		return nil, usage("--pace is for the virtual board, and --port names %s: bytes take their time there", p.port)
	}
	desc, err := boards.Lookup(name)
	if err != nil {
		return nil, usage("--board: %w", err)
	}
	if err := p.rom.read(); err != nil {
		return nil, err
	}
	return desc, checkFlash(p.flash, desc.Flash.Bytes())
}

// virtual returns the virtual board that stands in for desc.
func (p *plug) virtual(desc *boards.Descriptor, seed uint64) virtual.Config {
	return virtual.Config{ROM: p.rom.data, FlashFile: p.flash, FlashSize: desc.Flash.Bytes(), Seed: seed, Pace: p.pace.Pace}
}

// checkFlash objects to a file that is no flash of size bytes; one that is not
// there yet will be.
func checkFlash(path string, size int) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return usage("--flash: it cannot be made: %w", err)
		}
		return fail(report.CodeUsage, errors.Join(f.Close(), os.Remove(path)))
	case err != nil:
		return usage("--flash: %w", err)
	case !info.Mode().IsRegular():
		return usage("--flash: %s is no regular file", path)
	case info.Size() != 0 && info.Size() != int64(size):
		return usage("--flash: %s has %d bytes, and the board's flash %d: it is no flash of such a board", path, info.Size(), size)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return usage("--flash: %w", err)
	}
	return f.Close()
}
