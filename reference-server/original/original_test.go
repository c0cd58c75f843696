package original_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/original"
)

const secret = "2B7E151628AED2A6ABF7158809CF4F3C"

// database makes a file by SQL.
func database(t *testing.T, statements string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "original.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
	return path
}

// devices makes a file with one device, whose SEQN is an SQL expression, and rows
// of Data: values of value, time, SEQN.
func devices(t *testing.T, seqn string, rows ...string) string {
	t.Helper()
	s := "CREATE TABLE Devices (DeviceID TEXT, AESKey TEXT, SQN); CREATE TABLE Data (id INTEGER PRIMARY KEY, DeviceID TEXT, Value, Timestamp, SEQN);" +
		"INSERT INTO Devices VALUES ('12FA', '" + secret + "', " + seqn + ");"
	for _, row := range rows {
		s += "INSERT INTO Data (DeviceID, Value, Timestamp, SEQN) VALUES ('12FA', " + row + ");"
	}
	return database(t, s)
}

func read(t *testing.T, path string, choices original.Choices) (original.Database, error) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found, failure := original.Read(t.Context(), path, choices)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the original was changed, %v", err)
	}
	if all := fmt.Sprint(failure, found.Mapping, found.Notes); strings.Contains(all, secret) {
		t.Errorf("tells a passphrase: %s", all)
	}
	return found, failure
}

// What is next is never less than what the original says, nor than a number that
// is in Data.
func TestNext(t *testing.T) {
	for _, tt := range []struct {
		seqn, rows string
		choices    original.Choices
		want       uint64
		err        error
	}{
		{seqn: "122", want: 122},
		{seqn: "0", want: 0},
		{seqn: "9007199254740990", want: 1<<53 - 2},
		{seqn: "'1211'", want: 1211}, // 121 as a text, and one behind it
		{seqn: "122.0", want: 122},
		{seqn: "121.5", want: 122},
		{seqn: "121", choices: original.Choices{Last: true}, want: 122},
		{seqn: "100", rows: "1, NULL, 121", want: 122},
		{seqn: "100", rows: "1, NULL, '121'", want: 100}, // no plain number
		{seqn: "9007199254740991", err: original.ErrValue},
		{seqn: "9007199254740992", err: original.ErrValue},
		{seqn: "1e400", err: original.ErrValue},
		{seqn: "1e308", err: original.ErrValue},
		{seqn: "-1", err: original.ErrValue},
		{seqn: "NULL", err: original.ErrValue},
		{seqn: "''", err: original.ErrValue},
		{seqn: "' 500 1'", err: original.ErrValue},
		{seqn: "'0x7a1'", err: original.ErrValue},
		{seqn: "'99999999999999999999'", err: original.ErrValue},
		{seqn: "x'31'", err: original.ErrValue},
		{seqn: "121.5", choices: original.Choices{Last: true}, err: original.ErrValue},
		{seqn: "9007199254740990", choices: original.Choices{Last: true}, err: original.ErrValue},
		{seqn: "1", rows: "1, NULL, 9007199254740990", err: original.ErrValue},
		{seqn: "1e400", choices: original.Choices{Next: map[string]uint64{"12FA": 500}}, want: 500},
		{seqn: "'1211'", choices: original.Choices{Next: map[string]uint64{"12FA": 122}}, want: 122},
		{seqn: "1e400", rows: "1, NULL, 500", choices: original.Choices{Next: map[string]uint64{"12FA": 500}}, err: original.ErrChoice},
		{seqn: "1", choices: original.Choices{Next: map[string]uint64{"12fa": 500}}, err: original.ErrChoice},
	} {
		var rows []string
		if tt.rows != "" {
			rows = append(rows, tt.rows)
		}
		found, err := read(t, devices(t, tt.seqn, rows...), tt.choices)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s, %s: %v, want %v", tt.seqn, tt.rows, err, tt.err)
		}
		if err == nil && (len(found.Devices) != 1 || found.Devices[0].Next != tt.want || found.Devices[0].Passphrase != secret) {
			t.Errorf("%s, %s: %+v, want next %d", tt.seqn, tt.rows, found.Devices, tt.want)
		}
	}
}

// However many numbers in Data lie above what Devices says, the highest counts,
// and it is told of once.
func TestNextBehindData(t *testing.T) {
	path := devices(t, "100", "1, NULL, 99", "1, NULL, 121", "1, NULL, 123", "1, NULL, 122")
	found, err := read(t, path, original.Choices{})
	if err != nil || len(found.Devices) != 1 || found.Devices[0].Next != 124 {
		t.Fatalf("%+v, %v; want next 124", found.Devices, err)
	}
	const want = `device "12FA": next is 124, since Data has the number before it`
	if said := strings.Join(found.Notes, "\n"); strings.Count(said, "next is") != 1 || !strings.Contains(said, want) {
		t.Errorf("notes:\n%s\nwant once: %s", said, want)
	}
	_, err = read(t, path, original.Choices{Next: map[string]uint64{"12FA": 122}})
	if !errors.Is(err, original.ErrChoice) || !strings.Contains(err.Error(), "123") {
		t.Errorf("a choice of 122: %v, want %v that names 123", err, original.ErrChoice)
	}
}

func TestReadings(t *testing.T) {
	found, err := read(t, devices(t, "200",
		`300, '2026-11-25 12:00:00', 121`,
		`1.5, 1795608000, 122`,
		`'{"v" : 1.50}', 1795608000123, NULL`,
		`'warm', '2026-11-25T13:00:00+01:00', 'x'`,
		`NULL, NULL, 124`,
	), original.Choices{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range found.Devices[0].Readings {
		n := "-"
		if r.SEQN != nil {
			n = fmt.Sprint(*r.SEQN)
		}
		got = append(got, fmt.Sprintf("%d %s %s %s", r.Row, n, r.Received.Format("2006-01-02T15:04:05.999Z07:00"), r.Data))
	}
	want := []string{
		`1 121 2026-11-25T12:00:00Z 300`,
		`2 122 2026-11-25T12:00:00Z 1.5`,
		`3 - 2026-11-25T12:00:00.123Z {"v" : 1.50}`,
		`4 - 2026-11-25T12:00:00Z "warm"`,
		`5 124 0001-01-01T00:00:00Z null`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	all := strings.Join(append(found.Mapping, found.Notes...), "\n")
	for _, want := range []string{"devices.id is Devices.DeviceID", "devices.key is Devices.AESKey", "devices.seqn is Devices.SQN", "data.time is Data.Timestamp",
		"values that are JSON, byte for byte: 1", "taken for JSON strings: 1", "Unix milliseconds: 1", "Unix seconds: 1", "no plain ones, left out: 1"} {
		if !strings.Contains(all, want) {
			t.Errorf("does not say %q:\n%s", want, all)
		}
	}
}

// What is not clear is refused, with all of what is in the way.
func TestReadRefuses(t *testing.T) {
	const data = "CREATE TABLE data (device, value);"
	for _, tt := range []struct {
		name, statements string
		columns          map[string]string
		want             error
		says             []string
	}{
		{"no table", "CREATE TABLE songs (title)", nil, original.ErrForeign, []string{"devices"}},
		{"no Data", "CREATE TABLE devices (id, key, seqn)", nil, original.ErrForeign, []string{"data"}},
		{"two keys", "CREATE TABLE devices (id, key, password, seqn);" + data, nil, original.ErrChoice, []string{"key and password", "--column devices.key="}},
		{"no key", "CREATE TABLE devices (id, colour, seqn);" + data, nil, original.ErrChoice, []string{"id, colour, seqn", "--column devices.key="}},
		{"nothing at all", "CREATE TABLE devices (a, b); CREATE TABLE data (c)", nil, original.ErrChoice, []string{"devices.id", "devices.key", "devices.seqn", "data.device", "data.value"}},
		{"no such column", "CREATE TABLE devices (id, key, seqn);" + data, map[string]string{"devices.key": "nokey"}, original.ErrChoice, []string{"devices.key"}},
		{"no such role", "CREATE TABLE devices (id, key, seqn);" + data, map[string]string{"devices.colour": "key"}, original.ErrChoice, []string{"devices.colour", "data.time"}},
		{"a device twice", "CREATE TABLE devices (id, key, seqn); INSERT INTO devices VALUES ('a', 'k', 1), ('a', 'l', 2);" + data, nil, original.ErrValue, []string{`"a" twice`}},
		{"a key that is a number", "CREATE TABLE devices (id, key, seqn); INSERT INTO devices VALUES ('a', 12345, 1), ('b', NULL, 2);" + data, nil, original.ErrValue, []string{`"a"`, `"b"`, "digits"}},
		{"a value that JSON has not", "CREATE TABLE devices (id, key, seqn); INSERT INTO devices VALUES ('a', 'k', 1);" + data + "INSERT INTO data VALUES ('a', 1e400), ('a', x'00')", nil, original.ErrValue, []string{"row 1", "row 2"}},
		{"a time that is none", "CREATE TABLE devices (id, key, seqn); INSERT INTO devices VALUES ('a', 'k', 1); CREATE TABLE data (device, value, time); INSERT INTO data VALUES ('a', 1, 'noon')", nil, original.ErrValue, []string{"noon", "data.time=-"}},
	} {
		_, err := read(t, database(t, tt.statements), original.Choices{Columns: tt.columns})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		for _, want := range tt.says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not say %q", tt.name, err, want)
			}
		}
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.db"), t.TempDir()} {
		if _, err := original.Read(t.Context(), path, original.Choices{}); !errors.Is(err, original.ErrForeign) {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := os.Stat(filepath.Join(path, "x")); err == nil {
			t.Error("created")
		}
	}
}

func TestChoicesAndOrphans(t *testing.T) {
	path := database(t, `CREATE TABLE DEVICES (ID INTEGER PRIMARY KEY, Device TEXT, Key TEXT, Secret TEXT, Seq INTEGER);
		CREATE TABLE DATA (Sender TEXT, Payload TEXT, Time TEXT);
		INSERT INTO DEVICES VALUES (1, '12FA', 'a', 'b', 7), (2, 'other', 'c', 'd', 8);
		INSERT INTO DATA VALUES ('12FA', '1', 'noon'), ('gone', '2', 'noon'), ('gone', '3', 'noon')`)
	found, err := read(t, path, original.Choices{Columns: map[string]string{"devices.key": "SECRET", "data.device": "Sender", "data.time": "-"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%d %s %s %d %d %s", len(found.Devices), found.Devices[0].ID, found.Devices[0].Passphrase, found.Devices[0].Next, len(found.Devices[0].Readings), found.Devices[1].Passphrase); got != "2 12FA b 7 1 d" {
		t.Error(got)
	}
	if all := strings.Join(found.Notes, "\n"); !strings.Contains(all, `lacks device "gone": 2`) {
		t.Errorf("orphans are not told of: %s", all)
	}
}

// A database that another program wrote, and left with its log not yet moved.
func TestReadsPythons(t *testing.T) {
	python := need.Tool(t, "python3")
	path := filepath.Join(t.TempDir(), "original.db")
	out, err := exec.Command(python, "-c", `
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA journal_mode=WAL")
db.execute("CREATE TABLE Devices (id VARCHAR(20) PRIMARY KEY, key VARCHAR(64), SQN INT)")
db.execute("CREATE TABLE Data (device VARCHAR(20), data TEXT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP)")
db.execute("INSERT INTO Devices VALUES (?, ?, ?)", ("12FA", "`+secret+`", 122))
db.execute("INSERT INTO Data (device, data) VALUES (?, ?)", ("12FA", '{"value":300}'))
db.commit()
os._exit(0) # as a flow that is killed: the log stays
`, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	found, err := read(t, path, original.Choices{})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Devices) != 1 || found.Devices[0].Next != 122 || len(found.Devices[0].Readings) != 1 ||
		string(found.Devices[0].Readings[0].Data) != `{"value":300}` || found.Devices[0].Readings[0].Received.IsZero() {
		t.Errorf("%+v", found)
	}
}
