package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// notRepeated are the flags that do not belong to what a run is about.
var notRepeated = []string{"seed", "passphrase", "out"}

// given returns the words of a command line that has the flags of this one, but
// for those that are named, and without a passphrase. The seed is the caller's
// to add: it may have been chosen since.
func given(cmd *cobra.Command, except ...string) []string {
	words := []string{cmd.CommandPath()}
	cmd.Flags().VisitAll(func(fl *pflag.Flag) {
		if !fl.Changed || slices.Contains(notRepeated, fl.Name) || slices.Contains(except, fl.Name) {
			return
		}
		values := []string{fl.Value.String()}
		if list, ok := fl.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			words = append(words, "--"+fl.Name)
			switch {
			case fl.Value.Type() != "bool":
				words = append(words, quote(v))
			case v != "true":
				words[len(words)-1] += "=" + v
			}
		}
	})
	return words
}
