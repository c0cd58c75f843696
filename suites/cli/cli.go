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
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
)

// Version is the release's name; the Makefile sets it.
var Version string

// failure is an error with the exit code that belongs to it. Without an error
// everything has been said.
type failure struct {
	code report.Code
	err  error
}

func (f failure) Error() string { return fmt.Sprint(f.err) }
func (f failure) Unwrap() error { return f.err }

// fail gives err an exit code; nil stays nil.
func fail(code report.Code, err error) error {
	if err == nil {
		return nil
	}
	return failure{code, err}
}

// usage is a failure of whoever wrote the command line.
func usage(format string, args ...any) error {
	return failure{report.CodeUsage, fmt.Errorf(format, args...)}
}

// Main runs one command line and returns its exit code. Errors are one message
// on errs. The first interrupt asks the command to end, the second ends it.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	root := command()
	root.SetArgs(args)
	root.SetIn(in)
	guarded := &output{Writer: out}
	root.SetOut(guarded)
	root.SetErr(errs)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = guarded.lost()
	}
	if err == nil {
		return 0
	}
	var f failure
	if !errors.As(err, &f) {
		// Cobra's own complaints are about the command line.
		f = failure{report.CodeUsage, fmt.Errorf("%s; try %s --help", oneLine(err.Error()), cmd.CommandPath())}
	}
	if f.err != nil {
		fmt.Fprintln(errs, "espalier:", harmless(f.err.Error()))
	}
	return int(f.code)
}

// oneLine returns what cobra says of a command that it does not know, and of
// those that come near, in one line.
func oneLine(text string) string {
	text, near, found := strings.Cut(text, "\n\nDid you mean this?\n")
	if found {
		text += " (did you mean " + strings.Join(strings.Fields(near), " or ") + "?)"
	}
	return strings.ReplaceAll(text, "\n", " ")
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "espalier",
		Short: "Test an ESP8266 and its backend end to end",
		Long: `Espalier flashes an ESP8266 over serial, makes it send sealed readings to a
backend, and checks both ends: keys and envelopes, sequence numbers that rise,
gaps that are tolerated, replays that are refused.

With no board at hand, a virtual ESP8266 executes the same image.`,
		Example: `  espalier run                        # everything, on a virtual board
  espalier run --port /dev/ttyUSB0    # the same on silicon
  espalier help exit-codes            # what the exit codes mean`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80") + exitCodesEnd)
	root.SetHelpCommand(helpCommand())
	root.AddGroup(&cobra.Group{ID: "run", Title: "The main job:"},
		&cobra.Group{ID: "board", Title: "Boards:"}, &cobra.Group{ID: "wire", Title: "Readings and backends:"})
	for id, group := range map[string][]*cobra.Command{
		"run":   {runCommand(), soakCommand()},
		"board": {flashCommand(), monitorCommand(), virtualCommand(), romCommand(), powercutCommand()},
		"wire":  {conformCommand(), vectorsCommand(), sealCommand(), openCommand(), sendCommand(), serverCommand(), reportCommand()},
	} {
		for _, cmd := range group {
			cmd.GroupID = id
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(versionCommand(), exitCodesTopic(), hooksTopic())
	return root
}

// helpCommand is cobra's, except that what it does not know is an error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("there is no help on %q", strings.Join(args, " "))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// noArguments refuses arguments, of which most are flags without their dashes.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes flags and no arguments, and got %q", cmd.CommandPath(), args[0])
	}
	return nil
}
