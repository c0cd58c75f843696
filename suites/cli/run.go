package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/suites/device"
)

func runCommand() *cobra.Command {
	var f runFlags
	var list bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Flash, boot, seal, send, and check both ends",
		Long: `Run flashes the reference firmware, has the board prove that it booted it,
starts the reference server (in a container where a Docker engine answers), and
runs the device suite: known answers, readings of all sizes, resets, gaps,
replays, tampered envelopes. It ends with a summary, and leaves report.html,
report.json and junit.xml in --out.

The board is virtual unless --port names a real one. The device gets a new
passphrase for each run, unless one is given, and goes on counting where its
flash says it was.

Firmware that speaks no control protocol is run, too: a board's .yaml file says
what to type, and which of its lines mean what. What it has no words for is not
run, the report says which specs those are and why, and the run is partial.

A backend of your own that runs already is named by its URL. It must speak the
reference server's admin API, by which the device is introduced to it. --profile
holds the backend to a profile, too, by tests that need no board; espalier
conform does so without that API, for a backend that stands by itself.`,
		Example: `  espalier run
  espalier run --server process       # no Docker
  espalier run --flash board.bin      # keep the virtual board's flash in a file
  espalier run --port /dev/ttyUSB0 --board nodemcu-v2
  espalier run --port rfc2217://127.0.0.1:4000    # a board that is served
  espalier run --board hobbyist       # firmware that knows nothing of us: what can be tested is
  espalier run --board mine.yaml --image mine.bin --passphrase-file key
  espalier run --image my.bin --elf my.elf    # whose crashes are told by function and line
  espalier run --list                 # the specs, without running them
  espalier run --labels REQ-SEQ-001   # the specs of one requirement
  espalier run --only 'replayed.*at once'
  espalier run --cuts some            # not every power cut: a minute less
  espalier run --profile secure,durable   # the backend's own requirements, too`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.checkSuite(); err != nil {
				return err
			}
			if list {
				return f.list(cmd)
			}
			return f.run(cmd)
		},
	}
	f.flags(cmd)
	cmd.Flags().BoolVar(&list, "list", false, "print the specs that are selected, and run none")
	return cmd
}

// list prints what run would run.
func (f *runFlags) list(cmd *cobra.Command) error {
	specs, err := f.specs()
	for _, text := range specs {
		fmt.Fprintln(cmd.OutOrStdout(), text)
	}
	return err
}

func (f *runFlags) run(cmd *cobra.Command) error {
	cfg, err := f.config(cmd)
	if err != nil {
		return err
	}
	run := &report.Run{
		Version: version(), Started: time.Now(), Seed: f.seed, Repeat: f.repeat(cmd, f.only),
		Board:   report.Board{Name: cfg.Board.Name, Port: f.port},
		Server:  report.Server{Mode: cfg.Server.Mode.String()},
		Secrets: []string{cfg.Identity.Passphrase}, Requirements: requirements(),
	}
	if err := begin(f.out, run); err != nil {
		return err
	}
	specs, err := f.specs()
	show := newScreen(cmd.OutOrStdout(), len(specs))
	if err == nil {
		cfg.Progress = show.step
		err = f.work(cmd, cfg, run, show)
	}
	return f.conclude(cmd, run, show, err)
}

// work brings the rig up, runs the specs, and fills in what is known then.
func (f *runFlags) work(cmd *cobra.Command, cfg rig.Config, run *report.Run, show *screen) error {
	ctx := cmd.Context()
	defer context.AfterFunc(ctx, func() {
		fmt.Fprintln(cmd.ErrOrStderr(), "\nespalier: interrupted; taking everything down (interrupt again to leave it as it is)")
	})()
	r, err := rig.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		if err := r.Close(context.WithoutCancel(ctx)); err != nil {
			fmt.Fprintln(cmd.ErrOrStderr(), "espalier: taking the rig down:", harmless(err.Error()))
		}
	}()
	subject = r
	hello := r.Boot().Hello
	run.Board.MAC, run.Board.ROM = r.Chip.MAC.String(), r.ROM()
	run.Firmware = report.Firmware{Version: strings.TrimSpace(hello.Firmware + " " + hello.Version), Size: hello.Size}
	if !r.Lacks(boards.Digest) {
		run.Firmware.Digest = hex.EncodeToString(hello.Digest[:])
	}
	run.Server = report.Server{Mode: r.Server.Mode().String(), Why: r.Server.Why(), Image: r.Server.Image()}
	show.ready(run, r)

	s := f.selection()
	s.Observe = show.result
	found, err := device.Run(ctx, r, s)
	run.Results, run.Measurements = found.Results, found.Measurements
	for i, res := range run.Results {
		if res.Repeat != "" {
			run.Results[i].Repeat = f.repeat(cmd, device.Alone(res.ID))
		}
	}
	if ctx.Err() == nil {
		if next, err := r.Device.Seqn(ctx); err == nil {
			run.Measurements = append(run.Measurements,
				report.Measurement{Name: "first SEQN", Value: float64(r.First)}, report.Measurement{Name: "next SEQN", Value: float64(next)})
		}
	}
	if werr := keepTimeline(r, run, f.out); werr != nil && err == nil {
		err = werr
	}
	if len(run.Results) > 0 {
		run.Results[0].Attempts = append(run.Results[0].Attempts, r.Attempts()...)
	}
	return err
}

// conclude writes the report, and says how the run went: in a summary if it
// came to its specs, else in one message.
func (f *runFlags) conclude(cmd *cobra.Command, run *report.Run, show *screen, err error) error {
	out := cmd.OutOrStdout()
	run.Finished = time.Now()
	came := len(run.Results) > 0
	if cmd.Context().Err() != nil {
		err = errInterrupted
	}
	if err == nil && !came {
		err = errNothing
	}
	if err != nil && !errors.Is(err, errNothing) {
		run.Results = append(run.Results, broken(err))
	}
	if err := leaveRun(f.out, run); err != nil {
		return fail(report.CodeHarness, err)
	}
	code := run.Code()
	if !came {
		show.failed()
		fmt.Fprintf(cmd.ErrOrStderr(), "espalier: %s\n", harmless(run.Redact(strings.TrimSpace(err.Error())+lastWords(err))))
		fmt.Fprintf(out, "exit %d, %s · %s/report.json\n", int(code), code, f.out)
		return failure{code: code}
	}
	show.done()
	if err := run.Summary(out, colourful(out)); err != nil {
		return fail(report.CodeHarness, err)
	}
	fmt.Fprint(out, left(f.out, timelineFile))
	if code != report.CodeOK {
		return failure{code: code}
	}
	return nil
}

var errInterrupted = errors.New("interrupted")

// broken is the result of a run that did not come to its end.
func broken(err error) report.Result {
	res := report.Result{ID: "The rig comes up", Status: report.Fail, Class: rig.Classify(report.Harness, err), Message: err.Error(), Demanded: true}
	if f, ok := errors.AsType[*rig.Fault](err); ok {
		res.Crash, res.Attempts = f.Crash, f.Attempts
	}
	if errors.Is(err, errInterrupted) {
		res.ID = "The run comes to its end"
	}
	return res
}
