package serve

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// Exit codes of the command.
const (
	ExitUsage  = 2  // the command line, or a file it names, is wrong
	ExitServer = 21 // the server could not start, or could not go on
)

// ErrUsage reports a command line, or a file that it names, that makes no sense.
var ErrUsage = errors.New("usage")

// ExitCode returns the exit code that belongs to an error of [Command].
func ExitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrUsage):
		return ExitUsage
	}
	return ExitServer
}

// TokenVariable names the environment variable that holds the admin token.
const TokenVariable = "ESPALIER_ADMIN_TOKEN"

const long = `Serve what sealed readings are posted to, and keep those that are in order.

Devices post {"msg": envelope} to /data/ID. A reading is stored, and answered
{"status":"OK"}, if its envelope opens under the device's passphrase and its
SEQN was not used before; anything else is answered {"status":"NOT OK"}. A
device that has lost count asks GET /sqn/ID?nonce=HEX16, and gets its next SEQN
and the nonce, sealed. 503 says that a message could not be stored, and no
answer at all that nobody can tell.

Who may post is said by --devices FILE, in YAML or JSON,

    devices:
      - id: "12FA"
        passphrase: "correct horse battery staple"
        next: 0

by PUT /devices/ID on the admin listener, or, for a demonstration, by --device
on the command line, where every user of this machine can read the passphrase.
What is known already is kept: next is raised if need be, but never lowered,
unless the passphrase changes.

The admin listener is opened only if there is a token for it, in
$` + TokenVariable + ` or in a file. Requests then carry it as
"Authorization: Bearer TOKEN":

    PUT /devices/ID {"passphrase":"…","next":N}
    GET /devices/ID
    GET /devices/ID/readings?from=SEQN&limit=N
    GET /devices/ID/past?from=ROW&limit=N       what was imported
    GET /metrics

When it listens, the server prints one line of JSON with its addresses. It logs
to stderr, and stops on SIGINT and SIGTERM. Exit codes: 0, 2 for a wrong command
line, 21 for a server that could not start or go on.`

// Command returns the command that runs the server. Where it is mounted under
// another name, Use and Example are the caller's to change.
func Command() *cobra.Command {
	config := Config{Replies: api.Strict}
	var devices []string
	var devicesFile, tokenFile string
	c := &cobra.Command{
		Use:   "reference-server --db FILE",
		Short: "Serve what sealed readings are posted to",
		Long:  long,
		Example: `  reference-server --db readings.db --devices devices.yaml
  reference-server --listen 127.0.0.1:1880 --db readings.db --device 12FA:2B7E151628AED2A6ABF7158809CF4F3C:0`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noArguments,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if config.DB == "" {
				return fmt.Errorf("%w: --db is missing: name the file to keep readings in; it is created if there is none", ErrUsage)
			}
			if config.Token, err = token(tokenFile); err != nil {
				return err
			}
			if c.Flags().Changed("admin") && config.Token == "" {
				return fmt.Errorf("%w: --admin needs a token: set %s or --admin-token-file", ErrUsage, TokenVariable)
			}
			if config.Devices, err = readDevices(devicesFile, devices); err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return advise(Run(ctx, config, c.OutOrStdout(), c.ErrOrStderr()))
		},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return fmt.Errorf("%w: %w; see --help", ErrUsage, err)
	})
	f := c.Flags()
	f.StringVar(&config.Listen, "listen", "127.0.0.1:1880", "`address` that devices post to")
	f.StringVar(&config.Admin, "admin", "127.0.0.1:1881", "`address` of the admin listener, if there is a token")
	f.StringVar(&tokenFile, "admin-token-file", "", "`file` with the admin token, instead of $"+TokenVariable)
	f.StringVar(&config.DB, "db", "", "SQLite `file` to keep devices and readings in")
	f.StringVar(&devicesFile, "devices", "", "YAML or JSON `file` with the devices")
	f.StringArrayVar(&devices, "device", nil, "a device as `ID:PASSPHRASE:NEXT`; for demonstrations")
	f.Var(&config.Replies, "replies", "how to answer rejected messages: all alike, or as the original backend did")
	f.Uint64Var(&config.MaxGap, "max-gap", 0, "how many sequence numbers a device may skip at once; 0 is no bound")
	f.TextVar(&config.Level, "log-level", slog.LevelInfo, "`level` of the log: debug, info, warn or error")
	c.AddCommand(importCommand())
	return c
}

func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%w: unexpected argument %q; all settings are flags, see --help", ErrUsage, args[0])
	}
	return nil
}

// advise adds to the errors that an operator meets what can be done about them.
func advise(err error) error {
	for _, known := range []struct {
		err    error
		advice string
	}{
		{store.ErrProvision, "correct the device"},
		{store.ErrConflict, "import into another file"},
		{store.ErrLocked, "stop the other server, or name another file with --db"},
		{store.ErrCorrupt, "restore the file from a backup, or name another one with --db"},
		{store.ErrForeign, "name another file with --db"},
		{store.ErrInDoubt, "check the disk, then start the server again: it settles then what is stored"},
		{store.ErrFull, "make room there"},
		{store.ErrDisk, "check the disk"},
		{store.ErrUnwritable, "name a file with --db that this user can write, in a folder that exists"},
		{syscall.EADDRINUSE, "stop what listens there, or choose another port (0 takes a free one)"},
		{syscall.EADDRNOTAVAIL, "choose an address that this machine has"},
		{syscall.EACCES, "choose a port above 1023"},
	} {
		if errors.Is(err, known.err) {
			if known.err == store.ErrProvision || known.err == store.ErrConflict {
				err = fmt.Errorf("%w: %w", ErrUsage, err)
			}
			return fmt.Errorf("%w; %s", err, known.advice)
		}
	}
	if _, ok := errors.AsType[*net.AddrError](err); ok {
		return fmt.Errorf("%w; write it as host:port", err)
	}
	return err
}
