package conform_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/expected"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/suites/peers"
	"github.com/espalier-hil/espalier/vectors"
)

// judgement is how a peer is run, and what a run has to find.
type judgement struct {
	kind    peers.Kind
	devices int               // of which all but two are spare: what locks one out uses it up
	not     []string          // is left out, for the reasons in README.md of package peers
	finds   map[string]string // requirements that are broken, each by a test that shows it
}

// Each peer is what its list of expected failures says, no better and no worse.
// What its design is known for is found, by the requirement that it breaks.
func TestPeers(t *testing.T) {
	suite := all(t)
	for _, j := range judgements {
		t.Run(string(j.kind), func(t *testing.T) {
			run := j.run(t, suite)
			list := j.list(t, suite)
			if t.Logf("%v in %v", run.Counts(), run.Finished.Sub(run.Started)); run.Code() != report.CodeNonconformant {
				t.Errorf("without the list: exit code %d", run.Code())
			}
			with, unseen := against(run, list)
			for _, res := range with.Results {
				if !slices.Contains([]evidence.Verdict{evidence.Pass, evidence.Skip, evidence.XFail, evidence.Limit}, res.Verdict) {
					t.Errorf("%s: %s against %q: %s %q", res.ID, res.Verdict, res.Blames(), res.Why, res.Notes)
				}
			}
			if len(unseen) > 0 || with.Code() != report.CodeOK {
				t.Errorf("with the list: exit code %d, and nothing was seen of %q", with.Code(), unseen)
			}
			for req, id := range j.finds {
				if res := result(t, run, id); !slices.Contains(res.Blames(), req) {
					t.Errorf("%s: %s against %q: %s; want it to show that %s is broken", id, res.Verdict, res.Blames(), res.Why, req)
				}
			}
			exact(t, run, list)
			row(t, fmt.Sprintf("[%s](peers/README.md)", j.kind), run)
		})
	}
}

// run runs everything against the peer, which is started again when it ends.
func (j judgement) run(t *testing.T, suite *vectors.Suite) *evidence.Run {
	t.Helper()
	o := conform.Options{Profiles: []string{"secure"}, Seed: 1}
	for _, text := range j.not {
		o.Not = append(o.Not, regexp.MustCompile(text))
	}
	var known []peers.Device
	for i := range j.devices {
		id := fmt.Sprintf("device-%d", i)
		d := live.Device{ID: id, Passphrase: "the passphrase of " + id, Next: 1_795_000_000_000, Disposable: true}
		known = append(known, peers.Device{ID: id, Passphrase: d.Passphrase, Next: d.Next - 17})
		o.Target.Devices = append(o.Target.Devices, d)
	}
	// No test here is about what survives, and a disk that other packages flush
	// would make minutes of it.
	if _, err := os.Stat("/dev/shm"); err == nil {
		t.Setenv("TMPDIR", "/dev/shm")
	}
	p := peers.Started(t, j.kind, known...)
	// What does not end within these five seconds does not within a minute either.
	o.Target.URL, o.Target.Patience, o.Target.Revival = p.URL+"/data", 5*time.Second, time.Minute
	defer revived(t, p)()
	run, err := conform.Run(t.Context(), suite, o)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// revived starts the peer again whenever it ends, until the function that it
// returns is called.
func revived(t *testing.T, p *peers.Peer) (leave func()) {
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan struct{})
	go func() {
		defer close(left)
		for {
			select {
			case <-ctx.Done():
				return
			case <-p.Ended():
				if err := p.Restart(ctx); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	return func() { cancel(); <-left }
}

// list is what the peer is known for.
func (j judgement) list(t *testing.T, suite *vectors.Suite) expected.List {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "peers", string(j.kind), "expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	steps, err := conform.Steps(suite, conform.Options{Profiles: []string{"secure"}, Target: live.Target{URL: "http://127.0.0.1/data", Devices: []live.Device{{ID: "a"}}}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := expected.Parse(text, func(id string) bool {
		return slices.ContainsFunc(steps, func(s conform.Step) bool { return s.ID == id })
	})
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../peers/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if fault := strings.TrimPrefix(e.Issue, "README.md, "); !strings.Contains(string(readme), "| **"+fault+"** |") {
			t.Errorf("README.md of package peers has no fault called %q", fault)
		}
	}
	return list
}

// against holds a copy of the record against a list.
func against(run *evidence.Run, list expected.List) (held *evidence.Run, unseen []string) {
	with := *run
	with.Results = slices.Clone(run.Results)
	for i := range with.Results {
		with.Results[i].Notes = slices.Clip(with.Results[i].Notes)
	}
	return &with, list.Apply(&with)
}

// exact shows that the list is no wider than the peer is wrong: a run is red
// without any one of its entries, and where any one of its tests passes.
func exact(t *testing.T, run *evidence.Run, list expected.List) {
	t.Helper()
	for i, e := range list {
		if with, _ := against(run, slices.Delete(slices.Clone(list), i, i+1)); with.Code() == report.CodeOK {
			t.Errorf("without what the list says of %q the exit code is 0", e.IDs)
		}
		for _, id := range e.IDs {
			better := *run
			better.Results = slices.Clone(run.Results)
			res := result(t, &better, id)
			res.Verdict, res.Broke, res.Why = evidence.Pass, nil, ""
			if with, _ := against(&better, list); with.Code() != report.CodeNonconformant {
				t.Errorf("where %s passes, exit code %d", id, with.Code())
			}
		}
	}
}

// result is what the run has of a test.
func result(t *testing.T, run *evidence.Run, id string) *evidence.Result {
	t.Helper()
	i := slices.IndexFunc(run.Results, func(res evidence.Result) bool { return res.ID == id })
	if i < 0 {
		t.Fatalf("there is no result of %s", id)
	}
	return &run.Results[i]
}
