package cli

import (
	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// paceFlag is --pace: what time bytes take to and from the virtual board.
type paceFlag struct{ virtual.Pace }

func (p *paceFlag) flags(cmd *cobra.Command) {
	cmd.Flags().Var(p, "pace", "what `time` the virtual board's serial bytes take: none, or real, by which it also keeps behind the wall clock")
}

// Set reads the flag's value.
func (p *paceFlag) Set(name string) (err error) {
	p.Pace, err = virtual.ParsePace(name)
	return err
}

// Type is the kind of value that the flag takes.
func (p *paceFlag) Type() string { return "pace" }
