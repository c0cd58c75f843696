package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readDevices returns the devices of the file, if one is named, and of the
// command line. No two may share an id.
func readDevices(file string, args []string) ([]Device, error) {
	var devices []Device
	if file != "" {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%w: --devices: %w", ErrUsage, err)
		}
		if devices, err = ParseDevices(content); err != nil {
			return nil, fmt.Errorf("%w: --devices %s: %w", ErrUsage, file, err)
		}
	}
	for i, arg := range args {
		d, err := ParseDevice(arg)
		if err != nil {
			return nil, fmt.Errorf("%w: --device, number %d of them: %w", ErrUsage, i+1, err)
		}
		devices = append(devices, d)
	}
	seen := make(map[string]bool)
	for _, d := range devices {
		if seen[d.ID] {
			return nil, fmt.Errorf("%w: device %q is given twice", ErrUsage, d.ID)
		}
		seen[d.ID] = true
	}
	return devices, nil
}

// ParseDevice reads ID:PASSPHRASE:NEXT. The first and the last colon separate,
// so a passphrase may contain colons and an id may not. Errors do not repeat the
// argument, which holds a passphrase.
func ParseDevice(arg string) (Device, error) {
	id, rest, found := strings.Cut(arg, ":")
	last := strings.LastIndexByte(rest, ':')
	if !found || last < 0 {
		return Device{}, errors.New("want ID:PASSPHRASE:NEXT")
	}
	next, err := strconv.ParseUint(rest[last+1:], 10, 64)
	if err != nil {
		return Device{}, fmt.Errorf("want ID:PASSPHRASE:NEXT, where NEXT, for device %q, is a plain number", id)
	}
	return Device{ID: id, Passphrase: rest[:last], Next: next}, nil
}

// ParseDevices reads a devices file, YAML or JSON:
//
//	devices:
//	  - id: "12FA"
//	    passphrase: "correct horse battery staple"
//	    next: 0                                    # may be left out
//
// Unknown keys and keys that come twice are errors, as are ids and passphrases
// that YAML takes for numbers: 012345 means a different text to each reader,
// "012345" does not. Errors do not quote the file, which holds passphrases.
func ParseDevices(file []byte) ([]Device, error) {
	var list struct {
		Devices []struct {
			ID         *text  `yaml:"id"`
			Passphrase *text  `yaml:"passphrase"`
			Next       number `yaml:"next"`
		} `yaml:"devices"`
	}
	if err := untagged(file); err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict())
	if err := decoder.Decode(&list); err != nil && err != io.EOF {
		return nil, complaint(err)
	}
	if err := decoder.Decode(new(any)); err != io.EOF {
		return nil, errors.New("more than one document")
	}
	var devices []Device
	for i, d := range list.Devices {
		if d.ID == nil || d.Passphrase == nil {
			return nil, fmt.Errorf("device number %d lacks id or passphrase", i+1)
		}
		devices = append(devices, Device{ID: string(*d.ID), Passphrase: string(*d.Passphrase), Next: uint64(d.Next)})
	}
	return devices, nil
}

// untagged refuses tags, which say nothing in this file, and on some of which
// the decoder panics.
func untagged(file []byte) error {
	tree, err := parser.ParseBytes(file, 0)
	if err != nil {
		return complaint(err)
	}
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		for _, node := range ast.Filter(ast.TagType, doc.Body) {
			return wishFor("a tag, which means nothing here", node)
		}
	}
	return nil
}

// complaint says what is wrong with a devices file, and where. The library's own
// words quote the file.
func complaint(err error) error {
	what := "no valid YAML, where a key stands once"
	switch {
	case errors.As(err, new(wish)):
		return err
	case errors.As(err, new(*yaml.UnknownFieldError)):
		what = "a key that is none of devices, id, passphrase, next"
	case errors.As(err, new(*yaml.DuplicateKeyError)):
		what = "a key that comes twice"
	case errors.As(err, new(*yaml.TypeError)), errors.As(err, new(*yaml.UnexpectedNodeTypeError)), errors.As(err, new(*yaml.OverflowError)):
		what = "a value of another kind is wanted"
	}
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		return fmt.Errorf("line %d, column %d: %s", at.GetToken().Position.Line, at.GetToken().Position.Column, what)
	}
	return errors.New(what)
}

// wish is what one of our own scalars finds wrong with its node.
type wish string

func (w wish) Error() string { return string(w) }

func wishFor(what string, node ast.Node) error {
	return wish(fmt.Sprintf("line %d: %s", node.GetToken().Position.Line, what))
}

// text is a YAML scalar that is a string and nothing else.
type text string

func (s *text) UnmarshalYAML(node ast.Node) error {
	scalar, ok := node.(*ast.StringNode)
	if !ok {
		return wishFor("text is wanted; put it in quotes", node)
	}
	*s = text(scalar.Value)
	return nil
}

// number is a YAML scalar that is an integer, not negative.
type number uint64

func (n *number) UnmarshalYAML(node ast.Node) error {
	integer, ok := node.(*ast.IntegerNode)
	if ok {
		var value uint64
		if value, ok = integer.Value.(uint64); ok {
			*n = number(value)
		}
	}
	if !ok {
		return wishFor("a number from 0 up is wanted", node)
	}
	return nil
}

// token returns the admin token from the file, if one is named, else from the
// environment. Space around it does not count.
func token(file string) (string, error) {
	if file == "" {
		return strings.TrimSpace(os.Getenv(TokenVariable)), nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%w: --admin-token-file: %w", ErrUsage, err)
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", fmt.Errorf("%w: --admin-token-file %s: the file is empty", ErrUsage, file)
	}
	return token, nil
}
