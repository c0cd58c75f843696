package conform

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// errBudget is why a run ends that has used up its time.
var errBudget = errors.New("it has used up its time")

// course is one run under way.
type course struct {
	suite   *vectors.Suite
	options Options
	engine  *live.Engine
	record  *evidence.Run
}

func (c *course) run(ctx context.Context) (*evidence.Run, error) {
	o := c.options
	c.record = &evidence.Run{Started: time.Now(), Seed: o.Seed, Profiles: o.Profiles, Narrowed: len(o.Only)+len(o.Not) > 0}
	for _, r := range c.suite.Requirements.Sorted() {
		c.record.Requirements = append(c.record.Requirements, evidence.Requirement{ID: r.ID, Text: r.Text, Section: r.Section, Levels: r.Levels, Hidden: c.hidden(r)})
	}
	for _, d := range o.Target.Devices {
		c.record.Target.Devices = append(c.record.Target.Devices, evidence.Device{ID: d.ID, Next: fmt.Sprint(d.Next), Disposable: d.Disposable})
		c.record.Secrets = append(c.record.Secrets, d.Passphrase)
	}
	c.record.Target.URL, c.record.Target.Hooks = o.Target.URL, hooks(o.Target.Hooks)
	c.record.Version, c.record.Suite = o.Version, edition(c.suite)
	o.Target.Strict = slices.Contains(o.Profiles, "strict") || slices.Contains(o.Profiles, "secure")
	var err error
	if c.engine, err = live.New(c.suite, o.Target, o.Seed); err != nil {
		return c.record, err
	}
	plan := c.plan()
	if len(plan) == 0 {
		return c.record, ErrNothing
	}
	if o.Plan != nil {
		o.Plan(plan)
	}
	if o.Budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.Budget, fmt.Errorf("%w of %s", errBudget, o.Budget))
		defer cancel()
	}
	if err = c.greet(ctx); err == nil {
		err = c.walk(ctx, plan)
	}
	c.close()
	c.hide()
	c.narrow()
	c.record.Finished = time.Now()
	if errors.Is(err, errOver) {
		err = nil
	}
	return c.record, err
}

// errOver reports that the first exchange has shown all that can be shown.
var errOver = errors.New("conform: the first exchange went wrong")

// greet exchanges the first messages. Where they show the backend to be wrong,
// what follows would say the same a thousand times.
func (c *course) greet(ctx context.Context) error {
	if len(c.options.Target.Devices) == 0 || ctx.Err() != nil {
		return nil // each is made when it is needed, or none is needed any more
	}
	res, err := c.engine.Greet(ctx)
	if ctx.Err() != nil {
		return nil
	}
	switch {
	case errors.Is(err, live.ErrUnreachable):
		c.record.Unreachable = res.Why
	case errors.Is(err, live.ErrStranger):
		c.record.Stranger = res.Why
	}
	if err != nil {
		return err
	}
	c.take(vectors.Case{ID: res.ID, Comment: "the first message of each device", Importance: "critical", Reqs: res.Reqs}, res)
	if res.Verdict != live.Pass {
		return errOver
	}
	return nil
}

// close takes down where the devices are left.
func (c *course) close() {
	for i, d := range c.engine.State() {
		c.record.Target.Devices[i].Lost = d.Lost
		if d.Lost == "" {
			c.record.Target.Devices[i].Left = strconv.FormatUint(d.Next, 10)
		}
	}
}

// hooks names those that there are.
func hooks(h live.Hooks) (names []string) {
	for _, hook := range []struct {
		name string
		is   bool
	}{{"provision", h.Provision != nil}, {"state", h.State != nil}, {"readings", h.Readings != nil}, {"restart", h.Restart != nil}, {"kill", h.Kill != nil}} {
		if hook.is {
			names = append(names, hook.name)
		}
	}
	return names
}

// edition says which tests there are.
func edition(suite *vectors.Suite) evidence.Suite {
	text, err := vectors.Files.ReadFile("SUITE.json")
	if err != nil {
		panic("conform: internal error: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return evidence.Suite{SpecVersion: suite.Index.SpecVersion, VectorsVersion: suite.Index.VectorsVersion, SHA256: hex.EncodeToString(sum[:])}
}

// walk runs the plan. When the run is ended before, what is left is not run, and
// says so.
func (c *course) walk(ctx context.Context, plan []Step) error {
	for i := 0; i < len(plan); i++ {
		if plan[i].phase != patient {
			c.take(plan[i].Case, c.engine.Run(ctx, plan[i].ID))
			continue
		}
		var ids []string
		for _, s := range plan[i:] {
			if s.phase == patient {
				ids = append(ids, s.ID)
			}
		}
		for j, res := range c.engine.Together(ctx, ids) {
			c.take(plan[i+j].Case, res)
		}
		i += len(ids) - 1
	}
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errBudget) {
		return ctx.Err()
	}
	return nil
}

// selected reports whether the options select a test.
func (c *course) selected(id string) bool {
	for _, not := range c.options.Not {
		if not.MatchString(id) {
			return false
		}
	}
	for _, only := range c.options.Only {
		if only.MatchString(id) {
			return true
		}
	}
	return len(c.options.Only) == 0
}

// spoken reports whether a profile of the run says anything of one of these
// requirements.
func (c *course) spoken(reqs []string) bool {
	return slices.ContainsFunc(reqs, func(id string) bool {
		return slices.ContainsFunc(c.options.Profiles, func(p string) bool { return c.suite.Requirements[id].Levels[p] != "" })
	})
}

// hidden reports whether a requirement cannot be seen with what the target has.
// What durable alone demands is never hidden: who asks for it has to bring the
// hooks.
func (c *course) hidden(r vectors.Requirement) bool {
	switch {
	case slices.Contains(r.Observe, "blackbox"):
		return false
	case !slices.Contains(r.Observe, "hook"):
		return true
	}
	return c.options.Target.Hooks.State == nil && r.Levels["core"] != ""
}

// hide marks what no test could be about on this target: all that cite it were
// left out.
func (c *course) hide() {
	for i, req := range c.record.Requirements {
		about := false
		for _, res := range c.record.Results {
			about = about || res.Verdict != evidence.Skip && slices.Contains(res.Reqs, req.ID)
		}
		alone := req.Levels["core"] == "" // durable demands it, and who has no hooks has not shown it
		c.record.Requirements[i].Hidden = req.Hidden || !about && !c.record.Narrowed && !alone
	}
}

// take takes a result into the record.
func (c *course) take(t vectors.Case, res live.Result) {
	result := evidence.Result{
		ID: res.ID, Comment: t.Comment, Importance: t.Importance, Reqs: res.Reqs, Verdict: res.Verdict, Broke: res.Broke, Why: res.Why,
		Dialect: res.Dialect, Maybe: res.Maybe, Notes: res.Notes, Took: res.Took, Began: time.Since(c.record.Started) - res.Took, Exchanges: res.Exchanges, Left: res.Left,
	}
	if result.Verdict == evidence.NotRun && !c.wanted(t) {
		result.Verdict = evidence.Skip
	}
	c.record.Results = append(c.record.Results, result)
	if c.options.Observe != nil {
		c.options.Observe(result)
	}
}

// wanted reports whether a test that was not run is missed. What needs a hook is
// missed by profile durable alone, whose requirements nothing else shows.
func (c *course) wanted(t vectors.Case) bool {
	hooks := slices.ContainsFunc(t.Features, func(f string) bool { return strings.HasPrefix(f, "hook.") && f != "hook.provision" })
	switch {
	case !slices.ContainsFunc(c.options.Profiles, func(p string) bool { return c.record.Demands(p, t.Reqs) }):
		return false
	case hooks:
		return slices.Contains(c.options.Profiles, "durable") && !slices.Contains(t.Features, "hook.state") && !slices.Contains(t.Features, "hook.readings")
	}
	return true
}
