package cli

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	randv2 "math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/device"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/vectors"
)

// runFlags are what `espalier run` is told.
type runFlags struct {
	plug
	key      secret
	image    string
	elf      string
	server   string
	program  string
	adminURL string
	device   string
	link     string
	wireAddr string
	suite    string
	only     string
	labels   string
	profiles []string
	cuts     cuts
	seed     uint64
	out      string
}

func (f *runFlags) flags(cmd *cobra.Command) {
	f.plug.flags(cmd)
	f.key.flags(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.image, "image", "", "flash the v1 image in this `file` instead of the reference firmware")
	fl.StringVar(&f.elf, "elf", "", elfUsage+" (default the reference firmware's, for that)")
	fl.StringVar(&f.server, "server", "auto", "`where` the server runs: auto, container, process, or the URL of one that runs already")
	fl.StringVar(&f.program, "server-program", "", "`program` to run as the server, instead of the reference server")
	fl.StringVar(&f.adminURL, "admin-url", "", "`URL` of the admin API of a server that runs already; its token is taken from "+tokenEnv)
	fl.StringVar(&f.device, "device", "12FA", "device `id`")
	fl.StringVar(&f.link, "link", "", "`way` to the backend: virtual, serial or wifi (default the board's first)")
	fl.StringVar(&f.wireAddr, "wire-addr", "", "`address` at which the board reaches this machine, as 192.168.1.2:0")
	fl.StringVar(&f.suite, "suite", deviceSuite, "`suite` to run; the vectors and the backends have commands of their own")
	fl.StringVar(&f.only, "only", "", "run the specs whose text matches this regular `expression`")
	fl.StringVar(&f.labels, "labels", "", "run the specs that this Ginkgo label `filter` selects, as 'REQ-SEQ-001 || REQ-DEV-002'")
	fl.StringSliceVar(&f.profiles, "profile", nil, "hold the backend to these `profiles` too, without the board: "+strings.Join(evidence.Profiles, ", "))
	fl.Uint64Var(&f.seed, "seed", 0, "`number` that decides readings and order (default random)")
	f.cuts = allCuts()
	fl.Var(&f.cuts, "cuts", cutsUsage)
	fl.StringVar(&f.out, "out", "out/report", "`folder` for report.html, report.json and junit.xml")
}

// deviceSuite is what run has to offer.
const deviceSuite = "device"

// checkSuite says where other suites are.
func (f *runFlags) checkSuite() error {
	if f.suite == deviceSuite {
		return nil
	}
	return usage("--suite %s: run has one suite, %s; espalier vectors holds code to the vectors, espalier conform a backend to the protocol", quote(f.suite), deviceSuite)
}

const tokenEnv = "ESPALIER_ADMIN_TOKEN"

// What fits into a device (limits.h of the firmware).
const (
	maxID         = 32
	maxPassphrase = 128
)

// config turns the flags into what the rig wants, or says which flag is wrong.
func (f *runFlags) config(cmd *cobra.Command) (rig.Config, error) {
	desc, err := f.descriptor()
	if err != nil {
		return rig.Config{}, err
	}
	if err := f.selection().Check(); err != nil {
		return rig.Config{}, fail(report.CodeUsage, err)
	}
	if err := f.checkProfiles(); err != nil {
		return rig.Config{}, err
	}
	if err := f.checkLink(desc); err != nil {
		return rig.Config{}, err
	}
	backend, err := f.backend()
	if err != nil {
		return rig.Config{}, err
	}
	id, err := f.identity(cmd, desc)
	if err != nil {
		return rig.Config{}, err
	}
	im, err := imageFor(desc, f.image)
	if err != nil {
		return rig.Config{}, err
	}
	elf, _, err := readELF(f.elf, im)
	if err != nil {
		return rig.Config{}, err
	}
	if f.seed == 0 {
		f.seed = randv2.Uint64N(math.MaxUint32) + 1
	}
	return rig.Config{
		Board: desc, Port: f.port, Virtual: f.virtual(desc, f.seed), Image: im, ELF: elf, Server: backend,
		Link: f.link, WireAddr: f.wireAddr, Seed: f.seed, Identity: id,
	}, nil
}

// identity returns who the device is to be; without a passphrase it gets a new
// one, unless its firmware has one compiled in.
func (f *runFlags) identity(cmd *cobra.Command, desc *boards.Descriptor) (rig.Identity, error) {
	var known rig.Identity
	if s := desc.Speech; s != nil && desc.Lacks(boards.Provision) {
		known = rig.Identity{ID: s.Device.ID, Passphrase: s.Device.Passphrase}
		if cmd.Flags().Changed("device") && f.device != known.ID {
			return known, usage("--device %s: the firmware of board %s has its id compiled in, %s, and no verb provision", quote(f.device), desc.Name, quote(known.ID))
		}
		f.device = known.ID
	}
	if f.device == "" || len(f.device) > maxID {
		return rig.Identity{}, usage("--device: an id has 1 to %d bytes, and this one %d", maxID, len(f.device))
	}
	if !utf8.ValidString(f.device) {
		return rig.Identity{}, usage("--device %q: an id is UTF-8", f.device)
	}
	pass, err := f.key.get(cmd)
	switch {
	case errors.Is(err, errNoPassphrase) && known.Passphrase != "":
		pass = known.Passphrase
	case errors.Is(err, errNoPassphrase) && known.ID != "":
		return known, usage("the firmware of board %s has its passphrase compiled in: name a file that holds it with --passphrase-file, or set %s", desc.Name, passphraseEnv)
	case errors.Is(err, errNoPassphrase):
		p := make([]byte, 16)
		rand.Read(p) // never fails (crypto/rand)
		pass = strings.ToUpper(hex.EncodeToString(p))
	case err != nil:
		return rig.Identity{}, err
	case !utf8.ValidString(pass):
		return rig.Identity{}, usage("the passphrase is not UTF-8")
	case len(pass) > maxPassphrase:
		return rig.Identity{}, usage("the passphrase has %d bytes, and a device takes at most %d", len(pass), maxPassphrase)
	}
	return rig.Identity{ID: f.device, Passphrase: pass}, nil
}

// backend returns where the server is to be.
func (f *runFlags) backend() (server.Config, error) {
	mode, url, err := server.ParseMode(f.server)
	if err != nil {
		return server.Config{}, usage("--server: %w", err)
	}
	cfg := server.Config{Mode: mode, URL: url, AdminURL: f.adminURL, Token: os.Getenv(tokenEnv)}
	external := mode == server.External
	switch {
	case external && f.program != "":
		return cfg, usage("--server-program is to be started, and --server %s runs already: leave one of them out", url)
	case !external && f.adminURL != "":
		return cfg, usage("--admin-url is for a server that runs already: name that with --server URL")
	case external && f.adminURL == "":
		return cfg, usage("--server %s needs --admin-url, where the device is introduced to it, and the token of that in %s", url, tokenEnv)
	case external && cfg.Token == "":
		return cfg, usage("--admin-url %s needs the token of that server in %s", f.adminURL, tokenEnv)
	}
	if _, _, err := server.ParseMode(f.adminURL); err != nil {
		return cfg, usage("--admin-url %q is not like http://127.0.0.1:1881", f.adminURL)
	}
	if f.program != "" {
		path, err := exec.LookPath(f.program)
		if err == nil {
			path, err = filepath.Abs(path) // it will run in a folder of its own
		}
		if err != nil {
			return cfg, usage("--server-program: %w", err)
		}
		cfg.Binary = server.Binary{Path: path}
	}
	return cfg, nil
}

// links are the ways that the firmware knows.
var links = []string{"virtual", "serial", "wifi"}

// checkLink makes sure that there is a way from the board to the backend.
func (f *runFlags) checkLink(desc *boards.Descriptor) error {
	if _, err := netip.ParseAddrPort(f.wireAddr); err != nil && f.wireAddr != "" {
		return usage("--wire-addr %q is not like 192.168.1.2:0", f.wireAddr)
	}
	switch {
	case f.link == "" || slices.Contains(desc.Links, f.link):
		return nil
	case !slices.Contains(links, f.link):
		return usage("--link %q is none of %s", f.link, strings.Join(links, ", "))
	}
	return fail(report.CodeLink, fmt.Errorf("--link: board %s has no link %s; it has %s", desc.Name, f.link, strings.Join(desc.Links, ", ")))
}

func (f *runFlags) selection() device.Selection {
	return device.Selection{Labels: f.labels, Text: f.only, Cuts: f.cuts.Size, Given: boardWords(f.image, f.rom.path)}
}

var errNothing = errors.New("no spec is selected")

// specs returns the specs that are selected, or says that there are none.
func (f *runFlags) specs() ([]string, error) {
	if err := f.judge(); err != nil {
		return nil, err
	}
	specs, err := f.selection().Specs(f.port == port.VirtualScheme)
	if err != nil {
		return nil, fail(report.CodeUsage, err)
	}
	if len(specs) == 0 {
		var by []string
		for flag, value := range map[string]string{"--only": f.only, "--labels": f.labels} {
			if value != "" {
				by = append(by, flag+" "+quote(value))
			}
		}
		slices.Sort(by)
		return nil, fail(report.CodeNothing, fmt.Errorf("%w by %s; espalier run --list shows what there is", errNothing, strings.Join(by, " and ")))
	}
	return specs, nil
}

// requirements returns the register as reports show it.
func requirements() []report.Requirement {
	reg, err := vectors.Requirements()
	if err != nil {
		panic("cli: internal error: " + err.Error())
	}
	var list []report.Requirement
	for _, r := range reg.Sorted() {
		list = append(list, report.Requirement{ID: r.ID, Level: r.InWords(), Text: r.Text})
	}
	return list
}

// repeat returns the command line that repeats the run, or the part of it that
// only selects.
func (f *runFlags) repeat(cmd *cobra.Command, only string) string {
	words := given(cmd, "only")
	if only != "" {
		words = append(words, "--only", quote(only))
	}
	return strings.Join(append(words, "--seed", fmt.Sprint(f.seed)), " ")
}
