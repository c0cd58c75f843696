package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
)

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report",
		Short:   "Check what a run has left behind",
		Long:    "Report works on what is left by espalier conform.",
		Example: `  espalier report verify out/conform/report.json`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(verifyCommand())
	return cmd
}

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE...",
		Short: "Compute again what a report.json says",
		Long: `Verify reads the report.json of espalier conform, and computes again what follows
from its results: the verdict on each profile, the counts, the matrix of
requirements, the exit code and the digest of what was observed. It also names
results that make no sense in themselves, such as one that passed and sent
nothing.

A digest is no signature. Whoever changes the results can compute all of this
anew; what verify finds is a report that was edited carelessly, cut, or mixed up.

Exit codes: 0 all of it holds, 1 something does not, 2 a file is no such report.`,
		Example: `  espalier report verify out/conform/report.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			code := report.CodeOK
			for _, path := range files {
				d, err := evidence.Read(path)
				if err != nil && !errors.Is(err, evidence.ErrFile) {
					return usage("%w", err)
				}
				if err != nil {
					return fail(report.CodeUsage, err)
				}
				wrong := d.Check()
				for _, line := range wrong {
					fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", path, printable(line))
				}
				if len(wrong) > 0 {
					code = report.CodeNonconformant
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: holds; exit %d, %s; %s\n", path, int(d.Code), d.Meaning, counted(d.Run))
			}
			if code != report.CodeOK {
				return failure{code: code}
			}
			return nil
		},
	}
}
