package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/expected"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// conformFlags are what `espalier conform` is told.
type conformFlags struct {
	key secret
	hookFlags
	config     string
	url        string
	devices    []string
	files      []string
	next       []uint
	disposable bool
	profiles   []string
	only, not  []string
	seed       uint64
	timeout    time.Duration
	patience   time.Duration
	budget     time.Duration
	out        string
	expected   string
	draft      string
	list       bool
}

func conformCommand() *cobra.Command {
	var f conformFlags
	cmd := &cobra.Command{
		Use:   "conform",
		Short: "Test any backend at a URL",
		Long: `Conform holds a backend against the protocol, whatever it is written in, and
says what it gets wrong, by which requirement, and how to see it again. It needs
the URL and one device or two that the backend knows; nothing has to be changed
or installed there.

The devices are reserved for the tests: their sequence numbers go on rising.
Without --next they begin with the present time in milliseconds, so that the same
device can be used again tomorrow. Some tests send numbers after which a backend
that errs, or any backend, accepts nothing from a device any more. They are run
last, and only with --disposable. With one device, what takes two is not run.

Every refusal is followed by a message that must be accepted, and where a device
stands is proved by the number below it, which must be refused, and the number
itself, which must be accepted.

--profile says what the backend is to conform to: core is what every backend must
do, strict leaves none of the liberties that core does, and secure adds what
keeps an attacker from learning anything. These three need no hook. durable adds
what must outlive a restart and kill -9, for which --hook-restart and --hook-kill
are needed. A profile of which something was not run is partial, never conformant.

A hook is a command, or a URL, of yours: --hook-provision makes a device known,
after which no --device is needed, and --hook-state tells next, and readings if it
can. espalier help hooks says what each is asked and may answer.

Each flag can be set by the environment, too (ESPALIER_PASSPHRASE_FILE=k1,k2), or
in the file that --config names (passphrase-file: [k1, k2]). The command line wins
over the environment, and that over the file.

--expected names a file of failures that are known, each with its reason, an
issue, part of its message and a date until which it counts: they are XFAIL, and
no reason for a red run; one that passes is XPASS, and is.

The first message tells a wrong passphrase from a wrong backend: where nothing is
accepted from a device, the run ends with exit code 3.`,
		Example: `  espalier conform --url http://127.0.0.1:1880/data --device 12FA --passphrase-file key
  espalier conform --url http://127.0.0.1:1880/data --device t1 --passphrase-file k1 \
                   --device t2 --passphrase-file k2 --disposable --profile secure
  espalier conform --url … --device t1 --passphrase-file k1 --only '^sequence/'
  espalier conform --config conform.yaml --profile durable --hook-restart 'service b restart'
  espalier conform --list --profile secure     # what would be sent, and at what risk`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.url, "url", "", "`URL` below which devices post, each to its id")
	fl.StringArrayVar(&f.devices, "device", nil, "`id` of a device that the backend knows; may be repeated")
	fl.StringArrayVar(&f.files, "passphrase-file", nil, "`file` with its passphrase: one for each --device, in order, or one for all; "+passphraseEnv+" in its place")
	fl.StringVar(&f.key.text, "passphrase", "", "the passphrase itself: for demonstrations, since every user of the machine can see it")
	fl.UintSliceVar(&f.next, "next", nil, "the lowest `number` that the backend still accepts: one for each --device, in order, or one for all (default the time in ms)")
	fl.BoolVar(&f.disposable, "disposable", false, "the devices may be locked out")
	fl.StringSliceVar(&f.profiles, "profile", []string{"core"}, "`what` to conform to: "+strings.Join(evidence.Profiles, ", "))
	fl.StringArrayVar(&f.only, "only", nil, "only tests whose id matches this regular `expression`, or another --only")
	fl.StringArrayVar(&f.not, "not", nil, "no test whose id matches this regular `expression`")
	fl.Uint64Var(&f.seed, "seed", 0, "`number` that decides messages and histories (default random)")
	fl.DurationVar(&f.timeout, "timeout", 10*time.Second, "`time` for one answer")
	fl.DurationVar(&f.patience, "patience", 30*time.Second, "`time` that the backend has to give up on a request that does not go on")
	fl.DurationVar(&f.budget, "budget", 15*time.Minute, "`time` after which what is left is not run")
	fl.StringVar(&f.out, "out", "out/conform", "`folder` for report.html, report.json and junit.xml")
	fl.StringVar(&f.expected, "expected", "", "`file` that lists the failures which are known: YAML, see suites/expected")
	fl.StringVar(&f.draft, "write-expected", "", "`file` to write such a list to, of what this run finds; it must not exist")
	fl.StringVar(&f.config, "config", "", "`file` with flags by their names: YAML, a value or a list of values each")
	f.hookFlags.flags(cmd)
	fl.BoolVar(&f.list, "list", false, "print the tests that are selected and what they may do to a device, and send nothing")
	return cmd
}

// options turns the flags into those of a run, or says which of them is wrong.
func (f *conformFlags) options(cmd *cobra.Command, suite *vectors.Suite) (conform.Options, error) {
	o := conform.Options{Profiles: f.profiles, Budget: f.budget, Version: version()}
	for _, p := range f.profiles {
		if !slices.Contains(evidence.Profiles, p) {
			return o, usage("--profile %q is none of %s", p, strings.Join(evidence.Profiles, ", "))
		}
	}
	if len(f.profiles) == 0 {
		return o, usage("--profile names none of %s", strings.Join(evidence.Profiles, ", "))
	}
	for flag, d := range map[string]time.Duration{"timeout": f.timeout, "patience": f.patience, "budget": f.budget} {
		if d <= 0 {
			return o, usage("--%s must be more than 0", flag)
		}
	}
	var err error
	if o.Only, err = expressions("--only", f.only, suite); err != nil {
		return o, err
	}
	if o.Not, err = expressions("--not", f.not, suite); err != nil {
		return o, err
	}
	if f.seed == 0 {
		f.seed = rand.Uint64N(math.MaxUint32) + 1
	}
	o.Seed = f.seed
	o.Target = live.Target{URL: f.url, Timeout: f.timeout, Patience: f.patience}
	if f.list {
		// Nobody is asked; a device is only there for the engine to have one.
		o.Target.URL = "http://127.0.0.1/data"
		o.Target.Devices = []live.Device{{ID: "a", Passphrase: "none", Next: uint64(time.Now().UnixMilli()), Disposable: true}}
		return o, nil
	}
	if f.url == "" {
		return o, usage("--url is missing: the URL below which devices post, such as http://127.0.0.1:1880/data")
	}
	if o.Target.Devices, err = f.reserved(cmd); err != nil {
		return o, err
	}
	return o, f.hookFlags.hooks(cmd.Context(), &o.Target)
}

// known reads the list of failures that are expected.
func (f *conformFlags) known(suite *vectors.Suite) (expected.List, error) {
	if f.expected == "" {
		return nil, nil
	}
	p, err := readRegular(f.expected, maxInput)
	if err != nil {
		return nil, usage("--expected %s: %w", f.expected, err)
	}
	all := testIDs(suite)
	list, err := expected.Parse(p, func(id string) bool { return slices.Contains(all, id) })
	if err != nil {
		return nil, usage("--expected %s: %w", f.expected, err)
	}
	return list, nil
}

// testIDs returns the ids of everything that a backend can be asked.
func testIDs(suite *vectors.Suite) []string {
	known := append(ids(suite), live.FirstExchange)
	for _, t := range live.Natives() {
		known = append(known, t.ID)
	}
	return known
}

// expressions compiles regular expressions. One that matches no id is an error:
// whoever wrote it meant something.
func expressions(flag string, texts []string, suite *vectors.Suite) (list []*regexp.Regexp, err error) {
	known := testIDs(suite)
	for _, text := range texts {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, usage("%s: %w", flag, err)
		}
		if !slices.ContainsFunc(known, re.MatchString) {
			return nil, fail(report.CodeNothing, fmt.Errorf("no test has an id that matches %s %s; espalier conform --list shows all", flag, quote(text)))
		}
		list = append(list, re)
	}
	return list, nil
}

// reserved returns the devices, each with its passphrase and its number.
func (f *conformFlags) reserved(cmd *cobra.Command) ([]live.Device, error) {
	n := len(f.devices)
	switch {
	case n == 0 && f.set.Provision != "":
		return nil, nil
	case n == 0:
		return nil, usage("--device is missing: the id of a device that the backend knows and that is reserved for tests")
	case len(f.files) > 1 && len(f.files) != n:
		return nil, usage("%d devices and %d of --passphrase-file: name one for each, or one for all", n, len(f.files))
	case len(f.next) > 1 && len(f.next) != n:
		return nil, usage("%d devices and %d of --next: name one for each, or one for all", n, len(f.next))
	case len(f.files) > 0 && cmd.Flags().Changed("passphrase"):
		return nil, usage("--passphrase and --passphrase-file are two ways to say one thing: leave one of them out")
	}
	var list []live.Device
	for i, id := range f.devices {
		if id == "" || slices.Contains(f.devices[:i], id) {
			return nil, usage("--device %q: each is named once, and has an id", id)
		}
		d := live.Device{ID: id, Next: uint64(time.Now().UnixMilli()), Disposable: f.disposable}
		if len(f.next) > 0 {
			d.Next = uint64(f.next[min(i, len(f.next)-1)])
		}
		if d.Next > 1<<53-2 {
			return nil, usage("--next %d: a number of the protocol is at most 2^53-2", d.Next)
		}
		var err error
		if d.Passphrase, err = f.passphrase(cmd, i); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// passphrase returns that of the device in place i.
func (f *conformFlags) passphrase(cmd *cobra.Command, i int) (string, error) {
	if len(f.files) == 0 {
		if !cmd.Flags().Changed("passphrase") {
			if text, there := os.LookupEnv(passphraseEnv); there {
				return text, nil
			}
			return "", fail(report.CodeUsage, errNoPassphrase)
		}
		return f.key.text, nil
	}
	path := f.files[min(i, len(f.files)-1)]
	p, err := readRegular(path, maxInput)
	if err != nil {
		return "", usage("--passphrase-file %s: %w", path, err)
	}
	return strings.TrimSuffix(string(p), "\n"), nil
}

// run judges the backend.
func (f *conformFlags) run(cmd *cobra.Command) error {
	if err := settle(cmd); err != nil {
		return err
	}
	suite, err := vectors.All()
	if err != nil {
		return fail(report.CodeHarness, err)
	}
	o, err := f.options(cmd, suite)
	if err != nil {
		return err
	}
	if f.list {
		steps, err := conform.Steps(suite, o)
		if err != nil {
			return fail(report.CodeHarness, err)
		}
		return printSteps(cmd.OutOrStdout(), steps)
	}
	list, err := f.known(suite)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(f.draft); f.draft != "" && !errors.Is(err, fs.ErrNotExist) {
		return usage("--write-expected %s: it exists; it would be lost", f.draft)
	}
	show := &conformScreen{screen: newScreen(cmd.OutOrStdout(), 0), flags: f, cmd: cmd, suite: suite}
	o.Plan, o.Observe = show.plan, show.result
	// What lies there from an earlier run must not pass for this one's.
	if err := leaveConformance(f.out, &evidence.Run{Version: version(), Started: time.Now(), Profiles: f.profiles}); err != nil {
		return usage("--out: %w", err)
	}
	run, err := conform.Run(cmd.Context(), suite, o)
	if errors.Is(err, live.ErrTarget) {
		return usage("--url: %w", err)
	}
	show.unseen = list.Apply(run)
	show.table()
	run.Repeat = f.repeat(cmd, "")
	for i := range run.Results {
		if res := &run.Results[i]; res.Verdict.Broken() {
			res.Repeat = f.repeat(cmd, res.ID)
			res.Shell = f.shell(res)
		}
	}
	if werr := leaveConformance(f.out, run); werr != nil {
		return fail(report.CodeHarness, werr)
	}
	if f.draft != "" && len(run.Results) > 0 {
		if werr := os.WriteFile(f.draft, expected.Draft(run), 0o644); werr != nil {
			return fail(report.CodeHarness, fmt.Errorf("--write-expected: %w", werr))
		}
	}
	switch {
	case cmd.Context().Err() != nil:
		return fail(report.CodeHarness, errInterrupted)
	case errors.Is(err, live.ErrUnreachable):
		return fail(report.CodeUnreachable, err)
	case errors.Is(err, live.ErrStranger), errors.Is(err, conform.ErrNothing):
		return fail(report.CodeNothing, err)
	case err != nil:
		return fail(report.CodeHarness, err)
	}
	show.summary(run)
	if code := run.Code(); code != report.CodeOK {
		return failure{code: code}
	}
	return nil
}
