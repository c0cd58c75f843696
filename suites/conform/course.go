package conform

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

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
	c.record.Target.URL = o.Target.URL
	o.Target.Strict = slices.Contains(o.Profiles, "strict") || slices.Contains(o.Profiles, "secure")
	var err error
	if c.engine, err = live.New(c.suite, o.Target, o.Seed); err != nil {
		return c.record, err
	}
	plan := c.plan()
	if len(plan) == 0 {
		return c.record, ErrNothing
	}
	for _, t := range plan {
		if err = ctx.Err(); err != nil {
			break
		}
		c.take(t, c.engine.Run(ctx, t.ID))
	}
	c.record.Finished = time.Now()
	return c.record, err
}

// plan returns the tests that are selected and of which a profile speaks, in
// the order in which they are run.
func (c *course) plan() (plan []vectors.Case) {
	for _, f := range c.suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				switch t.(type) {
				case *vectors.KDFTest, *vectors.DeviceTest: // nothing that a backend could be asked
				default:
					plan = append(plan, *t.Common())
				}
			}
		}
	}
	return slices.DeleteFunc(append(plan, live.Natives()...), func(t vectors.Case) bool { return !c.selected(t.ID) || !c.spoken(t.Reqs) })
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
func (c *course) hidden(r vectors.Requirement) bool {
	return !slices.Contains(r.Observe, "blackbox") && !slices.Contains(r.Observe, "hook")
}

// take takes a result into the record.
func (c *course) take(t vectors.Case, res live.Result) {
	result := evidence.Result{
		ID: res.ID, Comment: t.Comment, Importance: t.Importance, Reqs: res.Reqs, Verdict: res.Verdict, Broke: res.Broke, Why: res.Why,
		Dialect: res.Dialect, Notes: res.Notes, Took: res.Took, Began: time.Since(c.record.Started) - res.Took, Exchanges: res.Exchanges, Left: res.Left,
	}
	c.record.Results = append(c.record.Results, result)
	if c.options.Observe != nil {
		c.options.Observe(result)
	}
}
