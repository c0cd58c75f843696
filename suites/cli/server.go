package cli

import (
	"strings"

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
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return err })
	for _, c := range append(cmd.Commands(), cmd) {
		c.Args = noArguments
		c.Example = strings.ReplaceAll(c.Example, "reference-server", "espalier server")
		run := c.RunE
		c.RunE = func(c *cobra.Command, args []string) error {
			err := run(c, args)
			return fail(report.Code(serve.ExitCode(err)), err)
		}
	}
	return cmd
}
