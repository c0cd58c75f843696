package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/explain"
	"github.com/espalier-hil/espalier/suites/judge"
	"github.com/espalier-hil/espalier/suites/shim"
	"github.com/espalier-hil/espalier/vectors"
)

// vectorsFlags are what `espalier vectors` is told.
type vectorsFlags struct {
	shim    string
	profile string
	only    []string
	timeout time.Duration
	dir     string
	seed    uint64
	out     string
	list    bool
	explain string
}

func vectorsCommand() *cobra.Command {
	var f vectorsFlags
	cmd := &cobra.Command{
		Use:   "vectors",
		Short: "Test code in any language against the vectors",
		Long: `Vectors holds code against the vectors: key derivations, envelopes, payloads and
histories, right ones and wrong ones, of which the code is asked one by one. It
needs no board, no backend and no network. Without --shim it prints what there
is; --explain tells all about one test, bytes and reasons, and shows it with
openssl.

The code is reached through a shim, a program of some forty lines that reads one
line of JSON from its standard input, asks the code, and writes one line of JSON
to its standard output. vectors/SHIM.md says what is in these lines; vectors/shims
holds samples in Python, JavaScript and C.

The command is split into words as a shell does, with '…', "…" and \, and nothing
else is done to it: who wants a shell writes sh -c '…'. A shim that crashes, hangs
or talks nonsense loses the one test and is started again. After 20 crashes or 5
hangs in a row (5 or 2, if it never answered) it is asked nothing more. What it
writes to standard error is shown, up to 4 KiB.

A run ends with a table, the failures, the dialects that the answers betray, and
the verdict, and leaves report.html, report.json and junit.xml in --out. Profile
core lets pass what the protocol calls acceptable; strict and secure do not. Wrong
expectations are judged in each run, too: one that passes makes the run red.

Exit codes: 0 conformant, 1 something failed, 2 no such command, or a file of
vectors makes no sense, 3 nothing was tested, 4 the shim never answered, or the
run was interrupted, 6 something is not implemented or was not run.`,
		Example: `  espalier vectors                               # what there is
  espalier vectors --shim 'python3 vectors/shims/shim.py' --profile strict
  NODE_PATH=build/npm/node_modules espalier vectors --shim 'node vectors/shims/shim.js'
  espalier vectors --shim ./shim --only '^envelope/' --only seqn
  espalier vectors --list --only pad             # the tests, without asking
  espalier vectors --explain envelope/pad-x923   # or a dialect, or a requirement`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("explain") {
				return f.explained(cmd.OutOrStdout())
			}
			suite, err := f.suite()
			if err != nil {
				return err
			}
			switch {
			case f.list:
				return f.printTests(cmd.OutOrStdout(), suite)
			case cmd.Flags().Changed("shim"):
				return f.run(cmd, suite)
			case len(f.only) > 0:
				return usage("--only selects what --shim is asked, or --list prints; name one of them, too")
			}
			return printVectors(cmd.OutOrStdout(), suite)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.shim, "shim", "", "`command` that starts the shim")
	fl.StringVar(&f.profile, "profile", judge.Profiles[0], "`what` to hold the code to: "+strings.Join(judge.Profiles, ", "))
	fl.StringArrayVar(&f.only, "only", nil, "only tests whose id matches this regular `expression`, or another --only")
	fl.DurationVar(&f.timeout, "timeout", shim.Timeout, "`time` for one answer, a start of the shim included")
	fl.StringVar(&f.dir, "dir", "", "`folder` of vectors to take instead of those in the program")
	fl.Uint64Var(&f.seed, "seed", 0, "`number` that decides the order of the tests of a file (default random)")
	fl.StringVar(&f.out, "out", "out/vectors", "`folder` for report.html, report.json and junit.xml")
	fl.StringVar(&f.explain, "explain", "", "`name` of a test, a dialect or a requirement, to be explained")
	fl.BoolVar(&f.list, "list", false, "print the tests that are selected, and ask nobody")
	cmd.MarkFlagsMutuallyExclusive("shim", "list", "explain")
	cmd.MarkFlagsMutuallyExclusive("dir", "explain")
	return cmd
}

// explained explains what --explain names.
func (f *vectorsFlags) explained(w io.Writer) error {
	err := explain.Write(w, f.explain, colourful(w))
	if errors.Is(err, explain.ErrUnknown) {
		return usage("--%w; espalier vectors --list prints the tests", err)
	}
	return fail(report.CodeHarness, err)
}

// suite returns the vectors that the flags name.
func (f *vectorsFlags) suite() (*vectors.Suite, error) {
	if f.dir == "" {
		suite, err := vectors.All()
		return suite, fail(report.CodeHarness, err)
	}
	suite, err := vectors.Load(os.DirFS(f.dir), vectors.Names...)
	if err != nil {
		return nil, usage("--dir %s: %w", f.dir, err)
	}
	for _, e := range suite.Index.Files {
		name := strings.TrimSuffix(path.Base(e.Path), ".json")
		if e.NumberOfTests > 0 && name != "poison" && !slices.Contains(vectors.Names, name) {
			return nil, usage("--dir %s: SUITE.json lists %s, of which espalier %s knows nothing; take the espalier of these vectors", f.dir, e.Path, version())
		}
	}
	return suite, nil
}

// selects returns what --only selects, nil for everything. An expression that
// matches no id is an error: whoever wrote it meant something.
func (f *vectorsFlags) selects(suite *vectors.Suite) (*regexp.Regexp, error) {
	for _, text := range f.only {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, usage("--only: %w", err)
		}
		if !slices.ContainsFunc(ids(suite), re.MatchString) {
			return nil, fail(report.CodeNothing, fmt.Errorf("no test has an id that matches --only %s; espalier vectors --list shows all", quote(text)))
		}
	}
	if len(f.only) == 0 {
		return nil, nil
	}
	return regexp.MustCompile("(?:" + strings.Join(f.only, ")|(?:") + ")"), nil
}

// ids returns the ids of all tests, in the order of the files.
func ids(suite *vectors.Suite) []string {
	var all []string
	for _, t := range vectors.Of[vectors.Test](suite) {
		all = append(all, t.Common().ID)
	}
	return all
}

// printTests writes a line for each test that is selected.
func (f *vectorsFlags) printTests(w io.Writer, suite *vectors.Suite) error {
	only, err := f.selects(suite)
	if err != nil {
		return err
	}
	for _, t := range vectors.Of[vectors.Test](suite) {
		if c := t.Common(); only == nil || only.MatchString(c.ID) {
			fmt.Fprintf(w, "%-44s %-10s %s\n", c.ID, c.Result, printable(c.Comment))
		}
	}
	return nil
}

// printVectors writes what there is: files, counts, versions.
func printVectors(w io.Writer, suite *vectors.Suite) error {
	x := suite.Index
	fmt.Fprintf(w, "vectors %s, format %s, spec %s\n\n", x.VectorsVersion, x.FormatVersion, x.SpecVersion)
	for _, e := range x.Files {
		about := ""
		if file := slices.IndexFunc(suite.Files, func(f *vectors.File) bool { return f.Suite+".json" == e.Path }); file >= 0 {
			about = suite.Files[file].Header[0]
		}
		switch e.Path {
		case "poison.json":
			about = "Wrong expectations, judged in each run and not counted."
		case "requirements.json":
			about, e.NumberOfTests = "What a device and a backend are held to.", len(suite.Requirements)
		case "dialects.json":
			about, e.NumberOfTests = "Known ways of reading messages otherwise.", len(suite.Dialects)
		}
		fmt.Fprintf(w, "%6d  %-18s %s\n", e.NumberOfTests, e.Path, about)
	}
	_, err := fmt.Fprintf(w, "\n%6d  tests\n", x.NumberOfTests)
	return unwritten(err)
}
