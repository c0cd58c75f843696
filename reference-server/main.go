// Reference-server stores the sealed readings that devices post to it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/espalier-hil/espalier/reference-server/serve"
)

func main() {
	err := serve.Command().ExecuteContext(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "reference-server:", err)
	}
	os.Exit(serve.ExitCode(err))
}
