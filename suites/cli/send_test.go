package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// listening is what a server says when it is ready.
type listening struct{ Listen, Admin string }

// URL returns where devices post.
func (l listening) URL() string { return "http://" + l.Listen }

// serve runs `espalier server` until the test ends.
func serve(t *testing.T, dir, device string, env ...string) listening {
	t.Helper()
	cmd := exec.Command(program(t, "github.com/espalier-hil/espalier"), // outlives t.Context
		"server", "--listen", "127.0.0.1:0", "--db", "readings.db", "--device", device)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if len(env) > 0 { // with a token there is an admin listener
		cmd.Args = append(cmd.Args, "--admin", "127.0.0.1:0")
	}
	out := follow(t, cmd)
	t.Cleanup(func() {
		if cmd.Process.Signal(os.Interrupt) != nil || cmd.Wait() != nil {
			t.Errorf("the server did not stop in good order: %v", cmd.ProcessState)
		}
	})
	var ready listening
	if err := json.Unmarshal([]byte(out.await("ready")), &ready); err != nil {
		t.Fatal(err)
	}
	return ready
}

// A device in software counts on from its state file, and is told apart by exit
// codes when it is refused or gets no answer.
func TestSend(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	url := serve(t, dir, "12FA:"+passphrase+":5").URL()
	t.Setenv("ESPALIER_PASSPHRASE", passphrase)
	send := func(args ...string) said { return call(t, "", append([]string{"send", "--url", url}, args...)...) }

	send("--state", "12FA.seqn", "--seqn", "5", "--count", "3").wants(t, 0, `"seqn":5,"outcome":"accepted"`, `"seqn":6,`, `"seqn":7,`)
	send("--state", "12FA.seqn", `{"value":300}`).wants(t, 0, `"seqn":8,"outcome":"accepted"`)
	if p, err := os.ReadFile("12FA.seqn"); err != nil || string(p) != "9\n" {
		t.Errorf("the state is %q, %v", p, err)
	}
	if left, _ := filepath.Glob(".seqn-*"); len(left) > 0 {
		t.Errorf("temporary files are left: %q", left)
	}
	send("--seqn", "8").wants(t, 1, `"outcome":"refused"`, "1 of 1 readings were refused by "+url)
	send("--device", "nobody", "--seqn", "9").wants(t, 1, "refused")
	send("--passphrase", "another", "--seqn", "9").wants(t, 1, "refused")
	send("--count", "0").wants(t, 3, "nothing was sent")
	call(t, "", "send", "--url", "http://127.0.0.1:1").wants(t, 5, `"outcome":"unknown","attempts":4`, "no reply from http://127.0.0.1:1", "refused")
	send("--seqn", "9").wants(t, 0, "accepted")
}

func TestServerThatCannotStart(t *testing.T) {
	dir := t.TempDir()
	call(t, "", "server", "--db", dir+"/none/readings.db").wants(t, 21, "not writable", "name a file with --db")
	write(t, dir+"/notes.txt", strings.Repeat("no database ", 100))
	call(t, "", "server", "--db", dir+"/notes.txt").wants(t, 21, "notes.txt", "name another")
	call(t, "", "server", "--db", dir+"/readings.db", "--listen", "127.0.0.1").wants(t, 21, "host:port")
}
