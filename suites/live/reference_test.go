package live_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

func suite(t *testing.T) *vectors.Suite {
	t.Helper()
	s, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ids returns the ids of all tests whose id begins so.
func ids(s *vectors.Suite, prefix string) (list []string) {
	for _, f := range s.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				if id := t.Common().ID; strings.HasPrefix(id, prefix) {
					list = append(list, id)
				}
			}
		}
	}
	return list
}

// judge runs the tests whose ids begin so, each on its own, and returns the
// results by verdict.
func judge(t *testing.T, engine *live.Engine, list []string) map[live.Verdict][]live.Result {
	t.Helper()
	results := map[live.Verdict][]live.Result{}
	for _, id := range list {
		res := engine.Run(t.Context(), id)
		results[res.Verdict] = append(results[res.Verdict], res)
	}
	return results
}

// expect fails for each result that is neither PASS nor among the exceptions.
func expect(t *testing.T, results map[live.Verdict][]live.Result, except map[live.Verdict]string) {
	t.Helper()
	for verdict, list := range results {
		t.Logf("%s: %d", verdict, len(list))
		for _, res := range list {
			if prefix, may := except[verdict]; verdict != live.Pass && (!may || !strings.HasPrefix(res.ID, prefix)) {
				t.Errorf("%s: %s: %s", res.ID, res.Verdict, res.Why)
			}
		}
	}
}

// The reference server, with all that a target can have: every test of every
// type comes out as it should, in the strictest profile.
func TestReference(t *testing.T) {
	s, all := servertest.Reference(t), suite(t)
	engine := func(t *testing.T) *live.Engine {
		t.Helper()
		target := live.Served(s)
		target.Strict, target.Patience = true, 60*time.Second
		e, err := live.New(all, target, 1)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	expect(t, judge(t, engine(t), ids(all, "sequence/")), map[live.Verdict]string{live.Limit: "sequence/shared-passphrase-limit"})
	// From here on nothing restarts the server.
	t.Run("at once", func(t *testing.T) {
		for _, id := range ids(all, "http/unended-") { // each waits for the server's own timeouts
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				expect(t, judge(t, engine(t), []string{id}), nil)
			})
		}
	})
	expect(t, judge(t, engine(t), slices.DeleteFunc(ids(all, "http/"), func(id string) bool { return strings.HasPrefix(id, "http/unended-") })), nil)
	expect(t, judge(t, engine(t), ids(all, "concurrency/")), nil)
	expect(t, judge(t, engine(t), ids(all, "oracle/")), map[live.Verdict]string{live.Inconclusive: "oracle/time-"})
	expect(t, judge(t, engine(t), ids(all, "envelope/")), nil)
	expect(t, judge(t, engine(t), ids(all, "payload/")), nil)
}

// Without hooks, on devices that go on from where they stand: what needs hooks
// is NOT_RUN, and everything else is as before.
func TestReferenceWithoutHooks(t *testing.T) {
	s, all := servertest.Reference(t), suite(t)
	target := live.Target{URL: s.URL() + "/data"}
	for i, d := range []live.Device{{ID: "one", Passphrase: "first"}, {ID: "two", Passphrase: "second"}, {ID: "three", Passphrase: "second"}, {ID: "Four/4", Passphrase: "fourth ☂"}} {
		d.Next = uint64(5000 + i)
		if err := s.Provision(t.Context(), d.ID, d.Passphrase, d.Next); err != nil {
			t.Fatal(err)
		}
		target.Devices = append(target.Devices, d)
	}
	for seed := range uint64(2) { // the second goes on where the first has ended
		engine, err := live.New(all, target, seed)
		if err != nil {
			t.Fatal(err)
		}
		results := judge(t, engine, slices.Concat(ids(all, "sequence/"), ids(all, "concurrency/rising"), ids(all, "oracle/last"), ids(all, "http/keep"), ids(all, "payload/missing")))
		expect(t, results, map[live.Verdict]string{live.Limit: "sequence/shared-passphrase-limit", live.NotRun: "sequence/", live.Skip: "sequence/shared-"})
		if n := len(results[live.NotRun]); n > 50 {
			t.Errorf("%d tests were not run", n)
		}
		target.Devices = engine.Devices()
	}
}
