package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/report"
)

func virtualCommand() *cobra.Command {
	var flash, im string
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
--loader powers it with GPIO0 low instead: it waits in its ROM's loader, for a
flasher that is told not to reset.`,
		Example: `  espalier virtual --flash board.bin
  espalier virtual --loader --flash board.bin`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			program, err := readImage(im)
			if err != nil {
				return err
			}
			b, err := virtual.New(virtual.Config{FlashFile: flash, Seed: seed, Log: cmd.ErrOrStderr()})
			if err != nil {
				return fail(report.CodeBoard, err)
			}
			defer b.Close()
			if cmd.Flags().Changed("image") || blank(b) && !loader {
				if err := b.LoadFlash(0, program); err != nil {
					return fail(report.CodeFlash, err)
				}
			}
			b.SetDTR(loader)
			path, err := b.OpenPTY()
			if err != nil {
				return fail(report.CodePort, err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "virtual ESP8266 ready on %s\n", path)
			select {
			case <-cmd.Context().Done():
				return nil
			case <-b.Halted():
				return fail(report.CodeCrash, b.Err())
			}
		},
	}
	cmd.Flags().StringVar(&flash, "flash", "", "file that keeps the flash; made if it is not there")
	cmd.Flags().StringVar(&im, "image", "", "put this image into the flash first; a blank flash gets the reference firmware")
	cmd.Flags().BoolVar(&loader, "loader", false, "power the board with GPIO0 low")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the random numbers")
	return cmd
}

// blank reports whether nothing was ever written where the ROM looks for a
// program.
func blank(b *virtual.Board) bool { return b.FlashBytes(0, 1)[0] == 0xff }
