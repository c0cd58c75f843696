package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
)

// secret is where a command takes its passphrase from.
type secret struct{ file, text string }

const passphraseEnv = "ESPALIER_PASSPHRASE"

var errNoPassphrase = errors.New("no passphrase: name a file with --passphrase-file, or set " + passphraseEnv)

func (s *secret) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.file, "passphrase-file", "", "`file` with the passphrase, instead of "+passphraseEnv+"; one newline at its end is dropped")
	cmd.Flags().StringVar(&s.text, "passphrase", "", "the passphrase itself: for demonstrations, since every user of the machine can see it")
}

// get returns the passphrase from the flag, the file or the environment, or
// [errNoPassphrase].
func (s *secret) get(cmd *cobra.Command) (string, error) {
	given := cmd.Flags().Changed
	switch {
	case given("passphrase") && given("passphrase-file"):
		return "", usage("--passphrase and --passphrase-file are two ways to say one thing: leave one of them out")
	case given("passphrase"):
		return s.text, nil
	case given("passphrase-file"):
		p, err := readRegular(s.file, maxInput)
		if err != nil {
			return "", usage("--passphrase-file %s: %w", s.file, err)
		}
		return strings.TrimSuffix(string(p), "\n"), nil
	}
	if text, ok := os.LookupEnv(passphraseEnv); ok {
		return text, nil
	}
	return "", fail(report.CodeUsage, errNoPassphrase)
}
