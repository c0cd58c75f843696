package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/lint"
)

// levels are written as letters, to keep the table narrow.
var letters = map[string]string{"MUST": "M", "SHOULD": "S", "MAY": "m"}

// matrix returns MATRIX.md: a row for each requirement, with its levels and how
// many tests of each file show it, positive + negative.
func matrix(reg vectors.Register, files []*vectors.File) string {
	var b strings.Builder
	b.WriteString(`# Requirements and the tests that show them

Made by ` + "`make vectors`" + `; do not edit. Levels are M for MUST, S for SHOULD, m for MAY,
in the profiles core, strict, secure, durable and device. Under each file stands
the number of tests that show what must be taken + of those that show what must
be refused, or name a wrong answer; many tests do both. What no file shows is
shown by the specs of ` + "`espalier run`" + `, which cite the same ids.

`)
	var suites []string
	for _, f := range files {
		if f.Suite != "poison" {
			suites = append(suites, f.Suite)
		}
	}
	fmt.Fprintf(&b, "| requirement | levels | %s |\n|---|---|%s\n", strings.Join(suites, " | "), strings.Repeat("---|", len(suites)))
	for _, r := range reg.Sorted() {
		var level strings.Builder
		for _, p := range vectors.Profiles {
			if l := letters[r.Levels[p]]; l != "" {
				level.WriteString(l)
			} else {
				level.WriteString("-")
			}
		}
		fmt.Fprintf(&b, "| %s | `%s` |", r.ID, level.String())
		for _, f := range files {
			if f.Suite != "poison" {
				b.WriteString(cell(f, r.ID) + "|")
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Their texts\n\n")
	for _, r := range reg.Sorted() {
		fmt.Fprintf(&b, "* **%s** %s. (PROTOCOL.md %s)\n", r.ID, r.Text, r.Section)
	}
	return b.String()
}

// cell counts the tests of a file that show a requirement.
func cell(f *vectors.File, id string) string {
	positive, negative := 0, 0
	for _, g := range f.Groups {
		for _, t := range g.Tests {
			if !slices.Contains(t.Common().Reqs, id) {
				continue
			}
			p, n := lint.Signs(t)
			if p {
				positive++
			}
			if n {
				negative++
			}
		}
	}
	if positive+negative == 0 {
		return " "
	}
	return fmt.Sprintf(" %d + %d ", positive, negative)
}
