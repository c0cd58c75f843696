package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/vectors"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say what this is made of",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			im, size, err := image.Parse(firmware.Image)
			if err != nil {
				return fail(report.CodeHarness, err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "espalier %s, %s %s/%s\nfirmware %d bytes, checksum %02x\nvectors %s\n",
				Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, size, im.Checksum(), vectors.Version)
			return nil
		},
	}
}
