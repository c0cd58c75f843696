package main

import (
	"cmp"
	"encoding/hex"
	"slices"

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
		for _, t := range g.Tests {
			c := t.Common()
			sortStages(c.RejectStage)
			for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
				sortStages(o.Stage)
			}
		}
	}
	return f
}

func hexOf(text string) string { return hex.EncodeToString([]byte(text)) }

func ptr[T any](v T) *T { return &v }

// sortStages puts stages in the order in which a message passes them.
func sortStages(stages []vectors.Stage) {
	slices.SortFunc(stages, func(a, b vectors.Stage) int {
		return cmp.Compare(slices.Index(vectors.Stages, a), slices.Index(vectors.Stages, b))
	})
}
