package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/vectors"
)

// version returns what the build was told it is, or what Go knows of it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if Version != "" || !ok {
		return Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say what this is made of",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			im, size, err := image.Parse(firmware.Image)
			if err != nil {
				return fail(report.CodeHarness, err)
			}
			index, err := vectors.ReadIndex()
			if err != nil {
				return fail(report.CodeHarness, err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "espalier %s, %s %s/%s\nfirmware %d bytes, checksum %02x\nvectors %s, %d tests, format %s, for protocol %s\n",
				version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, size, im.Checksum(),
				index.VectorsVersion, index.NumberOfTests, index.FormatVersion, index.SpecVersion)
			return nil
		},
	}
}
