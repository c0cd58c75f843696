package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"
)

// ErrFile reports a vector file that breaks its schema or its own rules.
var ErrFile = errors.New("vectors: file is not valid")

// Names are the suites, one file NAME.json each, in the order in which a
// backend grows. Poison is not among them; see [Poison].
var Names = []string{"kdf", "envelope", "payload", "sequence", "device"}

// Suite is all tests, read and checked.
type Suite struct {
	Files        []*File
	Requirements Register
	Dialects     Dialects
	byID         map[string]Found
}

// Found is a test and where it stands.
type Found struct {
	File  *File
	Group *Group
	Test  Test
}

// All returns the suite of this folder, embedded in the program.
var All = sync.OnceValues(func() (*Suite, error) { return Load(Files, Names...) })

// Poison returns the tests of poison.json, whose expectations are wrong on
// purpose: a runner that does not report every one of them red is broken.
var Poison = sync.OnceValues(func() (*Suite, error) { return Load(Files, "poison") })

// Load reads a suite from a folder of this one's shape: the named files, the
// register and the dialects. Errors wrap ErrFile or ErrRegister and name the
// file and the place.
func Load(folder fs.FS, names ...string) (*Suite, error) {
	s := &Suite{byID: map[string]Found{}}
	text, err := fs.ReadFile(folder, "requirements.json")
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRegister, err)
	}
	if s.Requirements, err = ParseRegister(text); err != nil {
		return nil, err
	}
	if text, err = fs.ReadFile(folder, "dialects.json"); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFile, err)
	}
	if s.Dialects, err = ParseDialects(text); err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name+".json")
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrFile, err)
		}
		file, err := Parse(name, text)
		if err != nil {
			return nil, err
		}
		if err := s.add(file); err != nil {
			return nil, fmt.Errorf("%w: %s.json: %w", ErrFile, name, err)
		}
	}
	return s, nil
}

// Parse reads the file called name (without .json) strictly: by its schema, and
// so that an unknown field, an unknown type or a wrong count is an error, which
// wraps ErrFile.
func Parse(name string, text []byte) (*File, error) {
	fail := func(err error) (*File, error) { return nil, fmt.Errorf("%w: %s.json: %w", ErrFile, name, err) }
	if err := Validate(name, text); err != nil {
		return fail(err)
	}
	var file File
	if err := strict(text, &file); err != nil {
		return fail(err)
	}
	if file.Suite != name {
		return fail(fmt.Errorf("its suite is %q", file.Suite))
	}
	n := 0
	for _, g := range file.Groups {
		n += len(g.Tests)
	}
	if n == 0 || n != file.NumberOfTests {
		return fail(fmt.Errorf("it holds %d tests and counts %d", n, file.NumberOfTests))
	}
	return &file, nil
}

// add takes the file in, if its ids are new and what it cites exists.
func (s *Suite) add(file *File) error {
	for _, g := range file.Groups {
		for _, t := range g.Tests {
			c := t.Common()
			if _, twice := s.byID[c.ID]; twice {
				return fmt.Errorf("%s stands there twice", c.ID)
			}
			if !strings.HasPrefix(c.ID, file.Suite+"/") {
				return fmt.Errorf("the id %s does not begin with %s/", c.ID, file.Suite)
			}
			if err := s.cites(file, c); err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
			s.byID[c.ID] = Found{file, g, t}
		}
	}
	for _, r := range file.Retired {
		if _, used := s.byID[r.ID]; used {
			return fmt.Errorf("%s is retired and used", r.ID)
		}
	}
	s.Files = append(s.Files, file)
	return nil
}

// cites checks that flags, requirements and dialects of a test exist.
func (s *Suite) cites(file *File, c *Case) error {
	for _, flag := range c.Flags {
		if _, ok := file.Notes[flag]; !ok {
			return fmt.Errorf("no note explains the flag %s", flag)
		}
	}
	for _, id := range c.Reqs {
		if _, ok := s.Requirements[id]; !ok {
			return fmt.Errorf("cites %s, which the register does not know", id)
		}
	}
	for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
		if _, ok := s.Dialects[o.Dialect]; !ok && o.Dialect != "" {
			return fmt.Errorf("dialects.json does not know %s", o.Dialect)
		}
	}
	return nil
}

// Find returns the test with that id.
func (s *Suite) Find(id string) (Found, bool) {
	f, ok := s.byID[id]
	return f, ok
}

// Of returns the tests of one type with their groups, in the order of the files.
func Of[T Test](s *Suite) iter.Seq2[*Group, T] {
	return func(yield func(*Group, T) bool) {
		for _, f := range s.Files {
			for _, g := range f.Groups {
				for _, t := range g.Tests {
					if t, ok := t.(T); ok && !yield(g, t) {
						return
					}
				}
			}
		}
	}
}

// strict decodes one JSON document without unknown fields into v.
func strict(text []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if dec.More() {
		return errors.New("text after its end")
	}
	return nil
}
