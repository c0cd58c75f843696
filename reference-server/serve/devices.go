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
)

// readDevices returns the devices of the file, if one is named, and of the
// command line. No two may share an id.
func readDevices(file string, args []string) ([]Device, error) {
	var devices []Device
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%w: --devices: %w", ErrUsage, err)
		}
		if devices, err = ParseDevices(text); err != nil {
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

// ParseDevices reads a devices file, YAML or JSON. Unknown keys and keys that
// come twice are errors, as are ids and passphrases that YAML takes for numbers:
// 012345 means a different text to each reader, "012345" does not.
func ParseDevices(text []byte) ([]Device, error) {
	var file struct {
		Devices []Device `yaml:"devices"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&file); err != nil && err != io.EOF {
		return nil, err
	}
	return file.Devices, nil
}

// token returns the admin token from the file, if one is named, else from the
// environment. Space around it does not count.
func token(file string) (string, error) {
	if file == "" {
		return strings.TrimSpace(os.Getenv(TokenVariable)), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%w: --admin-token-file: %w", ErrUsage, err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return "", fmt.Errorf("%w: --admin-token-file %s: the file is empty", ErrUsage, file)
	}
	return token, nil
}
