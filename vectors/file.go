package vectors

import (
	"encoding/json"
	"fmt"
)

// File is one file of tests of one type.
type File struct {
	Schema         string          `json:"schema"` // name of its schema, and thereby its format's version
	Suite          string          `json:"suite"`  // its name without .json, and the beginning of its tests' ids
	SpecVersion    string          `json:"specVersion"`
	VectorsVersion string          `json:"vectorsVersion"`
	Header         []string        `json:"header"` // what is in it, for people
	NumberOfTests  int             `json:"numberOfTests"`
	Notes          map[string]Note `json:"notes"` // what its tests' flags mean
	Retired        []Retired       `json:"retired,omitempty"`
	Groups         []*Group        `json:"testGroups"`
}

// Note says what kind of mistake a flag's tests look for, and what it costs.
type Note struct {
	BugType     string   `json:"bugType"`     // BASIC, REPLAY, TYPE_CONFUSION …
	Description string   `json:"description"` // what is special
	Effect      string   `json:"effect"`      // what happens to a backend that gets it wrong
	Links       []string `json:"links,omitempty"`
	CVEs        []string `json:"cves,omitempty"`
}

// Retired is an id that is no longer used, and never will be again.
type Retired struct {
	ID         string `json:"id"`
	In         string `json:"in"` // vectorsVersion that retired it
	Why        string `json:"why"`
	ReplacedBy string `json:"replacedBy,omitempty"`
}

// Source says whose the tests of a group are.
type Source struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Group is tests that share parameters.
type Group struct {
	Type          string `json:"type"` // key of kinds
	Source        Source `json:"source"`
	Poison        string `json:"poison,omitempty"`        // poison.json: what is wrong with the expectations
	PassphraseHex string `json:"passphraseHex,omitempty"` // EnvelopeTest
	Next          string `json:"next,omitempty"`          // EnvelopeTest, PayloadTest: next before, in decimal
	Tests         []Test `json:"tests"`
}

// kinds makes an empty test of each type, by the name in the files. A name that
// is not here is an error: a reader that skips what it does not know tests
// less than it says.
var kinds = map[string]func() Test{
	"KdfTest":         func() Test { return new(KDFTest) },
	"EnvelopeTest":    func() Test { return new(EnvelopeTest) },
	"PayloadTest":     func() Test { return new(PayloadTest) },
	"SequenceTest":    func() Test { return new(SequenceTest) },
	"ConcurrencyTest": func() Test { return new(ConcurrencyTest) },
	"OracleTest":      func() Test { return new(OracleTest) },
	"HttpTest":        func() Test { return new(HTTPTest) },
	"DeviceTest":      func() Test { return new(DeviceTest) },
}

// UnmarshalJSON reads the tests as what the group's type says they are.
func (g *Group) UnmarshalJSON(p []byte) error {
	type plain Group // without this method
	var doc struct {
		plain
		Tests []json.RawMessage `json:"tests"`
	}
	if err := strict(p, &doc); err != nil {
		return err
	}
	*g = Group(doc.plain)
	make, known := kinds[g.Type]
	if !known {
		return fmt.Errorf("%w: there is no test type %q", ErrFile, g.Type)
	}
	for i, raw := range doc.Tests {
		test := make()
		if err := strict(raw, test); err != nil {
			return fmt.Errorf("%s %d: %w", g.Type, i, err)
		}
		g.Tests = append(g.Tests, test)
	}
	return nil
}
