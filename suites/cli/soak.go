package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/suites/soak"
)

// soakFlags are what `espalier soak` is told.
type soakFlags struct {
	runFlags
	last   time.Duration
	script string
}

func soakCommand() *cobra.Command {
	var f soakFlags
	cmd := &cobra.Command{
		Use:   "soak",
		Short: "Send, cut, reset and impair at random, for as long as you like",
		Long: `Soak has a device send one reading after the other, and meanwhile resets it, cuts
its power in the pulses of its flash, drops, delays, doubles, alters and breaks off
requests and replies, answers in the backend's place, sends old messages again,
and restarts and kills the server: at random, from a seed. After each step it looks
whether all that was ever promised still holds: no number is used twice, none is
skipped without an interruption, what the device was told of a reading is so, what
is stored is what was sent, once, and stays, and the board comes back.

What breaks is tried again on a fresh device with steps left out, until a short
script shows it, which --script does again. On a board that is not virtual a cut
is a reset at a random moment.`,
		Example: `  espalier soak --for 10m
  espalier soak --for 1h --port /dev/ttyUSB0 --board nodemcu-v2
  espalier soak --server process --script 'send cut:7 send'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.plug.flags(cmd)
	fl := cmd.Flags()
	fl.DurationVar(&f.last, "for", 10*time.Minute, "`time` that it lasts")
	fl.StringVar(&f.script, "script", "", "do these `steps` and no others: send, reset, cut:N, drop-request, drop-reply, forge:N, impair:N, replay:N, restart, kill")
	fl.StringVar(&f.image, "image", "", "flash the v1 image in this `file` instead of the reference firmware")
	fl.StringVar(&f.elf, "elf", "", elfUsage+" (default the reference firmware's, for that)")
	fl.StringVar(&f.server, "server", "auto", "`where` the server runs: auto, container, process")
	fl.StringVar(&f.program, "server-program", "", "`program` to run as the server, instead of the reference server")
	fl.StringVar(&f.link, "link", "", "`way` to the backend: virtual or serial (default the board's first)")
	fl.StringVar(&f.wireAddr, "wire-addr", "", "`address` at which the board reaches this machine, as 192.168.1.2:0")
	fl.Uint64Var(&f.seed, "seed", 0, "`number` that decides what is done (default random)")
	fl.StringVar(&f.out, "out", "out/soak", "`folder` for report.json, junit.xml and timeline.jsonl")
	f.device = "12FA"
	return cmd
}

// steps returns where the steps come from.
func (f *soakFlags) steps() (next func() (soak.Step, bool), err error) {
	if f.script == "" {
		rng := rand.New(rand.NewPCG(f.seed, 0x736f616b))
		return func() (soak.Step, bool) { return soak.Draw(rng), true }, nil
	}
	script, err := soak.Parse(f.script)
	if err != nil {
		return nil, usage("--script: %w", err)
	}
	return func() (soak.Step, bool) {
		if len(script) == 0 {
			return soak.Step{}, false
		}
		step := script[0]
		script = script[1:]
		return step, true
	}, nil
}

func (f *soakFlags) run(cmd *cobra.Command) error {
	if f.last <= 0 {
		return usage("--for must be more than 0")
	}
	if cmd.Flags().Changed("script") && strings.TrimSpace(f.script) == "" {
		return usage("--script is empty: steps are like 'send cut:7 send'")
	}
	if f.server != "auto" && f.server != "container" && f.server != "process" {
		return usage("--server %q: soak kills and restarts the server, so that it has to be one of its own: auto, container or process", f.server)
	}
	cfg, err := f.config(cmd)
	if err != nil {
		return err
	}
	for _, verb := range []boards.Verb{boards.Provision, boards.Send} {
		if cfg.Board.Lacks(verb) {
			return usage("--board %s: soak makes a new device for each try and has it send what it says, and this firmware has no verb %s", cfg.Board.Name, verb)
		}
	}
	next, err := f.steps()
	if err != nil {
		return err
	}
	run := &report.Run{
		Version: version(), Started: time.Now(), Seed: f.seed, Repeat: strings.Join(append(given(cmd), "--seed", fmt.Sprint(f.seed)), " "),
		Board: report.Board{Name: cfg.Board.Name, Port: f.port}, Server: report.Server{Mode: cfg.Server.Mode.String()}, Requirements: requirements(),
	}
	if err := begin(f.out, run); err != nil {
		return err
	}
	show := newScreen(cmd.OutOrStdout(), 0)
	cfg.Progress = show.step
	r, err := rig.Open(cmd.Context(), cfg)
	if err != nil {
		return f.conclude(cmd, run, show, err)
	}
	defer r.Close(context.WithoutCancel(cmd.Context()))
	run.Board.MAC, run.Board.ROM = r.Chip.MAC.String(), r.ROM()
	run.Server = report.Server{Mode: r.Server.Mode().String(), Why: r.Server.Why(), Image: r.Server.Image()}
	show.print(show.entry(" ", "soak", fmt.Sprintf("%s, evidence grade %s, seed %d", f.howLong(), r.Grade(), f.seed)))
	f.soak(cmd, r, run, show, next)
	if err := keepTimeline(r, run, f.out); err != nil {
		return fail(report.CodeHarness, err)
	}
	return f.conclude(cmd, run, show, nil)
}

// soak does the steps, shortens what fails, and puts what came of it into the
// report.
func (f *soakFlags) soak(cmd *cobra.Command, r *rig.Rig, run *report.Run, show *screen, next func() (soak.Step, bool)) {
	ctx, cancel := context.WithTimeout(cmd.Context(), f.last)
	defer cancel()
	res := report.Result{ID: "A device that is soaked keeps its promises", Demanded: true, Status: report.Pass, Grade: r.Grade(), Server: r.Server.Mode().String(), Started: time.Now()}
	var p soak.Progress
	told := show.now(time.Minute)
	script, err := soak.Run(ctx, soak.On(r), next, func(now soak.Progress) {
		p = now
		told(fmt.Sprintf("  %8s  %s", now.Took.Round(time.Second), progress(now)))
	})
	res.Requirements = soak.Shown(p.Acts)
	var broke *soak.Failure
	switch {
	case errors.As(err, &broke):
		f.blame(cmd, r, &res, broke)
		show.print(fmt.Sprintf("  %s\n  looking for a shorter script than its %d steps …\n", printable(broke.Error()), len(script)))
		f.shorten(cmd, r, &res, script, broke)
	case err != nil && ctx.Err() == nil:
		f.blame(cmd, r, &res, err)
	case p.Steps == 0:
		res.Status, res.Message = report.Skip, fmt.Sprintf("not one step was done in %s", f.last)
	case f.script != "" && p.Steps < len(strings.Fields(f.script)):
		res.Status, res.Message = report.Skip, fmt.Sprintf("%d of the script's %d steps were done in %s", p.Steps, len(strings.Fields(f.script)), f.last)
	}
	res.Duration = time.Since(res.Started)
	run.Results = append(run.Results, res)
	for _, m := range []struct {
		name string
		n    int
	}{{"steps", p.Steps}, {"readings sent", p.Sends}, {"readings stored", p.Stored}} {
		run.Measurements = append(run.Measurements, report.Measurement{Name: m.name, Value: float64(m.n)})
	}
	for _, act := range slices.Sorted(maps.Keys(p.Acts)) {
		if act != soak.Send {
			run.Measurements = append(run.Measurements, report.Measurement{Name: string(act), Value: float64(p.Acts[act])})
		}
	}
}

// blame puts into res what a soak ended with: whose failure it is, the board's
// last words if it died, and what was heard last.
func (f *soakFlags) blame(cmd *cobra.Command, r *rig.Rig, res *report.Result, err error) {
	otherwise := report.Harness
	if broke, ok := errors.AsType[*soak.Failure](err); ok {
		otherwise = report.Nonconformant
		if broke.Req != "" {
			res.Requirements = []string{broke.Req}
		}
	}
	res.Status, res.Class, res.Message = report.Fail, rig.Classify(otherwise, err), err.Error()
	if r.Server.Alive() != nil {
		res.Class = report.ServerFailed
	}
	if res.Class == report.Crash {
		res.Crash = r.Postmortem(cmd.Context(), err)
	}
	res.Log = timeline.Tails(r.Heard(res.Started), tail)
}

// tail is how many lines of each lane of the timeline a failure shows.
const tail = 8

// shorten looks for a short script that shows a failure again, and says what came
// of that.
func (f *soakFlags) shorten(cmd *cobra.Command, r *rig.Rig, res *report.Result, script soak.Script, broke *soak.Failure) {
	again := func(script soak.Script) string {
		return strings.Join(append(given(cmd, "script", "for"), "--script", quote(script.String()), "--seed", fmt.Sprint(f.seed)), " ")
	}
	short, err := soak.Shrink(cmd.Context(), soak.On(r), script, broke)
	switch {
	case short.Again:
		res.Message = fmt.Sprintf("%s\nthe shortest script that shows it, found in %d tries: %s", short.Failure, short.Tries, short.Script)
		res.Repeat = again(short.Script)
	case err != nil:
		res.Message += fmt.Sprintf("\nwhile it was shortened: %v", err)
	case cmd.Context().Err() != nil:
		res.Message += "\nits script was not shortened: that was interrupted"
	case short.Spent:
		res.Message += fmt.Sprintf("\nthe last of its %d steps alone do not show it, and there was no time to do all of them again", len(script))
	default:
		res.Message += fmt.Sprintf("\nit did not come again when its %d steps were done once more", len(script))
	}
}

// howLong says how long a soak is to last.
func (f *soakFlags) howLong() string {
	if f.script != "" {
		return "a script"
	}
	return f.last.String()
}

// progress writes how far a soak has come.
func progress(p soak.Progress) string {
	text := fmt.Sprintf("%d steps, %.0f a second; %d readings sent, %d stored", p.Steps, float64(p.Steps)/max(p.Took.Seconds(), 0.001), p.Sends, p.Stored)
	for _, act := range []soak.Act{soak.Cut, soak.Reset, soak.Impair, soak.Replay} {
		text += fmt.Sprintf(", %d %s", p.Acts[act], act)
	}
	return text
}
