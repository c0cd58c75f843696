package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"sync"
)

// ErrFile reports a vector file that breaks its schema or its own rules.
var ErrFile = errors.New("vectors: file is not valid")

// Names are the suites, one file NAME.json each, in the order in which a
// backend grows. Poison is not among them; see [Poison].
var Names = []string{"kdf", "envelope", "payload", "sequence", "concurrency", "oracle", "http", "device"}

// Suite is all tests, read and checked.
type Suite struct {
	Index        *Index
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

// Load reads a suite from a folder of this one's shape: SUITE.json, the register,
// the dialects and the named files, each of which has to have the digest that
// SUITE.json says. Errors wrap ErrFile or ErrRegister, are one line, and name the
// file and the place in it as a JSON pointer.
func Load(folder fs.FS, names ...string) (*Suite, error) {
	s := &Suite{byID: map[string]Found{}}
	text, err := readFile(folder, "SUITE.json")
	if err != nil {
		return nil, err
	}
	if s.Index, err = ParseIndex(text); err != nil {
		return nil, err
	}
	if text, err = s.Index.read(folder, "requirements.json"); err != nil {
		return nil, err
	}
	if s.Requirements, err = ParseRegister(text); err != nil {
		return nil, err
	}
	if text, err = s.Index.read(folder, "dialects.json"); err != nil {
		return nil, err
	}
	if s.Dialects, err = ParseDialects(text); err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := s.Index.read(folder, name+".json")
		if err != nil {
			return nil, err
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
		return fail(fmt.Errorf("at /suite: it is called %q", file.Suite))
	}
	n := 0
	for _, g := range file.Groups {
		n += len(g.Tests)
	}
	if n == 0 || n != file.NumberOfTests {
		return fail(fmt.Errorf("at /numberOfTests: it holds %d tests, and counts %d", n, file.NumberOfTests))
	}
	return &file, nil
}

// add takes the file in, if its ids are new and what it cites exists.
func (s *Suite) add(file *File) error {
	if file.VectorsVersion != s.Index.VectorsVersion || file.SpecVersion != s.Index.SpecVersion {
		return fmt.Errorf("at /vectorsVersion: it is of %s for spec %s, and SUITE.json of %s for spec %s: they are of two releases",
			file.VectorsVersion, file.SpecVersion, s.Index.VectorsVersion, s.Index.SpecVersion)
	}
	for i, g := range file.Groups {
		for j, t := range g.Tests {
			c := t.Common()
			fail := func(err error) error { return fmt.Errorf("at /testGroups/%d/tests/%d: %w", i, j, err) }
			if _, twice := s.byID[c.ID]; twice {
				return fail(fmt.Errorf("%s stands there twice", c.ID))
			}
			if !strings.HasPrefix(c.ID, file.Suite+"/") {
				return fail(fmt.Errorf("the id %s does not begin with %s/", c.ID, file.Suite))
			}
			if err := s.cites(file, t); err != nil {
				return fail(fmt.Errorf("%s: %w", c.ID, err))
			}
			s.byID[c.ID] = Found{file, g, t}
		}
	}
	for i, r := range file.Retired {
		if _, used := s.byID[r.ID]; used {
			return fmt.Errorf("at /retired/%d: %s is retired and used", i, r.ID)
		}
	}
	s.Files = append(s.Files, file)
	return nil
}

// cites checks that flags, requirements and dialects of a test exist.
func (s *Suite) cites(file *File, t Test) error {
	for _, flag := range t.Common().Flags {
		if _, ok := file.Notes[flag]; !ok {
			return fmt.Errorf("no note explains the flag %s", flag)
		}
	}
	for _, id := range t.Common().Reqs {
		if _, ok := s.Requirements[id]; !ok {
			return fmt.Errorf("cites %s, which the register does not know", id)
		}
	}
	for _, name := range DialectsOf(t) {
		if _, ok := s.Dialects[name]; !ok {
			return fmt.Errorf("dialects.json does not know %s", name)
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
