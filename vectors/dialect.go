package vectors

import (
	"fmt"
	"maps"
	"slices"
)

// Dialect is one known way of reading messages otherwise than the protocol
// says: a leniency, or a fault with a name. The outcome of a test that betrays
// it carries its name.
type Dialect struct {
	Name        string   `json:"name"`        // slug, for ever
	Description string   `json:"description"` // what such code does
	Effect      string   `json:"effect"`      // what comes of it
	SeenIn      []string `json:"seenIn"`      // programs and calls that do so
	Reqs        []string `json:"reqs"`        // requirements that it breaks
}

// Dialects is the set of all dialects, by name.
type Dialects map[string]Dialect

// Sorted returns the dialects in the order of their names.
func (d Dialects) Sorted() []Dialect {
	var list []Dialect
	for _, name := range slices.Sorted(maps.Keys(d)) {
		list = append(list, d[name])
	}
	return list
}

// DialectsOf returns the names of the dialects that the test betrays, each once,
// in the order in which it names them.
func DialectsOf(t Test) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, o := range slices.Concat(t.Common().Permitted, t.Common().Mistakes) {
		add(o.Dialect)
	}
	if kdf, ok := t.(*KDFTest); ok {
		for _, wrong := range kdf.WrongKeys {
			add(wrong.Dialect)
		}
	}
	return names
}

// ParseDialects reads dialects.json strictly. Errors wrap ErrFile.
func ParseDialects(text []byte) (Dialects, error) {
	if err := Validate("dialects", text); err != nil {
		return nil, fmt.Errorf("%w: dialects.json: %w", ErrFile, err)
	}
	var doc struct {
		Schema   string    `json:"schema"`
		Dialects []Dialect `json:"dialects"`
	}
	if err := strict(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: dialects.json: %w", ErrFile, err)
	}
	set := Dialects{}
	for i, d := range doc.Dialects {
		if _, twice := set[d.Name]; twice {
			return nil, fmt.Errorf("%w: dialects.json: at /dialects/%d: %s stands there twice", ErrFile, i, d.Name)
		}
		set[d.Name] = d
	}
	return set, nil
}
