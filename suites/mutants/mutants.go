// Package mutants proves that the device suite can fail. It plants one fault
// at a time, in a backend or in the firmware, runs the whole suite against it,
// and looks at which specs turn red. A mutant that survives, or that is killed
// by another spec than the one that claims it, is a defect of the suite.
package mutants

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/espalier-hil/espalier/harness/report"
)

// Mutant is a device or a backend with one fault.
type Mutant struct {
	Name    string       // of the fault, as the backend or the firmware knows it
	Backend bool         // planted in the backend; otherwise in the firmware
	Board   string       // whose firmware; empty is the reference firmware's
	Kills   string       // a part of the text of the spec that must turn red
	Req     string       // the requirement that the spec cites
	Class   report.Class // of the failure; empty is report.Nonconformant
}

// String names the mutant among all others.
func (m Mutant) String() string {
	if m.Board == "" {
		return m.Name
	}
	return m.Board + "-" + m.Name
}

// Sentinels of [Lab.Kill].
var (
	// ErrSurvived reports a mutant that no spec noticed.
	ErrSurvived = errors.New("mutants: survived")

	// ErrWrongSpec reports a mutant that was noticed, but not by the spec that
	// claims it, or for another reason than its fault.
	ErrWrongSpec = errors.New("mutants: not killed by the spec that claims it")
)

// Lab is what mutants are made and run with.
type Lab struct {
	Espalier string // the espalier binary
	Backend  string // the binary of suites/mutants/backend
	Firmware string // the folder boards/firmware
	Dir      string // for images and reports
}

// Verdict is what became of one mutant.
type Verdict struct {
	Mutant
	Red []string // the specs that turned red
	Err error    // nil if it was killed as claimed
}

// atOnce is how many runs go on side by side. Most of a run is waiting: for the
// firmware's pauses between attempts, for resets, for flushes.
const atOnce = 6

// KillAll runs the suite against every mutant and returns what became of each,
// in the order of the list.
func (l Lab) KillAll(ctx context.Context, zoo []Mutant) []Verdict {
	verdicts := make([]Verdict, len(zoo))
	room := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, m := range zoo {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			red, err := l.Kill(ctx, m)
			verdicts[i] = Verdict{m, red, err}
		})
	}
	all.Wait()
	return verdicts
}

// Kill runs the suite against m and returns the specs that turned red.
func (l Lab) Kill(ctx context.Context, m Mutant) ([]string, error) {
	args := []string{"--server-program", l.Backend}
	env := []string{"ESPALIER_FAULT=" + m.Name}
	if !m.Backend {
		im := filepath.Join(l.Dir, m.String()+".bin")
		out, err := exec.CommandContext(ctx, "make", "-C", l.Firmware, "mutant", "FAULT="+m.Name, "OUT="+im, "PROGRAM="+cmp.Or(m.Board, "espalier-ref")).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("mutants: building %s: %w\n%s", m.Name, err, out)
		}
		args, env = []string{"--image", im, "--board", cmp.Or(m.Board, "virtual")}, []string{"ESPALIER_FAULT="}
	}
	if !strings.HasPrefix(m.Kills, "A power cut") { // whose exploration takes longer than all the rest
		args = append(args, "--labels", "!power")
	}
	run, err := l.Run(ctx, m.String(), env, args...)
	if err != nil {
		return nil, err
	}
	return m.verdict(run)
}

// Run runs the suite with the server as a process and returns its report.
func (l Lab) Run(ctx context.Context, name string, env []string, args ...string) (*report.Run, error) {
	out := filepath.Join(l.Dir, name)
	args = append([]string{"run", "--server", "process", "--out", out, "--seed", "1", "--cuts", "some"}, args...)
	cmd := exec.CommandContext(ctx, l.Espalier, args...)
	cmd.Env = append(os.Environ(), env...)
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("mutants: running the suite against %s: %w", name, err)
	}
	p, err := os.ReadFile(filepath.Join(out, "report.json"))
	if err != nil {
		return nil, fmt.Errorf("mutants: the suite against %s left no report: %w\n%s", name, err, said)
	}
	var run report.Run
	if err := json.Unmarshal(p, &run); err != nil {
		return nil, fmt.Errorf("mutants: the report on %s: %w", name, err)
	}
	return &run, nil
}

// verdict returns the red specs, and an error unless the one that claims the
// mutant is among them and says that a requirement is broken, or that the
// firmware crashed if that is the fault.
func (m Mutant) verdict(run *report.Run) ([]string, error) {
	var red []string
	claimed := false
	for _, res := range run.Results {
		if res.Status != report.Fail {
			continue
		}
		red = append(red, res.ID)
		claimed = claimed || strings.Contains(res.ID, m.Kills) && slices.Contains(res.Requirements, m.Req) && res.Class == cmp.Or(m.Class, report.Nonconformant)
	}
	switch {
	case len(red) == 0:
		return nil, fmt.Errorf("%w: %s", ErrSurvived, m.Name)
	case !claimed:
		return red, fmt.Errorf("%w: %s should turn %q red for %s; red are %q", ErrWrongSpec, m.Name, m.Kills, m.Req, red)
	}
	return red, nil
}
