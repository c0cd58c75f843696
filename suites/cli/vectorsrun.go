package cli

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/judge"
	"github.com/espalier-hil/espalier/suites/shim"
	"github.com/espalier-hil/espalier/vectors"
)

// inquiry is one run of the vectors over a shim.
type inquiry struct {
	flags   *vectorsFlags
	suite   *vectors.Suite
	shim    *shim.Shim
	run     *report.Run
	summary *judge.Summary
	show    *inquiryScreen
}

// run asks the shim and says what came of it.
func (f *vectorsFlags) run(cmd *cobra.Command, suite *vectors.Suite) error {
	words, err := shim.Split(f.shim)
	switch {
	case err != nil:
		return usage("--%w", err)
	case !slices.Contains(judge.Profiles, f.profile):
		return usage("--profile %q is none of %s", f.profile, strings.Join(judge.Profiles, ", "))
	case f.timeout <= 0:
		return usage("--timeout must be more than 0")
	}
	only, err := f.selects(suite)
	if err != nil {
		return err
	}
	if f.seed == 0 {
		f.seed = rand.Uint64N(math.MaxUint32) + 1
	}
	q := &inquiry{flags: f, suite: suite, show: newInquiryScreen(cmd)}
	q.run = &report.Run{Version: version(), Started: time.Now(), Seed: f.seed, Repeat: f.repeat(cmd, f.only), Requirements: q.requirements()}
	// What lies there from an earlier run must not pass for this one's.
	if err := leaveRun(f.out, q.run); err != nil {
		return usage("--out: %w", err)
	}
	if q.shim, err = shim.Start(shim.Config{Command: words, Timeout: f.timeout, Stderr: q.show.aside}); err != nil {
		return usage("--%w", err)
	}
	defer q.shim.Close()
	q.show.begin(q)
	q.summary, err = judge.Run(cmd.Context(), shuffled(suite, f.seed), q.shim,
		judge.Options{Profile: f.profile, Only: only, Observe: q.show.result})
	surplus := q.shim.Close()
	q.show.end()
	return q.conclude(cmd, err, surplus)
}

// requirements returns the register with the levels of the profile.
func (q *inquiry) requirements() []report.Requirement {
	var list []report.Requirement
	for _, r := range q.suite.Requirements.Sorted() {
		list = append(list, report.Requirement{ID: r.ID, Level: q.level(r), Text: r.Text})
	}
	return list
}

// level returns what the profile says of a requirement.
func (q *inquiry) level(r vectors.Requirement) string {
	if level := r.Levels[q.flags.profile]; level != "" {
		return level
	}
	return "MAY" // one that the profile does not name demands nothing
}

// shuffled returns the suite with the groups of a file, and the tests of a
// group, in an order that seed decides: what code remembers of one question
// must not help it with the next.
func shuffled(suite *vectors.Suite, seed uint64) *vectors.Suite {
	random := rand.New(rand.NewPCG(seed, 0))
	mixed := *suite
	mixed.Files = nil
	for _, f := range suite.Files {
		file := *f
		file.Groups = nil
		for _, i := range random.Perm(len(f.Groups)) {
			group := *f.Groups[i]
			group.Tests = nil
			for _, j := range random.Perm(len(f.Groups[i].Tests)) {
				group.Tests = append(group.Tests, f.Groups[i].Tests[j])
			}
			file.Groups = append(file.Groups, &group)
		}
		mixed.Files = append(mixed.Files, &file)
	}
	return &mixed
}

// conclude writes the report and says how the run went.
func (q *inquiry) conclude(cmd *cobra.Command, err, surplus error) error {
	if cmd.Context().Err() != nil {
		err = errInterrupted
	}
	place := map[string]int{}
	for i, id := range ids(q.suite) {
		place[id] = i
	}
	slices.SortFunc(q.summary.Results, func(a, b judge.Result) int { return place[a.ID] - place[b.ID] })
	for _, r := range q.summary.Results {
		q.run.Results = append(q.run.Results, q.result(cmd, r))
	}
	q.poison()
	if surplus != nil {
		q.run.Results = append(q.run.Results, report.Result{ID: "The shim says only what it is asked", Status: report.Fail,
			Class: report.Nonconformant, Message: surplus.Error(), Demanded: true})
	}
	mute := err == nil && q.shim.Answered() == 0
	switch {
	case mute:
		err = q.mute()
		q.run.Results = []report.Result{{ID: "The shim answers", Status: report.Fail, Class: report.Harness, Message: err.Error(), Log: q.shim.LastWords(), Demanded: true}}
	case err != nil && !errors.Is(err, judge.ErrNothing):
		q.run.Results = append(q.run.Results, broken(err))
	}
	q.run.Finished = time.Now()
	if err := leaveRun(q.flags.out, q.run); err != nil {
		return fail(report.CodeHarness, err)
	}
	switch {
	case errors.Is(err, judge.ErrNothing):
		return fail(report.CodeNothing, err)
	case err != nil:
		return fail(report.CodeHarness, err)
	}
	q.show.summary(q)
	if code := q.run.Code(); code != report.CodeOK {
		return failure{code: code}
	}
	return nil
}

// mute is the error about a shim that never answered: that is no finding about
// any code.
func (q *inquiry) mute() error {
	said := ""
	if words := strings.Fields(strings.Join(q.shim.LastWords(), " ")); len(words) > 0 {
		said = "; its last words: " + strings.Join(words, " ")
	}
	for _, r := range q.summary.Results {
		if r.Verdict.Red() {
			return fmt.Errorf("the shim %s answered none of %d questions; the first: %s%s", quote(q.flags.shim), q.shim.Asked(), r.Reason, said)
		}
	}
	return fmt.Errorf("the shim %s answered nothing%s", quote(q.flags.shim), said)
}

// result returns a result as reports have it. What was judged only in part, or
// not at all, is skipped there: a report never says more than was shown.
func (q *inquiry) result(cmd *cobra.Command, r judge.Result) report.Result {
	res := report.Result{ID: r.ID, Requirements: r.Reqs, Labels: slices.Clone(r.Flags), Message: r.Reason, Duration: q.show.each[r.ID]}
	for _, name := range r.Dialects {
		res.Labels = append(res.Labels, "dialect:"+name)
	}
	switch {
	case r.Verdict.Red():
		res.Status, res.Class = report.Fail, report.Nonconformant
		res.Repeat = q.flags.repeat(cmd, []string{"^" + r.ID + "$"})
	case r.Verdict == judge.NotRun || r.Partly:
		res.Status, res.Demanded = report.Skip, !r.Beyond && q.demands(r.Reqs)
	default:
		res.Status, res.Message = report.Pass, ""
	}
	return res
}

// demands reports whether the profile demands one of these requirements.
func (q *inquiry) demands(reqs []string) bool {
	return slices.ContainsFunc(reqs, func(id string) bool { return q.level(q.suite.Requirements[id]) == "MUST" })
}

// poison adds a result for each wrong expectation that passed, and counts the
// others.
func (q *inquiry) poison() {
	reported := 0
	if len(q.summary.Poison) == 0 {
		return // it did not come to that
	}
	for _, p := range q.summary.Poison {
		switch {
		case p.Survived():
			res := report.Result{ID: p.ID, Requirements: p.Reqs, Status: report.Fail, Class: report.Nonconformant, Demanded: true,
				Message: "the code makes the very mistake that this wrong expectation has: " + p.Poison}
			if p.Blind {
				res.Class, res.Message = report.Harness, "espalier does not notice a wrong expectation, even of code that is right: "+p.Poison
			}
			q.run.Results = append(q.run.Results, res)
		case p.Verdict.Red():
			reported++
		}
	}
	q.run.Measurements = append(q.run.Measurements,
		report.Measurement{Name: "wrong expectations reported", Value: float64(reported)}, report.Measurement{Name: "of", Value: float64(len(q.summary.Poison))})
}

// repeat returns the command line that repeats the run, or the part of it that
// only selects.
func (f *vectorsFlags) repeat(cmd *cobra.Command, only []string) string {
	words := given(cmd, "only")
	for _, text := range only {
		words = append(words, "--only", quote(text))
	}
	return strings.Join(append(words, "--seed", fmt.Sprint(f.seed)), " ")
}
