package mutants_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/suites/mutants"
	"github.com/espalier-hil/espalier/vectors"
)

// conformance runs tests against a backend as `espalier conform` does: with all
// hooks, or with nothing but its URL and two devices, the first of which has the
// passphrase and stands at next.
func (b *bench) conformance(all *vectors.Suite, blind bool, passphrase string, next uint64, ids ...string) *evidence.Run {
	b.Helper()
	o := conform.Options{Target: live.Served(b.server), Profiles: []string{"secure", "durable"}, Seed: 1}
	o.Target.Patience = 20 * time.Second
	for _, id := range ids {
		if id == live.FirstExchange {
			id = "sequence/in-order" // before any test
		}
		o.Only = append(o.Only, regexp.MustCompile("^"+regexp.QuoteMeta(id)+"$"))
	}
	if blind {
		o.Target.Hooks = live.Hooks{}
		for i, secret := range []string{passphrase, "another passphrase"} {
			d := live.Device{ID: fmt.Sprintf("device-%d", i), Passphrase: secret, Next: next, Disposable: true}
			if err := b.server.Provision(b.Context(), d.ID, secret, next); err != nil {
				b.Fatal(err)
			}
			o.Target.Devices = append(o.Target.Devices, d)
		}
	}
	run, err := conform.Run(b.Context(), all, o)
	if err != nil {
		b.Fatal(err)
	}
	return run
}

// killer returns the result that blames what the fault breaks, or the last one.
func killer(run *evidence.Run, f mutants.Fault) (res evidence.Result, killed bool) {
	for _, res = range run.Results {
		if slices.Contains(res.Blames(), f.Req) {
			return res, true
		}
	}
	return res, false
}

// today is where a device stands that counts milliseconds.
func today() uint64 { return uint64(time.Now().UnixMilli()) }

// A conformance run kills each fault by a test that cites the requirement that it
// breaks, names the dialect, and is not against the profiles that permit it: with
// hooks, and by the URL alone as far as the fault shows there. Without a fault
// the same tests pass. The matrix is in KILLS.md.
func TestMutantBackendsAreKilled(t *testing.T) {
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	backend := program(t, "backend")
	t.Run("no fault", func(t *testing.T) {
		var ids []string
		for _, k := range kills {
			ids = append(ids, k.hooks, k.blind)
		}
		slices.Sort(ids)
		ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" || id == live.FirstExchange })
		for name, blind := range map[string]bool{"hooks": false, "blind": true} {
			run := start(t, backend).conformance(all, blind, "correct horse", today(), ids...)
			for _, res := range run.Results {
				left := res.Verdict == evidence.Skip || res.Verdict == evidence.NotRun // what takes a hook
				if res.Verdict != evidence.Pass && !(blind && left) {
					t.Errorf("%s: %s: %s: %s", name, res.ID, res.Verdict, res.Why)
				}
			}
		}
	})
	rows := make([]string, len(mutants.Faults))
	t.Run("faults", func(t *testing.T) {
		for i, f := range mutants.Faults {
			k, listed := kills[f.Name]
			if !listed {
				t.Errorf("%s survives: no test is known to kill it", f.Name)
				continue
			}
			rows[i] = row(f, k)
			t.Run(f.Name, func(t *testing.T) {
				if f.Name != "slow-after-padding" { // which is timed
					t.Parallel()
				}
				kill(t, all, backend, f, k)
			})
		}
	})
	for name := range kills {
		if !slices.ContainsFunc(mutants.Faults, func(f mutants.Fault) bool { return f.Name == name }) {
			t.Errorf("%s is killed, and is no fault", name)
		}
	}
	if !t.Failed() {
		matrix(t, rows)
	}
}

// kill runs the tests that are to kill a fault.
func kill(t *testing.T, all *vectors.Suite, backend string, f mutants.Fault, k deaths) {
	for blind, id := range map[bool]string{false: k.hooks, true: k.blind} {
		if id == "" {
			continue
		}
		passphrase, next := "correct horse", today()
		if f.Passphrase != "" {
			passphrase = f.Passphrase
		}
		if k.low {
			next = 121
		}
		b := start(t, backend, "--fault", f.Name)
		run := b.conformance(all, blind, passphrase, next, id)
		res, killed := killer(run, f)
		if !killed || res.ID != id {
			t.Errorf("blind %t: %s says %s against %q: %s; want %s to kill what breaks %s", blind, res.ID, res.Verdict, res.Blames(), res.Why, id, f.Req)
			continue
		}
		if f.Dialect != "" && res.Dialect != f.Dialect && !slices.Contains(res.Maybe, f.Dialect) {
			t.Errorf("blind %t: %s calls it %q or %q, and it is %s", blind, id, res.Dialect, res.Maybe, f.Dialect)
		}
		for _, p := range vectors.Profiles {
			broken := len(run.Judge(p).Broken) > 0
			if p == f.Profile && run.Demands(p, []string{f.Req}) != broken {
				t.Errorf("blind %t: profile %s is broken: %t", blind, p, broken)
			}
			if slices.Index(vectors.Profiles, p) < slices.Index(vectors.Profiles, f.Profile) && broken {
				t.Errorf("blind %t: profile %s is broken, and %s is not demanded there: %s", blind, p, f.Req, res.Why)
			}
		}
		t.Logf("%s by %s: %s", res.Verdict, id, res.Why)
	}
}

// row is a line of the matrix.
func row(f mutants.Fault, k deaths) string {
	code := func(s string) string {
		if s == "" {
			return ""
		}
		return "`" + s + "`"
	}
	blind := code(k.blind)
	if k.blind == "" {
		blind = k.unseen
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", code(f.Name), strings.ReplaceAll(f.Did, "|", "\\|"), f.Req, f.Profile, code(k.hooks), blind)
}

// matrix compares the table with the file, or writes it.
func matrix(t *testing.T, rows []string) {
	blind := 0
	for _, k := range kills {
		if k.blind != "" {
			blind++
		}
	}
	text := fmt.Sprintf(`# Backends with one fault each, and the tests that kill them

Made by `+"`ESPALIER_UPDATE=1 go test -run MutantBackendsAreKilled ./suites/mutants`"+`; the test
itself runs each of them again, and is red where one survives.

%d of %d faults are killed with hooks, and %d by the URL alone: the others do not
show there. The profile is the first that must find the fault.

Not here is a flush that is left out (synchronous=OFF): kill -9 does not show it,
since the kernel has what was written. reference-server/powercut forgets what was
not flushed, and proves that it finds such a server.

| fault | what was done | breaks | profile | killed by | by the URL alone |
|---|---|---|---|---|---|
%s`, len(kills), len(mutants.Faults), blind, strings.Join(rows, ""))
	if os.Getenv("ESPALIER_UPDATE") != "" {
		if err := os.WriteFile("KILLS.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("KILLS.md")
	if err != nil || string(got) != text {
		t.Errorf("KILLS.md is stale (%v): ESPALIER_UPDATE=1 go test -run MutantBackendsAreKilled ./suites/mutants", err)
	}
	t.Logf("%d of %d faults are killed; %d by the URL alone", len(kills), len(mutants.Faults), blind)
}
