package serve_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/serve"
)

// importing runs the import command and returns its exit code and what it said.
func importing(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	c := command(t, append([]string{"import"}, args...)...)
	var stderr strings.Builder
	c.Stderr = &stderr
	text, _ := c.Output()
	if strings.Contains(string(text)+stderr.String(), passphrase) {
		t.Errorf("import tells a passphrase: %s%s", text, &stderr)
	}
	return c.ProcessState.ExitCode(), string(text), stderr.String()
}

// What the original has accepted stays out of the server that takes over from it.
func TestImport(t *testing.T) {
	dir := t.TempDir()
	from, db := filepath.Join(dir, "original.db"), filepath.Join(dir, "readings.db")
	execute := func(statement string) {
		t.Helper()
		o, err := sql.Open("sqlite", from)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if _, err := o.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	execute(`CREATE TABLE Devices (id TEXT, key TEXT, SQN); CREATE TABLE Data (device TEXT, data TEXT, timestamp INTEGER);
		INSERT INTO Devices VALUES ('12FA', '` + passphrase + `', 122), ('odd', 'k', 1e400);
		INSERT INTO Data VALUES ('12FA', '{"value":300}', 1795608000123)`)

	if code, out, said := importing(t, "--from", from, "--db", db); code != serve.ExitUsage || !strings.Contains(said, "--next odd=N") || out != "" {
		t.Fatalf("an unclear number: exit code %d, %s%s", code, out, said)
	}
	if code, _, said := importing(t, "--from", from, "--db", db, "--next", "odd=x"); code != serve.ExitUsage || !strings.Contains(said, "plain number") {
		t.Errorf("exit code %d, %s", code, said)
	}
	if code, out, said := importing(t, "--from", from, "--dry-run", "--next", "odd=9007199254740991"); code != serve.ExitUsage || !strings.Contains(said, `"odd"`) {
		t.Errorf("dry run of what no device can have: exit code %d, %s%s", code, out, said)
	}
	if code, out, said := importing(t, "--from", from, "--dry-run", "--next", "odd=5"); code != 0 || !strings.Contains(out, `device "12FA": next is 122, 1 readings`) {
		t.Fatalf("dry run: exit code %d, %s%s", code, out, said)
	}
	for _, want := range []string{"2 devices and 1 readings that are new; 0 devices were raised; 0 readings were there", "0 devices and 0 readings that are new; 0 devices were raised; 1 readings were there"} {
		if code, out, said := importing(t, "--from", from, "--db", db, "--next", "odd=5"); code != 0 || !strings.Contains(out, want) {
			t.Fatalf("exit code %d, %s%s; want %s", code, out, said, want)
		}
	}

	s := start(t, serve.TokenVariable+"="+token, "--db", db, "--admin", "127.0.0.1:0")
	for i, tt := range []struct {
		n    int
		want string
	}{{121, rejected}, {0, rejected}, {122, accepted}, {122, rejected}, {130, accepted}} {
		if got := s.post(t, tt.n); got != tt.want {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.want)
		}
	}
	client := &http.Client{Timeout: time.Minute}
	got, err := talk(client, "GET", "http://"+s.Admin+"/devices/12FA/past", "")
	if want := `200 {"past":[{"row":1,"seqn":null,"received":"2026-11-25T12:00:00.123Z","data":{"value":300}}],"more":false}`; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	if got, err := talk(client, "GET", "http://"+s.Admin+"/devices/nobody/past", ""); err != nil || !strings.HasPrefix(got, "404 ") {
		t.Errorf("%s, %v", got, err)
	}
	if code, _, said := importing(t, "--from", from, "--db", db, "--next", "odd=5"); code != serve.ExitServer || !strings.Contains(said, "stop the other server") {
		t.Errorf("while the server runs: exit code %d, %s", code, said)
	}
	s.stop(t)

	// Again, after the server went on: what is next is not lowered, and what
	// contradicts is refused as a whole.
	if code, out, said := importing(t, "--from", from, "--db", db, "--next", "odd=5"); code != 0 {
		t.Fatalf("exit code %d, %s%s", code, out, said)
	}
	execute(`INSERT INTO Devices VALUES ('more', 'k', 1); UPDATE Data SET data = '301'`)
	if code, _, said := importing(t, "--from", from, "--db", db, "--next", "odd=5"); code != serve.ExitUsage || !strings.Contains(said, "another reading") {
		t.Errorf("a changed row: exit code %d, %s", code, said)
	}
	execute(`DELETE FROM Data; UPDATE Devices SET key = 'other' WHERE id = '12FA'`)
	if code, _, said := importing(t, "--from", from, "--db", db, "--next", "odd=5"); code != serve.ExitUsage || !strings.Contains(said, "another passphrase") {
		t.Errorf("another key: exit code %d, %s", code, said)
	}
	s = start(t, serve.TokenVariable+"="+token, "--db", db, "--admin", "127.0.0.1:0")
	for _, n := range []int{122, 130} {
		if got := s.post(t, n); got != rejected {
			t.Errorf("number %d after all imports: %s", n, got)
		}
	}
	if got, err := talk(client, "GET", "http://"+s.Admin+"/devices/more", ""); err != nil || !strings.HasPrefix(got, "404 ") {
		t.Errorf("a device of an import that was refused: %s, %v", got, err)
	}
	s.stop(t)
}
