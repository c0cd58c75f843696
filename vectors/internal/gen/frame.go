package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
)

// Everything in the files is made with these unless a case says otherwise.
const (
	horse = "correct horse"
	salt1 = "0102030405060708"
	first = "1.0.0" // the version that brought it
)

var core = vectors.Source{Name: "core", Version: first}

// frame returns the file around its groups.
func frame(suite string, header []string, notes map[string]vectors.Note, groups ...*vectors.Group) *vectors.File {
	f := &vectors.File{
		Schema: suite + ".v" + vectors.Format + ".schema.json", Suite: suite,
		SpecVersion: vectors.Spec, VectorsVersion: vectors.Version,
		Header: header, Notes: notes, Groups: groups,
	}
	for _, g := range groups {
		f.NumberOfTests += len(g.Tests)
	}
	return f
}

func hexOf(text string) string { return hex.EncodeToString([]byte(text)) }

func ptr[T any](v T) *T { return &v }
