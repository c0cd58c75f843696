// Package original reads a database of the original backend, a Node-RED flow
// over SQLite with the tables Devices and Data.
//
// Nothing fixes the columns of those tables, so they are found by their names,
// and what was found is said ([Database.Mapping]). Where there is a choice, or a
// value that cannot be kept as it is without a guess, the whole database is
// refused with a list of all that is wrong, and the operator decides
// ([Choices]).
//
// The flow keeps in Devices the number that is next: it accepts SEQN ≥ it, and
// then stores SEQN + 1, by JavaScript's rules, so that there may be texts and
// fractions. A number is never taken for less than it says, since each number
// below is one that somebody may have recorded and could replay.
package original

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver
)

var (
	// ErrForeign reports a file that is no database of the original.
	ErrForeign = errors.New("original: not a database of the original backend")

	// ErrChoice reports columns that cannot be told apart or found by their
	// names, or a choice that fits nothing.
	ErrChoice = errors.New("original: which column is meant")

	// ErrValue reports a value that has no sure meaning here.
	ErrValue = errors.New("original: unclear value")
)

// Choices are what an operator decides.
type Choices struct {
	Columns map[string]string // a role, as "devices.key", → its column; "-" for none
	Next    map[string]uint64 // device → what is next, whatever the database says
	Last    bool              // the database has the last number accepted, not the next
}

// Database is what could be read, all of it.
type Database struct {
	Devices []Device
	Mapping []string // as "devices.key is Devices.AESKey", one a line
	Notes   []string // what was taken for something else than it says, or left out
}

// Device is a row of Devices, with what Data has of it.
type Device struct {
	ID         string
	Passphrase string
	Next       uint64
	Readings   []Reading // in the order of their rows
}

// Reading is a row of Data.
type Reading struct {
	Row      int64     // SQLite's rowid
	SEQN     *uint64   // nil if the database does not tell
	Received time.Time // zero if the database does not tell
	Data     []byte    // JSON
}

// reader collects what is found, and what is wrong, on the way.
type reader struct {
	Database
	choices Choices
	byID    map[string]*Device
	wrong   []error
	counts  map[string]int // notes that only differ in their row, with how many there are
}

// Read reads the database in the file at path, which is not changed. Errors wrap
// one or more of the sentinels; they and the notes tell no passphrase.
func Read(ctx context.Context, path string, choices Choices) (Database, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Database{}, err
	}
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(abs), RawQuery: "mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(2000)"}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return Database{}, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // both tables as of one moment
	if err != nil {
		return Database{}, fmt.Errorf("%w: %s: %w", ErrForeign, path, err)
	}
	defer tx.Rollback()

	r := reader{choices: choices, byID: map[string]*Device{}, counts: map[string]int{}}
	if err := r.read(ctx, tx); err != nil {
		return Database{}, fmt.Errorf("%w: %s", err, path)
	}
	if len(r.wrong) > 0 {
		return Database{}, errors.Join(r.wrong...)
	}
	for _, note := range slices.Sorted(maps.Keys(r.counts)) {
		r.Notes = append(r.Notes, fmt.Sprintf("%s: %d", note, r.counts[note]))
	}
	return r.Database, nil
}

func (r *reader) read(ctx context.Context, tx *sql.Tx) error {
	devices, err := r.table(ctx, tx, "devices", deviceRoles)
	if err != nil {
		return err
	}
	data, err := r.table(ctx, tx, "data", dataRoles)
	if err != nil {
		return err
	}
	r.unused()
	if len(r.wrong) > 0 {
		return nil // without its columns a table cannot be read
	}
	if err := r.each(ctx, tx, devices, r.device); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(r.choices.Next)) {
		if r.byID[id] == nil {
			r.complain(ErrChoice, "a next number is given for device %q, which the database has not", id)
		}
	}
	if err := r.each(ctx, tx, data, r.reading); err != nil {
		return err
	}
	for _, d := range r.Database.Devices {
		r.settle(r.byID[d.ID])
	}
	for i, d := range r.Database.Devices {
		r.Database.Devices[i] = *r.byID[d.ID]
	}
	return nil
}

// each calls visit for each row of a table.
func (r *reader) each(ctx context.Context, tx *sql.Tx, t table, visit func(row int64, cells map[string]any)) error {
	rows, err := tx.QueryContext(ctx, t.query())
	if err != nil {
		return fmt.Errorf("%w: table %s: %w", ErrForeign, t.name, err)
	}
	defer rows.Close()
	var row int64
	values := make([]any, len(t.columns))
	into := []any{&row}
	for i := range values {
		into = append(into, &values[i])
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("%w: table %s: %w", ErrForeign, t.name, err)
		}
		cells := map[string]any{}
		for i, c := range t.columns {
			cells[c.role] = values[i]
		}
		visit(row, cells)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%w: table %s: %w", ErrForeign, t.name, err)
	}
	return nil
}

// device takes in a row of Devices.
func (r *reader) device(row int64, cells map[string]any) {
	id, err := text(cells["id"])
	if number, ok := cells["id"].(int64); ok {
		id, err = fmt.Sprint(number), nil
		r.counts["device ids that are stored as numbers"]++
	}
	if err != nil || id == "" {
		r.complain(ErrValue, "Devices, row %d: the device id is %s", row, kind(cells["id"]))
		return
	}
	if r.byID[id] != nil {
		r.complain(ErrValue, "Devices has device %q twice", id)
		return
	}
	d := &Device{ID: id}
	if d.Passphrase, err = text(cells["key"]); err != nil {
		r.complain(ErrValue, "device %q: the key is %s; a key that SQLite took for a number may have lost digits", id, kind(cells["key"]))
	}
	chosen, ok := r.choices.Next[id]
	if ok {
		d.Next = chosen
	} else {
		var note string
		if d.Next, note, err = next(cells["seqn"], r.choices.Last); err != nil {
			r.complain(ErrValue, "device %q: SEQN is %w; say what is next with --next %s=N", id, err, id)
		}
		if note != "" {
			r.Notes = append(r.Notes, fmt.Sprintf("device %q: %s", id, note))
		}
	}
	r.byID[id] = d
	r.Database.Devices = append(r.Database.Devices, *d)
}

// reading takes in a row of Data.
func (r *reader) reading(row int64, cells map[string]any) {
	id, err := text(cells["device"])
	if number, ok := cells["device"].(int64); ok {
		id, err = fmt.Sprint(number), nil
	}
	d := r.byID[id]
	if err != nil || d == nil {
		r.counts[fmt.Sprintf("rows of Data left out, since Devices lacks device %.40q", id)]++
		return
	}
	got := Reading{Row: row}
	var how string
	if got.Data, how, err = data(cells["value"]); err != nil {
		r.complain(ErrValue, "Data, row %d: the value is %w", row, err)
	}
	r.counts[how]++
	if got.Received, how, err = moment(cells["time"]); err != nil {
		r.complain(ErrValue, "Data, row %d: the time is %w; leave times out with --column data.time=-", row, err)
	}
	r.counts[how]++
	if n, ok := cells["seqn"].(int64); ok && n >= 0 {
		plain := uint64(n)
		got.SEQN = &plain
	} else if cells["seqn"] != nil {
		r.counts["numbers in Data that are no plain ones, left out"]++
	}
	d.Readings = append(d.Readings, got)
}

// settle looks at a device once all of its readings are there: no number that
// one of them has may be accepted again.
func (r *reader) settle(d *Device) {
	var highest *uint64
	for _, reading := range d.Readings {
		if n := reading.SEQN; n != nil && *n >= d.Next && (highest == nil || *n > *highest) {
			highest = n
		}
	}
	if highest == nil {
		return
	}
	if _, chosen := r.choices.Next[d.ID]; chosen {
		r.complain(ErrChoice, "device %q: Data has number %d, so what is next is above it, and not %d", d.ID, *highest, d.Next)
		return
	}
	if *highest >= maxSEQN {
		r.complain(ErrValue, "device %q: Data has number %d, which leaves none; say what is next with --next %s=N", d.ID, *highest, d.ID)
		return
	}
	d.Next = *highest + 1
	r.Notes = append(r.Notes, fmt.Sprintf("device %q: next is %d, since Data has the number before it", d.ID, d.Next))
}

func (r *reader) complain(class error, format string, args ...any) {
	const enough = 50
	if len(r.wrong) < enough {
		r.wrong = append(r.wrong, fmt.Errorf("%w: %w", class, fmt.Errorf(format, args...)))
	}
}

// kind says what a value is, without telling it.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "NULL"
	case int64:
		return "a number"
	case float64:
		return "a fraction"
	case []byte:
		return "a BLOB"
	}
	return "no text in UTF-8, or empty"
}

// quoted writes a name for SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
