package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	randv2 "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/device"
	"github.com/espalier-hil/espalier/vectors"
)

// runFlags are what `espalier run` is told.
type runFlags struct {
	plug
	key      secret
	image    string
	server   string
	program  string
	adminURL string
	device   string
	link     string
	wireAddr string
	only     string
	labels   string
	seed     uint64
	out      string
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "The main job: flash, boot, seal, send, and check both ends",
		Long: `Run flashes the reference firmware, attests that the board booted it, starts the
reference server (in a container where a Docker engine answers), and runs the
device suite: known answers, readings of all sizes, resets, gaps, replays,
tampered envelopes. It ends with a summary and writes report.json and junit.xml.

The board is virtual unless --port names a real one. The device gets a new
passphrase for each run, unless one is given, and goes on counting where its
flash says it was.`,
		Example: `  espalier run
  espalier run --server process              no Docker
  espalier run --flash board.bin             keep the virtual board's flash in a file
  espalier run --port /dev/ttyUSB0 --board nodemcu-v2
  espalier run --labels REQ-SEQ-001          the specs of one requirement`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.plug.flags(cmd)
	f.key.flags(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.image, "image", "", "flash this v1 image instead of the reference firmware")
	fl.StringVar(&f.server, "server", "auto", "auto, container, process, or the URL of a server that runs already")
	fl.StringVar(&f.program, "server-program", "", "program to run as the server, instead of the reference server")
	fl.StringVar(&f.adminURL, "admin-url", "", "admin API of a server that runs already; its token is taken from ESPALIER_ADMIN_TOKEN")
	fl.StringVar(&f.device, "device", "12FA", "device id")
	fl.StringVar(&f.link, "link", "", "way to the backend: virtual or serial; the board's first if not given")
	fl.StringVar(&f.wireAddr, "wire-addr", "", "address at which the board reaches this machine, as 192.168.1.2:0")
	fl.StringVar(&f.only, "only", "", "run the specs whose text matches this regular expression")
	fl.StringVar(&f.labels, "labels", "", "run the specs that this Ginkgo label filter selects")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of readings and order; random if 0")
	fl.StringVar(&f.out, "out", "out/report", "folder for report.json and junit.xml")
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command) error {
	cfg, err := f.config(cmd)
	if err != nil {
		return err
	}
	show := newScreen(cmd.OutOrStdout())
	cfg.Progress = show.step
	run := &report.Run{
		Version: version(), Started: time.Now(), Seed: f.seed, Repeat: repeat(cmd, f.seed),
		Board:   report.Board{Name: cfg.Board.Name, Port: f.port},
		Server:  report.Server{Mode: cfg.Server.Mode.String()},
		Secrets: []string{cfg.Identity.Passphrase}, Requirements: requirements(),
	}
	err = f.work(cmd.Context(), cfg, run, show)
	run.Finished = time.Now()
	show.done()
	if err == nil {
		err = cmd.Context().Err()
	}
	if err != nil {
		run.Results = append(run.Results, broken(err))
	}
	if err := run.Write(f.out); err != nil {
		return fail(report.CodeHarness, err)
	}
	if err := run.Summary(cmd.OutOrStdout(), report.Colourful(cmd.OutOrStdout())); err != nil {
		return fail(report.CodeHarness, err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "  %s/report.json, %s/junit.xml\n", f.out, f.out)
	if code := run.Code(); code != report.CodeOK {
		return failure{code, errors.New("")}
	}
	return nil
}

// work brings the rig up, runs the specs, and fills in what is known then.
func (f *runFlags) work(ctx context.Context, cfg rig.Config, run *report.Run, show *screen) error {
	r, err := rig.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer r.Close(context.WithoutCancel(ctx))
	hello := r.Boot().Hello
	run.Board.MAC = r.Chip.MAC.String()
	run.Firmware = report.Firmware{Version: hello.Firmware + " " + hello.Version, Digest: hex.EncodeToString(hello.Digest[:]), Size: hello.Size}
	run.Server = report.Server{Mode: r.Server.Mode().String(), Why: r.Server.Why(), Image: r.Server.Image()}
	show.ready(run, r)

	found, err := device.Run(ctx, r, device.Selection{Labels: f.labels, Text: f.only, Observe: show.result})
	run.Results, run.Measurements = found.Results, found.Measurements
	if next, err := r.Device.Seqn(ctx); err == nil {
		run.Measurements = append(run.Measurements,
			report.Measurement{Name: "first SEQN", Value: float64(r.First)}, report.Measurement{Name: "next SEQN", Value: float64(next)})
	}
	if len(run.Results) > 0 {
		run.Results[0].Attempts = append(run.Results[0].Attempts, r.Attempts()...)
	}
	if errors.Is(err, device.ErrSelection) {
		return fail(report.CodeUsage, err)
	}
	return err
}

// config turns the flags into what the rig wants, or says which flag is wrong.
func (f *runFlags) config(cmd *cobra.Command) (rig.Config, error) {
	desc, err := f.descriptor()
	if err != nil {
		return rig.Config{}, err
	}
	im, err := readImage(f.image)
	if err != nil {
		return rig.Config{}, err
	}
	mode, url, err := server.ParseMode(f.server)
	if err != nil {
		return rig.Config{}, fail(report.CodeUsage, fmt.Errorf("--server: %w", err))
	}
	backend := server.Config{Mode: mode, URL: url, AdminURL: f.adminURL, Token: os.Getenv("ESPALIER_ADMIN_TOKEN")}
	if f.program != "" {
		if _, err := exec.LookPath(f.program); err != nil {
			return rig.Config{}, fail(report.CodeUsage, fmt.Errorf("--server-program: %w", err))
		}
		backend.Binary = server.Binary{Path: f.program}
	}
	pass, err := f.key.get(cmd)
	if err != nil {
		pass = strings.ToUpper(hex.EncodeToString(fresh(16)))
	}
	if f.seed == 0 {
		f.seed = randv2.Uint64N(math.MaxUint32) + 1
	}
	v := virtual.Config{FlashFile: f.flash, FlashSize: desc.Flash.Bytes(), Seed: f.seed}
	return rig.Config{
		Board: desc, Port: f.port, Virtual: v, Image: im, Server: backend, Link: f.link, WireAddr: f.wireAddr, Seed: f.seed,
		Identity: rig.Identity{ID: f.device, Passphrase: pass},
	}, nil
}

func fresh(n int) []byte {
	p := make([]byte, n)
	rand.Read(p) // never fails (crypto/rand)
	return p
}

// readImage returns the image in a file, or the one that is built in.
func readImage(path string) ([]byte, error) {
	if path == "" {
		return firmware.Image, nil
	}
	im, err := loadImage(path)
	return im, fail(report.CodeFlash, err)
}

// plug says which board, and where it is plugged in.
type plug struct{ port, board, flash string }

func (p *plug) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.port, "port", port.VirtualScheme, "serial port of the board, as /dev/ttyUSB0 or COM3")
	cmd.Flags().StringVar(&p.board, "board", "", "kind of board: "+strings.Join(boards.Names(), ", ")+", or a .yaml file")
	cmd.Flags().StringVar(&p.flash, "flash", "", "file that keeps the virtual board's flash")
}

// descriptor returns the board that is named, or the usual one for the port.
func (p *plug) descriptor() (*boards.Descriptor, error) {
	name := p.board
	if name == "" {
		name = "nodemcu-v2"
		if p.port == port.VirtualScheme {
			name = "virtual"
		}
	}
	if p.flash != "" && p.port != port.VirtualScheme {
		return nil, fail(report.CodeUsage, fmt.Errorf("--flash is for the virtual board, and --port names %s", p.port))
	}
	desc, err := boards.Lookup(name)
	if err != nil {
		return nil, fail(report.CodeUsage, fmt.Errorf("--board: %w", err))
	}
	return desc, nil
}

// broken is the result of a run that did not come to its specs.
func broken(err error) report.Result {
	res := report.Result{ID: "The rig comes up", Status: report.Fail, Class: rig.Classify(report.Harness, err), Message: err.Error(), Demanded: true}
	if errors.Is(err, context.Canceled) {
		res.ID, res.Message = "The run comes to its end", "interrupted"
	}
	return res
}

// requirements returns the register as reports show it.
func requirements() []report.Requirement {
	reg, err := vectors.Requirements()
	if err != nil {
		panic("cli: internal error: " + err.Error())
	}
	var list []report.Requirement
	for _, r := range reg.Sorted() {
		list = append(list, report.Requirement{ID: r.ID, Level: r.Level, Text: r.Text})
	}
	return list
}

// repeat returns the command line that repeats the run.
func repeat(cmd *cobra.Command, seed uint64) string {
	words := []string{"espalier", "run"}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && f.Name != "seed" && f.Name != "passphrase" && f.Name != "out" {
			words = append(words, "--"+f.Name, quote(f.Value.String()))
		}
	})
	return strings.Join(append(words, "--seed", fmt.Sprint(seed)), " ")
}
