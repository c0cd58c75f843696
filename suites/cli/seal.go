package cli

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

func sealCommand() *cobra.Command {
	var key secret
	var salt string
	var number uint64
	var body bool
	cmd := &cobra.Command{
		Use:   "seal DATA",
		Short: "Seal one reading, as a device does",
		Long: `Seal makes the text under "msg" for one reading. DATA is the JSON value under
"data", or - to read it from standard input. The passphrase comes from the
environment, or from a file.`,
		Example: `  ESPALIER_PASSPHRASE='correct horse' \
    espalier seal --seqn 121 --salt 0102030405060708 '{"value":300}'

  export ESPALIER_PASSPHRASE='correct horse'
  echo '{"value":300}' | espalier seal --body - | espalier open -`,
		Args: exactly("DATA", `one JSON value, as '{"value":300}'`),
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
				return err
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
	cmd.Flags().Uint64Var(&number, "seqn", 0, "sequence `number`, 0 to 2^53-2")
	cmd.Flags().StringVar(&salt, "salt", "", "16 hexadecimal `digits` (default random)")
	cmd.Flags().BoolVar(&body, "body", false, `print the whole body, {"msg": …}`)
	return cmd
}

func seal(pass, saltHex string, number uint64, data string) (string, error) {
	if !json.Valid([]byte(data)) {
		return "", usage("DATA is not one JSON value: %.60q; a text needs its quotes: '\"text\"'", data)
	}
	if number > seqn.Max {
		return "", usage("--seqn %d is larger than 2^53-2", number)
	}
	var salt [envelope.SaltSize]byte
	rand.Read(salt[:]) // never fails (crypto/rand)
	if saltHex != "" {
		p, err := hex.DecodeString(saltHex)
		if err != nil || len(p) != len(salt) {
			return "", usage("--salt %q is not 16 hexadecimal digits", saltHex)
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
		Example: `  ESPALIER_PASSPHRASE='correct horse' espalier open U2FsdGVkX18BAgMEBQYHCMkO\
PuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw==`,
		Args: exactly("MSG", `an envelope, as U2FsdGVkX1…`),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := argument(cmd, args[0])
			if err != nil {
				return err
			}
			pass, err := key.get(cmd)
			if err != nil {
				return err
			}
			msg, err := unwrap(text)
			if err != nil {
				return err
			}
			r, err := envelope.Open(pass, msg)
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
func unwrap(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") {
		return text, nil
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		return "", usage("MSG begins as a body does, and is no JSON: %w", err)
	}
	msg, ok := body["msg"].(string)
	if !ok {
		return "", usage(`MSG is a body without a text under "msg": %.60q`, text)
	}
	return msg, nil
}

// maxInput bounds what is read from standard input.
const maxInput = 1 << 20

// argument returns arg, or what standard input holds if it is "-".
func argument(cmd *cobra.Command, arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	p, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxInput+1))
	if err != nil {
		return "", usage("reading standard input: %w", err)
	}
	if len(p) > maxInput {
		return "", usage("standard input holds more than %d bytes", maxInput)
	}
	return string(p), nil
}

// exactly wants one argument, called name, which is what.
func exactly(name, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return fmt.Errorf("%s is missing: %s, or - for standard input", name, what)
		case 1:
			return nil
		}
		return fmt.Errorf("%s takes one %s, and got %d arguments; what has spaces or quotes wants '…' around it", cmd.CommandPath(), name, len(args))
	}
}
