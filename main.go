// Command espalier flashes an ESP8266, makes it send sealed readings to a
// backend, and says whether both keep the protocol.
package main

import (
	"os"

	"github.com/espalier-hil/espalier/suites/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
