package serve_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/serve"
)

// Each wrong start ends in one line that names the trouble and a way out, and in
// its exit code.
func TestWrongStarts(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	locked := filepath.Join(dir, "locked.db")
	start(t, "", "--db", locked)
	later := filepath.Join(dir, "later.db")
	start(t, "", "--db", later).stop(t)
	if content, err := os.ReadFile(later); err != nil || os.WriteFile(later, append(content[:63:63], append([]byte{99}, content[64:]...)...), 0o600) != nil {
		t.Fatal(err) // user_version is at 60; https://sqlite.org/fileformat2.html#database_header
	}
	db := func(path string) []string { return []string{"--listen", "127.0.0.1:0", "--db", path} }
	fresh := filepath.Join(dir, "fresh.db")

	for _, tt := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"no database", nil, 2, []string{"--db", "name the file"}},
		{"unknown flag", []string{"--port", "1"}, 2, []string{"--port", "--help"}},
		{"argument", append(db(fresh), "readings.db"), 2, []string{"readings.db", "--help"}},
		{"odd replies", append(db(fresh), "--replies", "lenient"), 2, []string{"lenient", "strict or original"}},
		{"odd device", append(db(fresh), "--device", "12FA:"+passphrase), 2, []string{"number 1", "ID:PASSPHRASE:NEXT"}},
		{"device twice", append(db(fresh), "--device", device, "--device", device), 2, []string{"12FA", "twice"}},
		{"impossible device", append(db(fresh), "--device", ":"+passphrase+":0"), 2, []string{"1 to 255 bytes"}},
		{"no devices file", append(db(fresh), "--devices", "nowhere.yaml"), 2, []string{"nowhere.yaml", "no such file"}},
		{"odd devices file", append(db(fresh), "--devices", file("odd.yaml", "devices: [{passphrase: "+passphrase+"}]")), 2, []string{"odd.yaml", "number 1"}},
		{"admin without token", append(db(fresh), "--admin", "127.0.0.1:0"), 2, []string{serve.TokenVariable, "--admin-token-file"}},
		{"empty token file", append(db(fresh), "--admin-token-file", file("token", "\n")), 2, []string{"empty"}},
		{"port in use", []string{"--db", fresh, "--listen", busy.Addr().String()}, 21, []string{busy.Addr().String(), "already in use", "another port"}},
		{"odd address", []string{"--db", fresh, "--listen", "nonsense"}, 21, []string{"nonsense", "host:port"}},
		{"broken database", db(file("broken.db", strings.Repeat("no database", 100))), 21, []string{"broken.db", "backup"}},
		{"folder that is not there", db(filepath.Join(dir, "no", "x.db")), 21, []string{"x.db", "folder that exists"}},
		{"database of a later version", db(later), 21, []string{"later.db", "version 99", "another file"}},
		{"database in use", db(locked), 21, []string{"locked.db", "stop the other server"}},
	} {
		c := command(t, tt.args...)
		var stderr strings.Builder
		c.Stderr = &stderr
		out, _ := c.Output()
		if got := c.ProcessState.ExitCode(); got != tt.code {
			t.Errorf("%s: exit code %d, want %d", tt.name, got, tt.code)
		}
		var said []string // but for the log
		for line := range strings.Lines(stderr.String()) {
			if !strings.HasPrefix(line, "{") {
				said = append(said, line)
			}
		}
		if len(said) != 1 || len(out) > 0 {
			t.Errorf("%s: said %q, on stdout %q", tt.name, said, out)
		}
		for _, want := range append(tt.says, "server: ") {
			if !strings.Contains(strings.Join(said, ""), want) {
				t.Errorf("%s: %q lacks %q", tt.name, said, want)
			}
		}
		if strings.Contains(stderr.String(), passphrase) {
			t.Errorf("%s: tells the passphrase: %s", tt.name, &stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	out, err := command(t, "--help").CombinedOutput()
	for _, want := range []string{"--db", "--device", "--replies strict|original", serve.TokenVariable, "Exit codes"} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("help lacks %q, %v:\n%s", want, err, out)
		}
	}
}
