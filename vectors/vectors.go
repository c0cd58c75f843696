// Package vectors holds the data that says what is right: the register of
// requirements, which every spec and every vector cites.
//
// Requirement ids are API: they are never removed and never reused. The data
// is dedicated to the public domain (CC0-1.0, see LICENSE beside it).
package vectors

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Files holds the data as it lies in this folder.
//
//go:embed requirements.json device/*.json
var Files embed.FS

// ErrRegister reports a requirement register that breaks its own rules.
var ErrRegister = errors.New("vectors: requirement register is not valid")

// Requirement is one sentence that a device or a backend is held to.
type Requirement struct {
	ID      string `json:"id"`      // REQ-FAMILY-NNN, for ever
	Level   string `json:"level"`   // MUST, SHOULD or MAY
	Text    string `json:"text"`    // the sentence
	Section string `json:"section"` // where PROTOCOL.md decides it
	Since   string `json:"since"`   // version of the register that brought it
	Status  string `json:"status"`  // active or deprecated
	Observe string `json:"observe"` // from where it can be seen: shim, blackbox, hook, device, none
	Profile string `json:"profile"` // core, durable, strict, secure or device
}

var (
	idForm   = regexp.MustCompile(`^REQ-[A-Z]{3,4}-[0-9]{3}$`)
	levels   = []string{"MUST", "SHOULD", "MAY"}
	statuses = []string{"active", "deprecated"}
	observes = []string{"shim", "blackbox", "hook", "device", "none"}
	profiles = []string{"core", "durable", "strict", "secure", "device"}
)

// Register is the set of all requirements, by id.
type Register map[string]Requirement

// Sorted returns the requirements in the order of their ids.
func (reg Register) Sorted() []Requirement {
	return slices.SortedFunc(maps.Values(reg), func(a, b Requirement) int { return strings.Compare(a.ID, b.ID) })
}

// Requirements returns the register in this folder.
func Requirements() (Register, error) {
	p, err := Files.ReadFile("requirements.json")
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRegister, err)
	}
	return ParseRegister(p)
}

// ParseRegister reads a register strictly: an unknown field, a repeated id or
// a word outside the lists above is an error.
func ParseRegister(p []byte) (Register, error) {
	var doc struct {
		Requirements []Requirement `json:"requirements"`
	}
	dec := json.NewDecoder(bytes.NewReader(p))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRegister, err)
	}
	if dec.More() {
		return nil, fmt.Errorf("%w: text after its end", ErrRegister)
	}
	if len(doc.Requirements) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrRegister)
	}
	reg := Register{}
	for _, r := range doc.Requirements {
		if err := r.check(); err != nil {
			return nil, err
		}
		if _, twice := reg[r.ID]; twice {
			return nil, fmt.Errorf("%w: %s stands there twice", ErrRegister, r.ID)
		}
		reg[r.ID] = r
	}
	return reg, nil
}

func (r Requirement) check() error {
	if !idForm.MatchString(r.ID) {
		return fmt.Errorf("%w: id %q is not of the form REQ-FAMILY-NNN", ErrRegister, r.ID)
	}
	for _, f := range []struct {
		name, value string
		known       []string
	}{
		{"level", r.Level, levels},
		{"status", r.Status, statuses},
		{"observe", r.Observe, observes},
		{"profile", r.Profile, profiles},
	} {
		if !slices.Contains(f.known, f.value) {
			return fmt.Errorf("%w: %s has %s %q, want one of %v", ErrRegister, r.ID, f.name, f.value, f.known)
		}
	}
	if r.Text == "" || r.Section == "" || r.Since == "" {
		return fmt.Errorf("%w: %s lacks its text, section or since", ErrRegister, r.ID)
	}
	return nil
}
