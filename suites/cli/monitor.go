package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
)

func monitorCommand() *cobra.Command {
	var p plug
	var reset bool
	cmd := &cobra.Command{
		Use:   "monitor",
		Short: "Print what a board says, from its ROM's first line on",
		Long: `Monitor prints every line of the board's console with the time since it was
opened, and marks the ROM's boot lines and the firmware's records. It ends when
it is interrupted, or when the port is lost.`,
		Example: `  espalier monitor --port /dev/ttyUSB0 --reset`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			desc, err := p.descriptor()
			if err != nil {
				return err
			}
			line, err := port.Open(p.port, port.Config{Baud: desc.Console.Baud, Virtual: virtual.Config{FlashFile: p.flash}})
			if err != nil {
				return fail(report.CodePort, err)
			}
			c, err := console.New(line, console.Config{})
			if err != nil {
				return fail(report.CodePort, errors.Join(err, line.Close()))
			}
			defer c.Close()
			if reset {
				if err := rom.Hard(time.Duration(desc.Reset.Hold)).Run(cmd.Context(), c); err != nil {
					return fail(report.CodePort, err)
				}
			}
			return follow(cmd, c)
		},
	}
	p.flags(cmd)
	cmd.Flags().BoolVar(&reset, "reset", false, "reset the board by its pin first")
	return cmd
}

// follow prints what comes until the context or the port ends.
func follow(cmd *cobra.Command, c *console.Console) error {
	began, cursor := time.Now(), c.After(0)
	for {
		item, err := cursor.Expect(cmd.Context(), anything)
		var crash *console.Crash
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case errors.As(err, &crash):
			return fail(report.CodeCrash, err)
		case err != nil:
			return fail(report.CodePort, err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%9.3f %s %s\n", item.At.Sub(began).Seconds(), marks[item.Kind], item.Text)
	}
}

var anything = console.Matcher{What: "anything", Match: func(console.Item) bool { return true }}

var marks = map[console.Kind]string{console.Log: " ", console.BootUp: "↻", console.Record: "{", console.Sent: ">"}
