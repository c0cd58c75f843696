package vectors

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrRegister reports a requirement register that breaks its own rules.
var ErrRegister = errors.New("vectors: requirement register is not valid")

// Requirement is one sentence that a device or a backend is held to.
type Requirement struct {
	ID      string            `json:"id"`      // REQ-FAMILY-NNN, for ever
	Levels  map[string]string `json:"levels"`  // MUST, SHOULD or MAY, by profile; one that is not there demands nothing
	Text    string            `json:"text"`    // the sentence
	Section string            `json:"section"` // where PROTOCOL.md decides it
	Since   string            `json:"since"`   // version of the register that brought it
	Status  string            `json:"status"`  // active or deprecated
	Observe []string          `json:"observe"` // from where it can be seen: shim, blackbox, hook, device
}

// Profiles are what a backend or a device can claim to hold, from the least of
// a backend to the most, then what hooks and boards can show.
var Profiles = []string{"core", "strict", "secure", "durable", "device"}

// Level returns the requirement's level in the first profile that has one: what
// is demanded of everybody.
func (r Requirement) Level() string {
	for _, p := range Profiles {
		if level := r.Levels[p]; level != "" {
			return level
		}
	}
	return ""
}

// Narrow reports whether a profile demands the first alternative of a test that
// cites these requirements: whether one of them is a MUST there, and less in
// core. What rises nowhere, such as a jump beyond 2^20, is open in all profiles.
func (reg Register) Narrow(profile string, reqs []string) bool {
	for _, id := range reqs {
		if levels := reg[id].Levels; levels[profile] == "MUST" && levels["core"] != "MUST" {
			return true
		}
	}
	return false
}

// InWords returns the levels in words: MUST where all profiles that demand something demand the same;
// else as SHOULD, MUST in strict and secure. What is demanded in profile durable
// only says so.
func (r Requirement) InWords() string {
	least := r.Level()
	var more []string
	for _, level := range []string{"MUST", "SHOULD"} {
		var in []string
		for _, p := range Profiles {
			if level != least && r.Levels[p] == level {
				in = append(in, p)
			}
		}
		if len(in) > 0 {
			more = append(more, level+" in "+strings.Join(in, " and "))
		}
	}
	if r.Levels["core"] == "" && r.Levels["device"] == "" {
		for _, p := range Profiles {
			if r.Levels[p] == least {
				return strings.Join(append([]string{least + " in " + p}, more...), ", ")
			}
		}
	}
	return strings.Join(append([]string{least}, more...), ", ")
}

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

// ParseRegister reads a register strictly, by its schema: an unknown field, a
// repeated id or an unknown word is an error, which wraps ErrRegister.
func ParseRegister(p []byte) (Register, error) {
	if err := Validate("requirements", p); err != nil {
		return nil, fmt.Errorf("%w: requirements.json: %w", ErrRegister, err)
	}
	var doc struct {
		Schema       string        `json:"schema"`
		Requirements []Requirement `json:"requirements"`
	}
	if err := strict(p, &doc); err != nil {
		return nil, fmt.Errorf("%w: requirements.json: %w", ErrRegister, err)
	}
	reg := Register{}
	for i, r := range doc.Requirements {
		if _, twice := reg[r.ID]; twice {
			return nil, fmt.Errorf("%w: requirements.json: at /requirements/%d: %s stands there twice", ErrRegister, i, r.ID)
		}
		reg[r.ID] = r
	}
	return reg, nil
}
