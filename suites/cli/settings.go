package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/espalier-hil/espalier/suites/sheet"
)

// envPrefix is before a flag's name in capitals, with _ for -, where the flag is
// set by the environment: ESPALIER_PASSPHRASE_FILE.
const envPrefix = "ESPALIER_"

// unset are the flags that are given on the command line alone. The passphrase
// has its own way through the environment (see secret), and no place in a file
// that says what to test.
var unset = []string{"help", "passphrase"}

// settle sets the flags that the command line leaves open: from the environment,
// and what that leaves open, too, from the file that --config names.
func settle(cmd *cobra.Command) error {
	fl := cmd.Flags()
	var err error
	fl.VisitAll(func(f *pflag.Flag) {
		text, there := os.LookupEnv(envName(f.Name))
		if !there || f.Changed || slices.Contains(unset, f.Name) || err != nil {
			return
		}
		if e := set(fl, f, listed(f, text)); e != nil {
			err = usage("%s=%s: %w", envName(f.Name), quote(text), e)
		}
	})
	path, e := fl.GetString("config")
	if err != nil || e != nil || path == "" {
		return errors.Join(err, e)
	}
	p, err := readRegular(path, maxInput)
	if err != nil {
		return usage("--config %s: %w", path, err)
	}
	if err := configure(fl, p); err != nil {
		return usage("--config %s: %w", path, err)
	}
	return nil
}

func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// listed takes the text of a flag apart that may be given more than once: at its
// line breaks, or else at its commas.
func listed(f *pflag.Flag, text string) []string {
	if _, list := f.Value.(pflag.SliceValue); !list {
		return []string{text}
	}
	separator := ","
	if strings.Contains(text, "\n") {
		separator = "\n"
	}
	return slices.DeleteFunc(strings.Split(text, separator), func(s string) bool { return s == "" })
}

// set gives a flag its value, or its values.
func set(fl *pflag.FlagSet, f *pflag.Flag, values []string) error {
	if list, is := f.Value.(pflag.SliceValue); is {
		f.Changed = true
		return list.Replace(values)
	}
	if len(values) != 1 {
		return fmt.Errorf("%d values, and it takes one", len(values))
	}
	return fl.Set(f.Name, values[0])
}

// configure reads flags by their names from YAML: a value, or a list of values.
func configure(fl *pflag.FlagSet, text []byte) error {
	doc, err := sheet.Decode(text, &map[string]any{})
	if err != nil {
		return err
	}
	var pairs []*ast.MappingValueNode
	switch body := doc.Body.(type) {
	case *ast.MappingNode:
		pairs = body.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{body}
	}
	for _, pair := range pairs {
		name, line := pair.Key.GetToken().Value, pair.Key.GetToken().Position.Line
		f := fl.Lookup(name)
		switch {
		case name == "passphrase":
			return fmt.Errorf("line %d: a passphrase belongs in a file of its own, which passphrase-file names", line)
		case f == nil || slices.Contains(unset, name) || name == "config":
			return fmt.Errorf("line %d: there is no flag --%s that could be set here", line, name)
		}
		values, err := scalars(pair.Value)
		if err == nil && !f.Changed {
			err = set(fl, f, values)
		}
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", line, name, err)
		}
	}
	return nil
}

// scalars returns a value, or those of a list, as they are written.
func scalars(n ast.Node) ([]string, error) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		var all []string
		for _, v := range n.Values {
			one, err := scalars(v)
			if err != nil || len(one) != 1 {
				return nil, errors.New("a list of values is wanted, and one of them is none")
			}
			all = append(all, one...)
		}
		return all, nil
	case *ast.LiteralNode:
		return []string{n.Value.Value}, nil
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return []string{n.GetToken().Value}, nil
	}
	return nil, errors.New("a value is wanted, or a list of values")
}
