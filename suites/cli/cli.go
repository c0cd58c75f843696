// Package cli holds the commands of espalier. It is the top floor of the house
// and may see all the others; what it does is parse flags, call one package,
// and turn what came of it into words and an exit code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
)

// Version is the release's name; the Makefile sets it.
var Version string

// failure is an error with the exit code that belongs to it.
type failure struct {
	code report.Code
	err  error
}

func (f failure) Error() string { return f.err.Error() }
func (f failure) Unwrap() error { return f.err }

// fail gives err an exit code; nil stays nil.
func fail(code report.Code, err error) error {
	if err == nil {
		return nil
	}
	return failure{code, err}
}

// Main runs one command line and returns its exit code. Errors are one message
// on stderr.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var f failure
	if !errors.As(err, &f) {
		// Cobra's own complaints are about the command line.
		f = failure{report.CodeUsage, fmt.Errorf("%w\nTry espalier --help.", err)}
	}
	if f.err.Error() != "" {
		fmt.Fprintln(errs, "espalier:", f.err)
	}
	return int(f.code)
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "espalier",
		Short: "Test an ESP8266 and its backend end to end",
		Long: `Espalier flashes an ESP8266 over serial, makes it send sealed readings to a
backend, and checks both ends: keys and envelopes, sequence numbers that rise,
gaps that are tolerated, replays that are refused.

With no board at hand, a virtual ESP8266 executes the same image.

  espalier run                          everything, on a virtual board
  espalier run --port /dev/ttyUSB0      the same on silicon
  espalier help exit-codes              what the exit codes mean`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(runCommand(), flashCommand(), monitorCommand(), virtualCommand(),
		serverCommand(), sendCommand(), sealCommand(), openCommand(), versionCommand(), exitCodesTopic())
	return root
}
