package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
)

func diffCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say what changed between two reports of espalier conform",
		Long: `Diff says what became of profiles, requirements and tests from the report A to
the report B, both of espalier conform: what is broken and was not, what is no
longer told, what holds now, and which tests came or went. Seeds, times and
numbers that differ change nothing. A failure that was expected is one.

Exit codes: 0 nothing is worse, 1 something is broken that was not, 6 nothing is,
but something of which A told is not told of by B, 2 a file is no such report, or
does not hold.`,
		Example: `  espalier report diff before/report.json out/conform/report.json`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, files []string) error {
			var docs []*evidence.Document
			for _, path := range files {
				r, err := readRecord(path)
				if err != nil {
					return err
				}
				c, is := r.(conformRecord)
				if !is {
					return usage("%s is no report of espalier conform", path)
				}
				if wrong := c.Check(); len(wrong) > 0 {
					return usage("%s does not hold: %s; espalier report verify says more", path, wrong[0])
				}
				docs = append(docs, c.Document)
			}
			d := evidence.Compare(docs[0].Run, docs[1].Run)
			if asJSON {
				p, err := json.MarshalIndent(d, "", " ")
				if err != nil {
					return fail(report.CodeHarness, err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n", p)
			} else {
				s := &diffScreen{newScreen(cmd.OutOrStdout(), 0)}
				s.heads(files, docs)
				s.diff(d)
			}
			if code := d.Code(); code != report.CodeOK {
				return failure{code: code}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}

// diffScreen shows a comparison.
type diffScreen struct{ *screen }

// heads says what is compared.
func (s *diffScreen) heads(files []string, docs []*evidence.Document) {
	for i, d := range docs {
		s.print(fmt.Sprintf("%c  %s: %s, %s, seed %d, espalier %s\n", 'A'+i, files[i], printable(d.Target.URL),
			d.Started.UTC().Format("2006-01-02 15:04"), d.Seed, printable(d.Version)))
	}
	if docs[0].Suite.SHA256 != docs[1].Suite.SHA256 {
		s.print(fmt.Sprintf("   the vectors are not the same: %s and %s\n", printable(docs[0].Suite.VectorsVersion), printable(docs[1].Suite.VectorsVersion)))
	}
	s.print("\n")
}

// diff says what changed, what is worse first.
func (s *diffScreen) diff(d evidence.Diff) {
	for _, c := range d.Profiles {
		s.print(fmt.Sprintf("  %s profile %-8s %s, was %s\n", s.sign(c.Way), c.ID, c.After, c.Before))
	}
	for _, c := range d.Requirements {
		s.print(fmt.Sprintf("  %s %-16s %s, was %s\n", s.sign(c.Way), strings.TrimPrefix(printable(c.ID), "REQ-"), c.After, c.Before))
	}
	if len(d.Profiles)+len(d.Requirements) > 0 {
		s.print("\n")
	}
	for _, part := range []struct {
		way   evidence.Way
		title string
	}{{evidence.Worse, "broken, and was not"}, {evidence.Lost, "no longer told"}, {evidence.Better, "better"}, {evidence.Other, "otherwise, and neither better nor worse"}} {
		s.tests(part.way, part.title, d.Tests)
	}
	s.crowd("came", d.Came, func(c evidence.Change) string { return c.After })
	s.crowd("went", d.Went, func(c evidence.Change) string { return c.Before })
	switch code := d.Code(); {
	case d.Empty():
		s.print(fmt.Sprintf("alike: the same verdict of all %d · exit %d, %s\n", d.Alike, int(code), code))
	default:
		s.print(fmt.Sprintf("%d tests changed, %d came, %d went, %d say the same · exit %d, %s\n", len(d.Tests), len(d.Came), len(d.Went), d.Alike, int(code), code))
	}
}

func (s *diffScreen) sign(way evidence.Way) string {
	switch way {
	case evidence.Worse:
		return s.paint("31", "✗")
	case evidence.Lost:
		return s.paint("33", "–")
	case evidence.Better:
		return s.paint("32", "✓")
	}
	return "·"
}

// tests writes those that went one way.
func (s *diffScreen) tests(way evidence.Way, title string, all []evidence.Change) {
	var list []evidence.Change
	for _, c := range all {
		if c.Way == way {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return
	}
	s.print(fmt.Sprintf("%s: %d\n", title, len(list)))
	for i, c := range list {
		if i == mostDetails {
			s.print(fmt.Sprintf("    and %d more; --json has all\n", len(list)-i))
			break
		}
		text := fmt.Sprintf("  %s %s: %s, was %s", s.sign(c.Way), printable(c.ID), verdictWords(c.After), verdictWords(c.Before))
		for _, l := range []struct {
			word string
			ids  []string
		}{{"breaks", c.Broke}, {"no longer breaks", c.Mended}} {
			if len(l.ids) > 0 {
				text += "; " + l.word + " " + printable(strings.ReplaceAll(strings.Join(l.ids, " "), "REQ-", ""))
			}
		}
		s.print(fold(text, s.width(), 6) + "\n")
		if c.Why != "" && (way == evidence.Worse || way == evidence.Lost) {
			s.print("      " + printable(cut(c.Why, 150)) + "\n")
		}
	}
	s.print("\n")
}

// crowd counts tests that only one of the two has, and names those that say that
// something is broken.
func (s *diffScreen) crowd(word string, list []evidence.Change, verdict func(evidence.Change) string) {
	if len(list) == 0 {
		return
	}
	counts := map[string]int{}
	for _, c := range list {
		counts[verdict(c)]++
	}
	var parts []string
	for _, v := range evidence.Verdicts() {
		if n := counts[string(v)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, verdictWords(string(v))))
		}
	}
	s.print(fmt.Sprintf("%s: %s\n", word, strings.Join(parts, ", ")))
	for i, c := range list {
		if i == mostDetails {
			s.print(fmt.Sprintf("    and %d more; --json has all\n", len(list)-i))
			break
		}
		s.print(fmt.Sprintf("  %s %s: %s\n", s.sign(c.Way), printable(c.ID), verdictWords(verdict(c))))
	}
	s.print("\n")
}

func verdictWords(v string) string { return strings.ReplaceAll(v, "_", " ") }
