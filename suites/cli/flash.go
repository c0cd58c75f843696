package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

func flashCommand() *cobra.Command {
	var p plug
	var noAttest bool
	var elf string
	cmd := &cobra.Command{
		Use:   "flash [IMAGE]",
		Short: "Write an image to a board, and have the board prove it",
		Long: `Flash resets the board into its ROM's loader, writes a v1 image at offset 0,
resets it again, and has the firmware digest its flash under a fresh nonce.
Without IMAGE it writes the reference firmware. Firmware that does not speak the
control protocol cannot prove anything: --no-attest leaves it at the ROM's own
read-back of each block.

A board without reset circuit (--board esp-01) is reset by hand, when Flash asks
for it.`,
		Example: `  espalier flash --flash board.bin    # a virtual board, kept in a file
  espalier flash --port /dev/ttyUSB0 --board nodemcu-v2
  espalier flash --port /dev/ttyUSB0 --no-attest blink.bin`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("%s takes one image, and got %d", cmd.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			desc, err := p.descriptor()
			if err != nil {
				return err
			}
			var path string
			if len(args) > 0 {
				path = args[0]
			}
			im, err := imageFor(desc, path)
			if err != nil {
				return err
			}
			program, _, err := readELF(elf, im)
			if err != nil {
				return err
			}
			show := newScreen(cmd.OutOrStdout(), 0)
			r, err := rig.Program(cmd.Context(), rig.Config{
				Board: desc, Port: p.port, Virtual: p.virtual(desc, 1), Image: im, ELF: program, NoAttest: noAttest, Progress: show.step})
			if err != nil {
				show.failed()
				if cmd.Context().Err() != nil {
					return fail(report.CodeHarness, fmt.Errorf("%w; the board may hold half an image: flash it again", errInterrupted))
				}
				return fail(rig.Classify(report.Harness, err).Code(), fmt.Errorf("%w%s", err, lastWords(err)))
			}
			return fail(report.CodePort, r.Close(cmd.Context()))
		},
	}
	p.flags(cmd)
	cmd.Flags().StringVar(&elf, "elf", "", elfUsage+" (default the reference firmware's, for that)")
	cmd.Flags().BoolVar(&noAttest, "no-attest", false, "do not wait for the firmware to prove what it is")
	return cmd
}
