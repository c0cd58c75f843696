package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/powercut"
)

// cuts is how many power cuts are explored: a flag's value.
type cuts struct {
	name string
	powercut.Size
}

var cutSizes = map[string]powercut.Size{"all": powercut.All, "some": powercut.Some}

// allCuts is the value of a flag that was not given.
func allCuts() cuts { return cuts{"all", powercut.All} }

const cutsUsage = "`how` many power cuts are explored: all, some 20,000 in about a minute, or some"

func (c *cuts) String() string { return c.name }

func (c *cuts) Set(s string) error {
	size, ok := cutSizes[s]
	if !ok {
		return fmt.Errorf("%q is neither all nor some", s)
	}
	*c = cuts{s, size}
	return nil
}

func (*cuts) Type() string { return "how" }

func powercutCommand() *cobra.Command {
	size := allCuts()
	var rom romFlag
	var image, at string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "powercut",
		Short: "Cut the power of a virtual board in every pulse of its flash",
		Long: `Powercut runs a device's firmware on virtual boards whose power fails: in each
flash pulse of a thousand sends around and between six changes of sectors of the
SEQN log, in each pulse of three provisionings and of the boot behind a cut one,
and then again and again, at random instructions, bytes and pulses. The pulse in
which it fails is left half done, with cells that read differently twice.

The device must come back from each, be who it was or who it was being made,
whole, repeat no SEQN and skip at most one for each cut. The first promise that
is broken ends it, with the place of the cut: --seed and --at make just that one
again. The firmware speaks the control protocol, and needs no backend.

This is what the device suite of espalier run does, and nothing else.`,
		Example: `  espalier powercut
  espalier powercut --image build/firmware/chip-ref/espalier-ref.bin --cuts some
  espalier powercut --seed 7 --at send-256/9`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			im, err := readImage(image)
			if err != nil {
				return err
			}
			if err := rom.read(); err != nil {
				return err
			}
			if seed == 0 {
				seed = rand.Uint64N(math.MaxUint32) + 1
			}
			cfg := powercut.Config{Image: im, Given: boardWords(image, rom.path), ROM: rom.data, Seed: seed, Size: size.Size}
			explore := powercut.Explore
			if at != "" {
				place, err := powercut.ParsePlace(at)
				if err != nil {
					return usage("--at: %w", err)
				}
				explore = func(ctx context.Context, cfg powercut.Config) (powercut.Count, error) {
					return powercut.Repeat(ctx, cfg, place)
				}
			}
			n, err := explore(cmd.Context(), cfg)
			return sayCuts(cmd, seed, n, err)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&image, "image", "", "v1 image in this `file` instead of the reference firmware")
	fl.Uint64Var(&seed, "seed", 0, "`number` that decides what each cut leaves (default random)")
	fl.StringVar(&at, "at", "", "make the cuts of this `place` alone, as it was named")
	fl.Var(&size, "cuts", cutsUsage)
	rom.flags(cmd)
	return cmd
}

// sayCuts tells what an exploration found.
func sayCuts(cmd *cobra.Command, seed uint64, n powercut.Count, err error) error {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "seed %d\n%s\n", seed, n)
	var v *powercut.Violation
	switch {
	case err == nil:
		fmt.Fprintln(out, "held")
		return nil
	case errors.As(err, &v):
		fmt.Fprintf(out, "broken: %s\n", v.What)
		for i, line := range v.Last {
			fmt.Fprintf(out, "%s%s\n", [...]string{"  last:  ", "         "}[min(i, 1)], line)
		}
		fmt.Fprintf(out, "  again: %s\n", v.Repeat())
		return failure{code: report.CodeNonconformant}
	case errors.Is(err, powercut.ErrPlace):
		return fail(report.CodeUsage, err)
	case cmd.Context().Err() != nil:
		return fail(report.CodeHarness, errInterrupted)
	}
	return fail(report.CodeHarness, err)
}
