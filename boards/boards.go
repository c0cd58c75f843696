// Package boards describes what can be plugged in: the facts of each board,
// one YAML file a board, and the narrow [Port] through which it is spoken to.
//
// A descriptor holds what is true of every board of its kind. Where a board is
// plugged in is told on the command line. The format is that of
// descriptor.schema.json, beside the files; a field that is not in it is an
// error.
package boards

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// VirtualOUI is the locally administered MAC prefix that virtual boards carry
// and no manufacturer can own. A board that answers with it is never graded as
// hardware, whatever port it came through.
var VirtualOUI = [3]byte{0x7a, 0xe5, 0x82}

// Sentinels of [Lookup] and [Load].
var (
	ErrUnknown    = errors.New("boards: no such board")
	ErrDescriptor = errors.New("boards: descriptor is not valid")
)

// Sequence is the order in which a board's modem lines move to reset it.
type Sequence string

// The sequences that descriptors may name.
const (
	Classic Sequence = "classic" // one line at a time, as esptool has always done
	Tight   Sequence = "tight"   // both lines in each step
	Manual  Sequence = "manual"  // a person holds GPIO0 and switches the power
)

// Descriptor is one board's facts.
type Descriptor struct {
	Name    string  `yaml:"name"`  // what --board takes
	Title   string  `yaml:"title"` // what a person calls it
	Chip    string  `yaml:"chip"`  // always esp8266
	Flash   Flash   `yaml:"flash"`
	Console Console `yaml:"console"`
	Reset   Reset   `yaml:"reset"`

	// Links are the ways to the backend, best first: virtual, serial, wifi.
	Links []string `yaml:"links"`

	// Firmware is the image that is flashed if no other is named, "reference" or
	// "hobbyist"; empty with a Speech: one must be named.
	Firmware string `yaml:"firmware"`

	// Speech is nil where the firmware speaks the control protocol.
	Speech *Speech `yaml:"speech"`
}

// Flash is the board's flash chip, and the speed for writing it.
type Flash struct {
	Size string `yaml:"size"` // the least that such boards carry, as "4MiB"
	Baud int    `yaml:"baud"` // bits per second towards the ROM loader
}

// Console is the line on which boot log and firmware speak.
type Console struct {
	Baud int `yaml:"baud"` // bits per second
}

// Reset is how the board is reset through DTR and RTS.
type Reset struct {
	Sequence Sequence `yaml:"sequence"`
	Hold     Duration `yaml:"hold"`   // how long reset is held
	Settle   Duration `yaml:"settle"` // how long GPIO0 stays low afterwards
}

// Duration is a time in a descriptor, written as "100ms" or "1s".
type Duration time.Duration

// UnmarshalText parses what [time.ParseDuration] takes.
func (d *Duration) UnmarshalText(p []byte) error {
	v, err := time.ParseDuration(string(p))
	*d = Duration(v)
	return err
}

// Bytes returns the size of the flash in bytes.
func (f Flash) Bytes() int {
	var n int
	var unit string
	fmt.Sscanf(f.Size, "%d%s", &n, &unit)
	if unit == "MiB" {
		return n << 20
	}
	return n << 10
}

//go:embed *.yaml descriptor.schema.json
var files embed.FS

var schema = func() *jsonschema.Schema {
	p, err := files.ReadFile("descriptor.schema.json")
	if err != nil {
		panic("boards: internal error: " + err.Error())
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(p))
	if err != nil {
		panic("boards: internal error: " + err.Error())
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("board.json", doc); err != nil {
		panic("boards: internal error: " + err.Error())
	}
	return c.MustCompile("board.json")
}()

// Names returns the built-in boards in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("boards: internal error: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Lookup returns the built-in board called name, or the one described in a
// file, if name ends in .yaml.
func Lookup(name string) (*Descriptor, error) {
	if strings.HasSuffix(name, ".yaml") {
		p, err := readFile(name)
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrUnknown, err)
		}
		d, err := Load(p)
		if err != nil {
			return nil, fmt.Errorf("%w; in %s", err, name)
		}
		return d, nil
	}
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("%w: %q; known are %s, or the path of a .yaml file", ErrUnknown, name, strings.Join(Names(), ", "))
	}
	p, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrUnknown, err)
	}
	return Load(p)
}

// maxDescriptor bounds what is parsed; the longest of ours has some 800 bytes.
const maxDescriptor = 16 << 10

// readFile returns what a regular file holds, up to one byte more than Load
// takes: a pipe could keep it waiting, and a device never end.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxDescriptor+1))
}

// Load parses one descriptor and checks it against the schema.
func Load(p []byte) (*Descriptor, error) {
	if len(p) > maxDescriptor {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrDescriptor, len(p), maxDescriptor)
	}
	doc, err := document(p)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrDescriptor, plain(err))
	}
	if err := schema.Validate(doc); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrDescriptor, complaints(p, err))
	}
	var d Descriptor
	if err := yaml.Unmarshal(p, &d); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrDescriptor, plain(err))
	}
	if d.Speech != nil {
		var list []string
		for _, m := range d.Speech.mistakes() {
			list = append(list, at(p, m.where)+m.what)
		}
		if len(list) > 0 {
			return nil, fmt.Errorf("%w: %s", ErrDescriptor, strings.Join(list, "; "))
		}
	}
	return &d, nil
}

// document returns a descriptor as JSON has it, which its schema is for. Nothing
// in it stands for something else: a few lines of aliases become gigabytes.
func document(p []byte) (doc any, err error) {
	if err := bounded(p); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(p, &doc); err != nil {
		return nil, err
	}
	j, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var plain any
	err = json.Unmarshal(j, &plain)
	return plain, err
}

// maxDepth bounds brackets in brackets; a descriptor has two.
const maxDepth = 16

// bounded objects to what takes far more to read than to write.
func bounded(p []byte) error {
	depth := 0
	for _, t := range lexer.Tokenize(string(p)) {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return fmt.Errorf("line %d: a descriptor has no anchors and no aliases; say it in full", t.Position.Line)
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if depth > maxDepth {
			return fmt.Errorf("line %d: more than %d brackets within each other", t.Position.Line, maxDepth)
		}
	}
	return nil
}

// plain returns what a YAML error says, as "[7:3] …" with line and column, without
// the lines around it: there may be a passphrase in them.
func plain(err error) string {
	return strings.ReplaceAll(yaml.FormatError(err, false, false), "\n", " ")
}

// complaints returns what the schema objects to, on one line: where, and what
// is expected there.
func complaints(p []byte, err error) string {
	var ve *jsonschema.ValidationError
	if !errors.As(err, &ve) {
		return err.Error()
	}
	var list []string
	for _, unit := range ve.BasicOutput().Errors {
		if unit.Error != nil {
			where := strings.Split(strings.TrimPrefix(unit.InstanceLocation, "/"), "/")
			list = append(list, at(p, where)+unit.Error.String())
		}
	}
	return strings.Join(list, "; ")
}

// at says where in p something stands, as "line 7, reset.hold: ".
func at(p []byte, where []string) string {
	if len(where) == 1 && where[0] == "" {
		return ""
	}
	place := strings.Join(where, ".") + ": "
	file, err := parser.ParseBytes(p, 0)
	if err != nil {
		return place
	}
	path := (&yaml.PathBuilder{}).Root()
	for _, key := range where {
		if n, err := strconv.ParseUint(key, 10, 16); err == nil {
			path = path.Index(uint(n))
		} else {
			path = path.Child(key)
		}
	}
	node, err := path.Build().FilterFile(file)
	if err != nil || node == nil || node.GetToken() == nil {
		return place
	}
	return fmt.Sprintf("line %d, %s", node.GetToken().Position.Line, place)
}
