package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/harness/report"
)

func virtualCommand() *cobra.Command {
	var flash, im, url string
	var rom romFlag
	var pace paceFlag
	var loader bool
	var seed uint64
	cmd := &cobra.Command{
		Use:   "virtual",
		Short: "Power a virtual ESP8266 and leave it to others",
		Long: `Virtual powers a virtual ESP8266 behind a pseudo terminal and prints one line
with its path. Any serial program may open it: the board boots from its flash,
and prints its ROM's boot log at 74880 baud like any other. It runs until it is
interrupted.

A pseudo terminal has no modem lines, so nobody can reset the board through it.
With --listen the board is served by RFC 2217 instead, lines and all, to one
program at a time; espalier, esptool and pyserial name it by the same URL. Who
can reach that address can use the board: there is no password. When a program
goes, DTR and RTS are dropped, and the board runs on.

The board's buttons are lines on standard input:

  Enter     switch the board off and on
  l Enter   the same with GPIO0 held low: the ROM's loader waits for a flasher

--loader powers it like that from the start. To a flasher it is a board that is
reset by hand.`,
		Example: `  espalier virtual --flash board.bin
  espalier monitor --port /dev/pts/3                 # in another terminal

  espalier virtual --listen rfc2217://127.0.0.1:4000
  espalier run --port rfc2217://127.0.0.1:4000       # in another terminal

  espalier virtual --loader --flash board.bin
  espalier flash --port /dev/pts/3 --board esp-01    # in another terminal`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			program, err := readImage(im)
			if err != nil {
				return err
			}
			if err := checkFlash(flash, flashSize); err != nil {
				return err
			}
			if err := rom.read(); err != nil {
				return err
			}
			l, err := listen(url)
			if err != nil {
				return err
			}
			if l != nil {
				defer l.Close()
			}
			b, err := virtual.New(virtual.Config{ROM: rom.data, FlashFile: flash, FlashSize: flashSize, Seed: seed, Pace: pace.Pace, Log: cmd.ErrOrStderr()})
			switch {
			case errors.Is(err, nor.ErrInUse):
				return fail(report.CodePort, err)
			case err != nil:
				return usage("--flash: %w", err)
			}
			defer b.Close()
			if cmd.Flags().Changed("image") || blank(b) && !loader {
				if err := b.LoadFlash(0, program); err != nil {
					return fail(report.CodeFlash, err)
				}
			}
			if loader {
				b.HoldGPIO0()
			}
			path, served, err := power(cmd, b, l)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "virtual ESP8266 ready on %s\n", path); err != nil {
				return unwritten(err)
			}
			leaveBackground()
			go press(b, cmd.InOrStdin())
			return keep(cmd, b, l, served)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&flash, "flash", "", "`file` that keeps the flash; made if it is not there")
	rom.flags(cmd)
	pace.flags(cmd)
	fl.StringVar(&im, "image", "", "put the image in this `file` into the flash first (a blank flash gets the reference firmware)")
	fl.StringVar(&url, "listen", "", "serve the board at this `URL`, as rfc2217://127.0.0.1:4000 (port 0: any that is free)")
	fl.BoolVar(&loader, "loader", false, "power the board with GPIO0 low")
	fl.Uint64Var(&seed, "seed", 1, "`seed` of the random numbers")
	return cmd
}

// flashSize is that of most modules.
const flashSize = 4 << 20

// press does with the board what a person does with one on a desk, line by
// line, until there are no more.
func press(b *virtual.Board, in io.Reader) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		switch lines.Text() {
		case "":
		case "l":
			b.HoldGPIO0()
		default:
			continue
		}
		b.PowerCycle()
	}
}

// blank reports whether nothing was ever written where the ROM looks for a
// program.
func blank(b *virtual.Board) bool { return b.FlashBytes(0, 1)[0] == 0xff }
