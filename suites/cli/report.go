package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/page"
)

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Check, show and compare what runs have left behind",
		Long: `Report works on the report.json that espalier conform, espalier run and espalier
vectors leave.`,
		Example: `  espalier report verify out/conform/report.json
  espalier report html out/conform/report.json
  espalier report diff yesterday/report.json out/conform/report.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(verifyCommand(), htmlCommand(), diffCommand())
	return cmd
}

// record is a report that was read.
type record interface {
	Check() []string
	ending() (code report.Code, counted string)
	page(io.Writer) error
}

type conformRecord struct{ *evidence.Document }

func (r conformRecord) ending() (report.Code, string) { return r.Document.Code, counted(r.Run) }
func (r conformRecord) page(w io.Writer) error        { return page.Conformance(w, r.Run) }

type runRecord struct {
	*report.Document
	dir string // in which it lies
}

func (r runRecord) ending() (report.Code, string) {
	c := r.Document.Counts
	return r.Document.Code, fmt.Sprintf("%d passed, %d failed, %d not run", c.Pass, c.Fail, c.Skip)
}
func (r runRecord) page(w io.Writer) error { return page.Run(w, r.Run, heardIn(r.dir)) }

// heardIn returns the timeline that a run has left in a folder, or nothing.
func heardIn(dir string) []timeline.Event {
	f, err := os.Open(filepath.Join(dir, timelineFile))
	if err != nil {
		return nil
	}
	defer f.Close()
	events, _ := timeline.Read(f) // the page says which lines belong to what; without them it has no picture
	return events
}

// readRecord reads a report.json of either kind.
func readRecord(path string) (record, error) {
	p, err := report.Load(path)
	if err != nil {
		return nil, usage("%w", err)
	}
	var r record
	switch report.Layout(p) {
	case report.Format:
		d, perr := report.Parse(p)
		r, err = runRecord{d, filepath.Dir(path)}, perr
	case evidence.Format:
		d, perr := evidence.Parse(p)
		r, err = conformRecord{d}, perr
	default:
		err = fmt.Errorf("no report of espalier: its format is none of %s and %s", evidence.Format, report.Format)
	}
	if err != nil {
		return nil, usage("%s: %w", path, err)
	}
	return r, nil
}

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE...",
		Short: "Compute again what a report.json says",
		Long: `Verify reads report.json files of espalier conform, run or vectors, and computes
again what follows from their results: the verdict on each profile, or the
evidence grade, the counts, the matrix of requirements, the exit code and the
digest of what was observed. It also names results that make no sense in
themselves, such as one that passed and sent nothing.

A digest is no signature. Whoever changes the results can compute all of this
anew; what verify finds is a report that was edited carelessly, cut, or mixed up.

Exit codes: 0 all of it holds, 1 something does not, 2 a file is no such report.`,
		Example: `  espalier report verify out/conform/report.json out/report/report.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			code := report.CodeOK
			for _, path := range files {
				r, err := readRecord(path)
				if err != nil {
					return err
				}
				wrong := r.Check()
				for _, line := range wrong {
					fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", path, printable(line))
				}
				if len(wrong) > 0 {
					code = report.CodeNonconformant
					continue
				}
				ended, counted := r.ending()
				fmt.Fprintf(cmd.OutOrStdout(), "%s: holds; exit %d, %s; %s\n", path, int(ended), ended, counted)
			}
			if code != report.CodeOK {
				return failure{code: code}
			}
			return nil
		},
	}
}

func htmlCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "html FILE",
		Short: "Make the page of a report.json",
		Long: `Html makes of a report.json the page that people read: the verdict on each
profile, what is broken and how to see it again, the requirements, the sequence
numbers over time, what was not run, and every test. It is one file that asks
nothing of any network and runs no script. espalier conform, run and vectors
leave one beside their report.json.

Of a report that does not hold there is no page; see espalier report verify.

Exit codes: 0 the page is written, 1 the report does not hold, 2 it is none.`,
		Example: `  espalier report html out/conform/report.json              # out/conform/report.html
  espalier report html out/conform/report.json -o page.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			r, err := readRecord(files[0])
			if err != nil {
				return err
			}
			if wrong := r.Check(); len(wrong) > 0 {
				return fail(report.CodeNonconformant, fmt.Errorf("%s does not hold, so there is no page of it: %s; espalier report verify says more", files[0], wrong[0]))
			}
			if out == "-" {
				return unwritten(r.page(cmd.OutOrStdout()))
			}
			if out == "" {
				out = strings.TrimSuffix(files[0], ".json") + ".html"
			}
			if err := leavePage(out, r.page); err != nil {
				return usage("-o: %w", err)
			}
			fmt.Fprintln(cmd.OutOrStdout(), out)
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "`file` for the page; - is standard output (default FILE with .html in the place of .json)")
	return cmd
}

// leavePage writes a page to a file, in one step.
func leavePage(path string, page func(io.Writer) error) error {
	var b bytes.Buffer
	if err := page(&b); err != nil {
		return err
	}
	return report.Replace(path, b.Bytes())
}

// leave writes what a run leaves in dir: report.json and junit.xml, and the page
// beside them. One that cannot be written does not keep the others from being
// written.
func leave(dir string, run interface{ Write(dir string) error }, page func(io.Writer) error) error {
	err := run.Write(dir)
	path := filepath.Join(dir, "report.html")
	if perr := leavePage(path, page); perr != nil && err == nil {
		err = fmt.Errorf("%s: %w", path, perr)
	}
	return err
}

// leaveConformance leaves a run of espalier conform.
func leaveConformance(dir string, run *evidence.Run) error {
	return leave(dir, run, func(w io.Writer) error { return page.Conformance(w, run) })
}

// leaveRun leaves a run of espalier run or espalier vectors.
func leaveRun(dir string, run *report.Run) error {
	return leave(dir, run, func(w io.Writer) error { return page.Run(w, run, heardIn(dir)) })
}

// left says where all that was left lies, and what is beside it.
func left(dir string, beside ...string) string {
	return "  " + dir + "/" + strings.Join(append([]string{"report.html", "report.json", "junit.xml"}, beside...), ", ") + "\n"
}
