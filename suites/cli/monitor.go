package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
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
		Long: `Monitor prints every line of the board's console with the seconds since it was
opened, and marks the ROM's boot lines (↻) and the firmware's records ({). It
ends when it is interrupted, or when the port is lost.

Without --port it shows a new virtual board booting the reference firmware.`,
		Example: `  espalier monitor
  espalier monitor --port /dev/ttyUSB0 --reset`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			desc, err := p.descriptor()
			if err != nil {
				return err
			}
			if reset && desc.Reset.Sequence == boards.Manual {
				return usage("--reset: a %s is reset by hand", desc.Name)
			}
			line, err := port.Open(p.port, port.Config{Baud: desc.Console.Baud, Virtual: p.virtual(desc, 1)})
			if err != nil {
				return fail(report.CodePort, err)
			}
			if err := furnish(line, desc); err != nil {
				return fail(report.CodeFlash, errors.Join(err, line.Close()))
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

// furnish gives a new virtual board something to say.
func furnish(line boards.Port, desc *boards.Descriptor) error {
	v, ok := line.(*port.Virtual)
	if !ok || !blank(v.Board) {
		return nil
	}
	v.Board.PowerOff()
	defer v.Board.PowerOn()
	im, err := imageFor(desc, "")
	if err != nil {
		return err
	}
	return v.Board.LoadFlash(0, im)
}

// follow prints what comes until the context or the port ends.
func follow(cmd *cobra.Command, c *console.Console) error {
	began, cursor := time.Now(), c.After(0)
	for {
		item, err := cursor.Expect(cmd.Context(), anything)
		switch {
		case errors.Is(err, context.Canceled) || cmd.Context().Err() != nil:
			return nil
		case err != nil:
			return fail(report.CodePort, err)
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%9.3f %s %s\n", item.At.Sub(began).Seconds(), marks[item.Kind], printable(item.Text)); err != nil {
			return unwritten(err)
		}
	}
}

var anything = console.Matcher{What: "anything", Match: func(console.Item) bool { return true }}

var marks = map[console.Kind]string{console.Log: " ", console.BootUp: "↻", console.Record: "{", console.Sent: ">"}
