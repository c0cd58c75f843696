package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
)

func flashCommand() *cobra.Command {
	var p plug
	var noAttest bool
	cmd := &cobra.Command{
		Use:   "flash [IMAGE]",
		Short: "Write an image to a board, and have the board prove it",
		Long: `Flash resets the board into its ROM's loader, writes a v1 image at offset 0,
resets it again, and has the firmware digest its flash under a fresh nonce.
Without IMAGE it writes the reference firmware. Firmware that does not speak the
control protocol cannot prove anything: --no-attest leaves it at the ROM's own
read-back of each block.`,
		Example: `  espalier flash --port /dev/ttyUSB0 --board nodemcu-v2
  espalier flash --port /dev/ttyUSB0 --no-attest blink.bin`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			desc, err := p.descriptor()
			if err != nil {
				return err
			}
			im, err := readImage(first(args))
			if err != nil {
				return err
			}
			show := newScreen(cmd.OutOrStdout())
			r, err := rig.Program(cmd.Context(), rig.Config{
				Board: desc, Port: p.port, Virtual: virtual.Config{FlashFile: p.flash}, Image: im, NoAttest: noAttest, Progress: show.step})
			if err != nil {
				return fail(rig.Classify(report.Harness, err).Code(), err)
			}
			return fail(report.CodePort, r.Close(cmd.Context()))
		},
	}
	p.flags(cmd)
	cmd.Flags().BoolVar(&noAttest, "no-attest", false, "do not wait for the firmware to prove what it is")
	return cmd
}

// maxImage bounds what is read as an image; the flash window maps no more.
const maxImage = 1 << 20

// loadImage reads and checks an image file.
func loadImage(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading the image: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxImage {
		return nil, fmt.Errorf("reading the image: %s is no regular file of at most %d bytes", path, maxImage)
	}
	p, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the image: %w", err)
	}
	if _, _, err := image.Parse(p); err != nil {
		return nil, fmt.Errorf("reading the image %s: %w; what can be flashed is a v1 image, as `make firmware` makes it", path, err)
	}
	return p, nil
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}
