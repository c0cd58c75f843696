package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/crash"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
)

func monitorCommand() *cobra.Command {
	var p plug
	var reset bool
	var elf string
	cmd := &cobra.Command{
		Use:   "monitor",
		Short: "Print what a board says, from its ROM's first line on",
		Long: `Monitor prints every line of the board's console with the seconds since it was
opened, and marks the ROM's boot lines (↻) and the firmware's records ({). Where
a program crashes, it says what that means (†): the exception in words and, from
the program's ELF, the functions and lines that its addresses stand for. It ends
when it is interrupted, or when the port is lost.

Without --port it shows a new virtual board booting the reference firmware.`,
		Example: `  espalier monitor
  espalier monitor --port /dev/ttyUSB0 --reset
  espalier monitor --port /dev/ttyUSB0 --elf firmware.elf`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			desc, err := p.descriptor()
			if err != nil {
				return err
			}
			if reset && desc.Reset.Sequence == boards.Manual {
				return usage("--reset: a %s is reset by hand", desc.Name)
			}
			_, symbols, err := readELF(elf, nil)
			if err != nil {
				return err
			}
			line, err := port.Open(p.port, port.Config{Baud: desc.Console.Baud, Virtual: p.virtual(desc, 1)})
			if err != nil {
				return fail(report.CodePort, err)
			}
			furnished, err := furnish(line, desc)
			if err != nil {
				return fail(report.CodeFlash, errors.Join(err, line.Close()))
			}
			if symbols == nil && bytes.Equal(furnished, firmware.Image) {
				symbols = reference()
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
			return follow(cmd, c, symbols)
		},
	}
	p.flags(cmd)
	cmd.Flags().BoolVar(&reset, "reset", false, "reset the board by its pin first")
	cmd.Flags().StringVar(&elf, "elf", "", elfUsage)
	return cmd
}

// furnish gives a new virtual board something to say, and returns what that is;
// nil for a board that has it already.
func furnish(line boards.Port, desc *boards.Descriptor) ([]byte, error) {
	v, ok := line.(*port.Virtual)
	if !ok || !blank(v.Board) {
		return nil, nil
	}
	v.Board.PowerOff()
	defer v.Board.PowerOn()
	im, err := imageFor(desc, "")
	if err != nil {
		return nil, err
	}
	return im, v.Board.LoadFlash(0, im)
}

// reference returns the symbols of the firmware that is built in.
func reference() *crash.Symbols {
	symbols, err := crash.Load(firmware.ELF)
	if err != nil {
		panic("cli: internal error: " + err.Error())
	}
	return symbols
}

// follow prints what comes until the context or the port ends.
func follow(cmd *cobra.Command, c *console.Console, symbols *crash.Symbols) error {
	began, cursor := time.Now(), c.After(0)
	var dump crash.Dump
	said := 0
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
		death, _ := crash.Begins(item.Text)
		if item.Kind == console.BootUp || death != "" && dump.Ended() {
			dump, said = crash.Dump{}, 0
		}
		dump.Line(item.Text)
		text := dump.Text(symbols)
		for _, line := range text[said:] {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%9s %s %s\n", "", deathMark, printable(line)); err != nil {
				return unwritten(err)
			}
		}
		said = len(text)
	}
}

var anything = console.Matcher{What: "anything", Match: func(console.Item) bool { return true }}

var marks = map[console.Kind]string{console.Log: " ", console.BootUp: "↻", console.Record: "{", console.Sent: ">"}
