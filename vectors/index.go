package vectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
)

// Index is SUITE.json: the versions, and what belongs to the suite.
type Index struct {
	Schema         string       `json:"schema"`
	FormatVersion  string       `json:"formatVersion"`
	SpecVersion    string       `json:"specVersion"`
	VectorsVersion string       `json:"vectorsVersion"`
	NumberOfTests  int          `json:"numberOfTests"` // poison not counted
	Files          []IndexEntry `json:"files"`
}

// IndexEntry is one file of the suite.
type IndexEntry struct {
	Path          string `json:"path"`
	SHA256        string `json:"sha256"`                  // of its bytes, in hex
	NumberOfTests int    `json:"numberOfTests,omitempty"` // files of tests only
}

// ReadIndex returns the index of this folder, embedded in the program.
func ReadIndex() (*Index, error) {
	text, err := readFile(Files, "SUITE.json")
	if err != nil {
		return nil, err
	}
	return ParseIndex(text)
}

// ParseIndex reads SUITE.json strictly. Errors wrap ErrFile.
func ParseIndex(text []byte) (*Index, error) {
	fail := func(err error) (*Index, error) { return nil, fmt.Errorf("%w: SUITE.json: %w", ErrFile, err) }
	if err := Validate("suite", text); err != nil {
		return fail(err)
	}
	var index Index
	if err := strict(text, &index); err != nil {
		return fail(err)
	}
	seen, tests := map[string]bool{}, 0
	for i, e := range index.Files {
		if seen[e.Path] {
			return fail(fmt.Errorf("at /files/%d: %s stands there twice", i, e.Path))
		}
		seen[e.Path] = true
		if e.Path != "poison.json" {
			tests += e.NumberOfTests
		}
	}
	if tests != index.NumberOfTests {
		return fail(fmt.Errorf("at /numberOfTests: the files hold %d tests, and it counts %d", tests, index.NumberOfTests))
	}
	return &index, nil
}

// read returns the file at path, if its digest is the one that the index says.
// Errors wrap ErrFile.
func (x *Index) read(folder fs.FS, path string) ([]byte, error) {
	i := slices.IndexFunc(x.Files, func(e IndexEntry) bool { return e.Path == path })
	if i < 0 {
		return nil, fmt.Errorf("%w: %s does not belong to the suite: SUITE.json does not list it", ErrFile, path)
	}
	text, err := readFile(folder, path)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != x.Files[i].SHA256 {
		return nil, fmt.Errorf("%w: %s: its SHA-256 is %x…, and SUITE.json says %.8s…: it was changed, or only one of the two was replaced", ErrFile, path, sum[:4], x.Files[i].SHA256)
	}
	return text, nil
}

// MaxFile is how long a file of a suite may be, in bytes.
const MaxFile = 64 << 20

// readFile reads a file of a suite. What is no file, such as a FIFO, is not even
// opened, for that may never end. Its error is one line and wraps ErrFile.
func readFile(folder fs.FS, path string) ([]byte, error) {
	info, err := fs.Stat(folder, path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is no regular file", ErrFile, path)
	case info.Size() > MaxFile:
		return nil, fmt.Errorf("%w: %s has %d bytes, more than %d", ErrFile, path, info.Size(), MaxFile)
	}
	text, err := fs.ReadFile(folder, path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return bytes.Clone(text), nil
}
