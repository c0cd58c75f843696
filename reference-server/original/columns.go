package original

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// role is what a column can be for, and the names under which it is found, in
// small letters, without what stands between words. Of two sets of names the
// first that fits counts.
type role struct {
	name     string
	optional bool
	names    [][]string
}

var seqnNames = [][]string{{"seqn", "sqn", "seq", "sequence", "sequencenumber", "seqnumber", "next", "nextseqn", "nextsqn"}}

var deviceRoles = []role{
	{"id", false, [][]string{{"deviceid", "device", "devid"}, {"id"}}},
	{"key", false, [][]string{{"key", "aeskey", "aes", "passphrase", "password", "secret", "devicekey"}}},
	{"seqn", false, seqnNames},
}

var dataRoles = []role{
	{"device", false, [][]string{{"deviceid", "device", "devid"}}},
	{"value", false, [][]string{{"data", "value", "payload", "reading"}}},
	{"time", true, [][]string{{"time", "timestamp", "datetime", "date", "received", "created", "createdat", "ts"}}},
	{"seqn", true, seqnNames},
}

// table is a table with the columns that are read.
type table struct {
	name    string
	columns []column
}

type column struct{ role, name string }

// query returns a SELECT of rowid and the columns, as their values are: the plus
// keeps the driver from converting them by the declared type.
func (t table) query() string {
	list := []string{"rowid"}
	for _, c := range t.columns {
		list = append(list, "+"+quoted(c.name))
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + quoted(t.name) + " ORDER BY rowid"
}

// table finds a table and its columns.
func (r *reader) table(ctx context.Context, tx *sql.Tx, name string, roles []role) (table, error) {
	var t table
	err := tx.QueryRowContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND lower(name) = ?", name).Scan(&t.name)
	if err != nil {
		return t, fmt.Errorf("%w: no table %s: %w", ErrForeign, name, err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", t.name)
	if err != nil {
		return t, fmt.Errorf("%w: columns of %s: %w", ErrForeign, t.name, err)
	}
	defer rows.Close()
	var there []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return t, fmt.Errorf("%w: columns of %s: %w", ErrForeign, t.name, err)
		}
		there = append(there, column)
	}
	if err := rows.Err(); err != nil {
		return t, fmt.Errorf("%w: columns of %s: %w", ErrForeign, t.name, err)
	}
	for _, role := range roles {
		full := name + "." + role.name
		found := role.find(there, r.choices.Columns[full])
		switch {
		case len(found) == 1:
			t.columns = append(t.columns, column{role.name, found[0]})
			r.Mapping = append(r.Mapping, fmt.Sprintf("%s is %s.%s", full, t.name, found[0]))
		case len(found) == 0 && (r.choices.Columns[full] == "-" || r.choices.Columns[full] == "") && role.optional:
			r.Mapping = append(r.Mapping, full+" is not there")
		case len(found) == 0:
			r.complain(ErrChoice, "%s: none of the columns of %s, which are %s; name it with --column %s=COLUMN", full, t.name, strings.Join(there, ", "), full)
		default:
			r.complain(ErrChoice, "%s: %s could each be it; choose with --column %s=COLUMN", full, strings.Join(found, " and "), full)
		}
	}
	return t, nil
}

// find returns the columns that could have the role.
func (role role) find(there []string, chosen string) (found []string) {
	if chosen != "" {
		for _, c := range there {
			if strings.EqualFold(c, chosen) {
				found = append(found, c)
			}
		}
		return found
	}
	plain := strings.NewReplacer("_", "", "-", "", " ", "")
	for _, names := range role.names {
		for _, c := range there {
			if slices.Contains(names, strings.ToLower(plain.Replace(c))) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// unused complains about choices of roles that there are not.
func (r *reader) unused() {
	known := map[string]bool{}
	for prefix, roles := range map[string][]role{"devices.": deviceRoles, "data.": dataRoles} {
		for _, role := range roles {
			known[prefix+role.name] = true
		}
	}
	for _, full := range slices.Sorted(maps.Keys(r.choices.Columns)) {
		if !known[full] {
			r.complain(ErrChoice, "there is no role %q; roles are %s", full, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
}
