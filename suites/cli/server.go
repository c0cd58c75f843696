package cli

import (
	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/reference-server/serve"
)

// serverCommand is the reference server under this roof: the container runs
// this same binary.
func serverCommand() *cobra.Command {
	cmd := serve.Command()
	cmd.Use = "server"
	return cmd
}
