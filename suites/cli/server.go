package cli

import (
	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/reference-server/serve"
)

// serverCommand is the reference server under this roof: the container runs
// this same binary.
func serverCommand() *cobra.Command {
	cmd := serve.Command()
	cmd.Use, cmd.Short = "server", "Be a backend: the reference server"
	cmd.Example = `  espalier server --db readings.db --device 12FA:2B7E151628AED2A6ABF7158809CF4F3C:0
  espalier server --db readings.db --devices devices.yaml --listen :1880`
	cmd.Args = noArguments
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return err })
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := run(cmd, args)
		return fail(report.Code(serve.ExitCode(err)), err)
	}
	return cmd
}
