package cli

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// secret is where a command takes its passphrase from.
type secret struct{ file, text string }

const passphraseEnv = "ESPALIER_PASSPHRASE"

func (s *secret) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.file, "passphrase-file", "", "read the passphrase from this file (one newline at its end is dropped)")
	cmd.Flags().StringVar(&s.text, "passphrase", "", "the passphrase itself: for demonstrations, since every user of the machine can see it")
}

// get returns the passphrase from the flag, the file or the environment.
func (s *secret) get(cmd *cobra.Command) (string, error) {
	switch {
	case cmd.Flags().Changed("passphrase"):
		return s.text, nil
	case s.file != "":
		p, err := os.ReadFile(s.file)
		if err != nil {
			return "", fail(report.CodeUsage, fmt.Errorf("reading the passphrase: %w", err))
		}
		return strings.TrimSuffix(string(p), "\n"), nil
	}
	if text, ok := os.LookupEnv(passphraseEnv); ok {
		return text, nil
	}
	return "", fail(report.CodeUsage, errors.New("no passphrase: name a file with --passphrase-file, or set "+passphraseEnv))
}

func sealCommand() *cobra.Command {
	var key secret
	var salt string
	var number uint64
	var body bool
	cmd := &cobra.Command{
		Use:   "seal DATA",
		Short: "Seal one reading, as a device does",
		Long: `Seal makes the text under "msg" for one reading. DATA is the JSON value under
"data", or - to read it from standard input.`,
		Example: `  ESPALIER_PASSPHRASE='correct horse' espalier seal --seqn 121 --salt 0102030405060708 '{"value":300}'`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := argument(cmd, args[0])
			if err != nil {
				return err
			}
			pass, err := key.get(cmd)
			if err != nil {
				return err
			}
			msg, err := seal(pass, salt, number, strings.TrimSpace(data))
			if err != nil {
				return fail(report.CodeUsage, err)
			}
			if body {
				p, _ := json.Marshal(map[string]string{"msg": msg}) // a map of strings always encodes
				msg = string(p)
			}
			fmt.Fprintln(cmd.OutOrStdout(), msg)
			return nil
		},
	}
	key.flags(cmd)
	cmd.Flags().Uint64Var(&number, "seqn", 0, "sequence number, 0 to 2^53-2")
	cmd.Flags().StringVar(&salt, "salt", "", "16 hexadecimal digits; random if not given")
	cmd.Flags().BoolVar(&body, "body", false, `print the whole body, {"msg": …}`)
	return cmd
}

func seal(pass, saltHex string, number uint64, data string) (string, error) {
	if !json.Valid([]byte(data)) {
		return "", fmt.Errorf("DATA is not one JSON value: %.60q; a text needs its quotes: '\"text\"'", data)
	}
	if number > seqn.Max {
		return "", fmt.Errorf("--seqn %d is larger than 2^53-2", number)
	}
	var salt [envelope.SaltSize]byte
	rand.Read(salt[:]) // never fails (crypto/rand)
	if saltHex != "" {
		p, err := hex.DecodeString(saltHex)
		if err != nil || len(p) != len(salt) {
			return "", fmt.Errorf("--salt %q is not 16 hexadecimal digits", saltHex)
		}
		copy(salt[:], p)
	}
	return envelope.Seal(pass, salt, fmt.Appendf(nil, `{"data":%s,"SEQN":%d}`, data, number)), nil
}

func openCommand() *cobra.Command {
	var key secret
	cmd := &cobra.Command{
		Use:   "open MSG",
		Short: "Open one envelope, or say at which stage it fails",
		Long: `Open prints the reading in an envelope. MSG is the text under "msg", the whole
body {"msg": …}, or - to read either from standard input. An envelope that does
not open is exit code 1, and the message names the stage.`,
		Example: `  espalier open --passphrase 'correct horse' U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw==`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := argument(cmd, args[0])
			if err != nil {
				return err
			}
			pass, err := key.get(cmd)
			if err != nil {
				return err
			}
			r, err := envelope.Open(pass, unwrap(text))
			if err != nil {
				return fail(report.CodeNonconformant, err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), `{"SEQN":%d,"data":%s}`+"\n", r.SEQN, r.Data)
			return nil
		},
	}
	key.flags(cmd)
	return cmd
}

// unwrap returns the text under "msg" if text is a whole body.
func unwrap(text string) string {
	text = strings.TrimSpace(text)
	var body map[string]string
	if json.Unmarshal([]byte(text), &body) == nil {
		return body["msg"]
	}
	return text
}

// maxInput bounds what is read from standard input.
const maxInput = 1 << 20

// argument returns arg, or what standard input holds if it is "-".
func argument(cmd *cobra.Command, arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	p, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxInput))
	if err != nil {
		return "", fail(report.CodeUsage, fmt.Errorf("reading standard input: %w", err))
	}
	return string(p), nil
}
