// Package mutants proves that the device suite can fail. It plants one fault
// at a time, in a backend or in the firmware, runs the whole suite against it,
// and looks at which specs turn red. A mutant that survives, or that is killed
// by another spec than the one that claims it, is a defect of the suite.
package mutants

import (
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
	Name    string // of the fault, as the backend or the firmware knows it
	Backend bool   // planted in the backend; otherwise in the firmware
	Kills   string // a part of the text of the spec that must turn red
	Req     string // the requirement that the spec cites
}

// Zoo is every mutant there is.
var Zoo = []Mutant{
	{"off-by-one", true, "A replayed envelope is refused at once", "REQ-SEQ-001"},
	{"no-gaps", true, "A gap left by the device is accepted", "REQ-SEQ-003"},
	{"race", true, "A replayed envelope is accepted once when 32 copies", "REQ-SEQ-004"},
	{"forgets", true, "A replayed envelope is refused after the server was restarted", "REQ-SEQ-012"},
	{"buffers", true, "A replayed envelope is refused after the server was killed", "REQ-SEQ-005"},
	{"counts-refused", true, "A replayed envelope is refused at once", "REQ-SEQ-007"},
	{"locks-out", true, "A replayed envelope is refused later, and the next good one accepted", "REQ-SEQ-010"},
	{"misses-gaps", true, "A gap left by the device is accepted and counted", "REQ-SEQ-011"},
	{"drops-data", true, "A reading is what the device says", "REQ-SEQ-009"},
	{"rewrites-data", true, "A reading is what the device says", "REQ-SEQ-009"},
	{"lenient", true, "A tampered envelope is refused whatever was done to it", "REQ-ENV-006"},
	{"adopts", true, "A reading is refused by the server if its device is unknown", "REQ-HTTP-001"},
	{"forgets-replays", true, "A replayed envelope is refused later", "REQ-SEQ-001"},
	{"stale-next", true, "Resync tells the next number", "REQ-SQN-001"},
	{"ignores-nonce", true, "Resync tells the next number", "REQ-SQN-001"},
	{"repeats-salt", true, "Resync is sealed anew each time", "REQ-SQN-001"},
	{"resync-data", true, "Resync is sealed anew each time", "REQ-SQN-001"},

	{"FAULT_SEQN_RESET_ON_BOOT", false, "The sequence number rises over 20 resets", "REQ-DEV-002"},
	{"FAULT_RECORD_AFTER_SEND", false, "The sequence number rises over 20 resets", "REQ-DEV-002"},
	{"FAULT_TORN_RECORD", false, "A power cut in any pulse of a send", "REQ-DEV-002"},
	{"FAULT_TORN_PROVISION", false, "A power cut in any pulse of provisioning", "REQ-DEV-009"},
	{"FAULT_WEAK_COPY", false, "A power cut in any pulse of provisioning", "REQ-DEV-009"},
	{"FAULT_SALT_FROM_RNG_ONLY", false, "The salts of different messages all differ, though", "REQ-DEV-001"},
	{"FAULT_SALT_FIXED", false, "The salts of different messages all differ with random numbers that are stuck", "REQ-DEV-001"},
	{"FAULT_PAD_MISSING_AT_16", false, "The device's own cryptography derives and seals", "REQ-DEV-007"},
	{"FAULT_TRUNCATE_DATA", false, "A reading is what the device says", "REQ-DEV-005"},
	{"FAULT_HEX_PASSPHRASE", false, "device/seal/hexadecimal-passphrase", "REQ-DEV-007"},
	{"FAULT_OK_SUBSTRING", false, "The outcome of a send is a refusal when the backend says", "REQ-DEV-008"},
	{"FAULT_PRESUMES_UNSENT", false, "On a network that fails a refusal stays one, though nobody listened before", "REQ-DEV-003"},
	{"FAULT_HALF_REPLY", false, "On a network that fails the device's word holds", "REQ-DEV-003"},
	{"FAULT_RESYNC_ANY_NONCE", false, "takes no answer but its backend's to this very question, and none that is stale", "REQ-DEV-011"},
	{"FAULT_RESYNC_NONCE_AGAIN", false, "A device that asks what is next never asks with one nonce twice", "REQ-DEV-011"},
	{"FAULT_RESYNC_LOWERS", false, "A device that asks what is next goes on from its own number where that is higher", "REQ-DEV-011"},
	{"FAULT_SETTLES_BY_EQUAL", false, "A device that asks what is next learns whether its last message is stored", "REQ-DEV-011"},
	{"FAULT_DIGEST_CONSTANT", false, "A board that was reset gives itself away", "REQ-BOOT-001"},
	{"FAULT_PASSPHRASE_ECHO", false, "The passphrase is never said by the device", "REQ-DEV-006"},
}

// Sentinels of [Lab.Kill].
var (
	// ErrSurvived reports a mutant that no spec noticed.
	ErrSurvived = errors.New("mutants: survived")

	// ErrWrongSpec reports a mutant that was noticed, but not by the spec that
	// claims it, or for another reason than a broken requirement.
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
		im := filepath.Join(l.Dir, m.Name+".bin")
		out, err := exec.CommandContext(ctx, "make", "-C", l.Firmware, "mutant", "FAULT="+m.Name, "OUT="+im).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("mutants: building %s: %w\n%s", m.Name, err, out)
		}
		args, env = []string{"--image", im}, []string{"ESPALIER_FAULT="}
	}
	run, err := l.Run(ctx, m.Name, env, args...)
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
// mutant is among them and says that a requirement is broken.
func (m Mutant) verdict(run *report.Run) ([]string, error) {
	var red []string
	claimed := false
	for _, res := range run.Results {
		if res.Status != report.Fail {
			continue
		}
		red = append(red, res.ID)
		claimed = claimed || strings.Contains(res.ID, m.Kills) && slices.Contains(res.Requirements, m.Req) && res.Class == report.Nonconformant
	}
	switch {
	case len(red) == 0:
		return nil, fmt.Errorf("%w: %s", ErrSurvived, m.Name)
	case !claimed:
		return red, fmt.Errorf("%w: %s should turn %q red for %s; red are %q", ErrWrongSpec, m.Name, m.Kills, m.Req, red)
	}
	return red, nil
}
