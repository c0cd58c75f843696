package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/reference-server/original"
	"github.com/espalier-hil/espalier/reference-server/store"
)

const importLong = `Take over a database of the original backend: its table Devices, with the key
and the next sequence number of each device, and its table Data.

The original's file is only read. Either all of it is taken over or nothing, and
doing it again changes nothing more. Next numbers are raised, never lowered.
Columns are found by their names, and the command says which it took. Where two
could be meant, or a value has no sure meaning here, it lists all that is in the
way; then say which column is meant, or what is next for a device. Stop the
original first, or messages that it accepts meanwhile can be replayed here.

Rows of Data are kept apart from readings: GET /devices/ID/past lists them.`

// importCommand returns the command that takes over a database of the original.
func importCommand() *cobra.Command {
	var from, db string
	var columns, next []string
	var last, dry bool
	c := &cobra.Command{
		Use:   "import --from ORIGINAL --db FILE",
		Short: "Take over a database of the original backend",
		Long:  importLong,
		Example: `  reference-server import --from original.db --db readings.db --dry-run
  reference-server import --from original.db --db readings.db --next 12FA=122`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if from == "" || db == "" && !dry {
				return fmt.Errorf("%w: name the original with --from, and the file of this server with --db", ErrUsage)
			}
			choices := original.Choices{Columns: map[string]string{}, Next: map[string]uint64{}, Last: last}
			for _, arg := range columns {
				role, column, ok := strings.Cut(arg, "=")
				if !ok || column == "" {
					return fmt.Errorf("%w: --column %q: want ROLE=COLUMN", ErrUsage, arg)
				}
				choices.Columns[role] = column
			}
			for _, arg := range next {
				id, n, err := parseNext(arg)
				if err != nil {
					return fmt.Errorf("%w: --next %q: %w", ErrUsage, arg, err)
				}
				choices.Next[id] = n
			}
			return advise(takeOver(c.Context(), from, db, choices, dry, c.OutOrStdout()))
		},
	}
	f := c.Flags()
	f.StringVar(&from, "from", "", "SQLite `file` of the original")
	f.StringVar(&db, "db", "", "SQLite `file` of this server; created if there is none")
	f.StringArrayVar(&columns, "column", nil, "what a column is for, as `ROLE=COLUMN`, such as devices.key=Secret; - for no column")
	f.StringArrayVar(&next, "next", nil, "the next SEQN of a device, as `ID=N`, whatever the original says")
	f.BoolVar(&last, "last", false, "the original keeps the last SEQN accepted, not the next one")
	f.BoolVar(&dry, "dry-run", false, "only say what would be taken over")
	return c
}

// parseNext reads ID=N, where the id may have equals signs too.
func parseNext(arg string) (id string, n uint64, err error) {
	i := strings.LastIndexByte(arg, '=')
	if i < 1 {
		return "", 0, errors.New("want ID=N")
	}
	n, err = strconv.ParseUint(arg[i+1:], 10, 64)
	if err != nil {
		return "", 0, errors.New("want ID=N, where N is a plain number")
	}
	return arg[:i], n, nil
}

// takeOver imports what is in the file from into the file db, and says on out
// what it took for what.
func takeOver(ctx context.Context, from, db string, choices original.Choices, dry bool, out io.Writer) error {
	found, err := original.Read(ctx, from, choices)
	if err != nil {
		return fmt.Errorf("%w: nothing was taken over from %s:\n%w", ErrUsage, from, err)
	}
	for _, line := range append(found.Mapping, found.Notes...) {
		fmt.Fprintln(out, line)
	}
	var devices []store.Imported
	past := 0
	for _, d := range found.Devices {
		into := store.Imported{ID: d.ID, Passphrase: d.Passphrase, Next: d.Next}
		for _, r := range d.Readings {
			into.History = append(into.History, store.Past(r))
		}
		if err := into.Check(); err != nil {
			return err
		}
		past += len(d.Readings)
		devices = append(devices, into)
		fmt.Fprintf(out, "device %q: next is %d, %d readings\n", d.ID, d.Next, len(d.Readings))
	}
	if dry {
		fmt.Fprintf(out, "%d devices and %d readings could be taken over\n", len(devices), past)
		return nil
	}
	s, err := store.Open(db, store.Options{})
	if err != nil {
		return err
	}
	done, err := s.Import(ctx, devices)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "taken over into %s: %d devices and %d readings that are new; %d devices were raised; %d readings were there already\n",
		db, done.Devices, done.Past, done.Raised, done.Known)
	return nil
}
