package serve_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/serve"
)

// message returns the body of a message that takes a few pages of the disk.
func message(n int) string {
	plain := fmt.Appendf(nil, `{"data":"%s","SEQN":%d}`, strings.Repeat("x", 9000), n)
	return `{"msg":"` + envelope.Seal(passphrase, [8]byte{byte(n), byte(n >> 8)}, plain) + `"}`
}

// fill takes all the room there is in a folder, and returns how to give it back.
func fill(t *testing.T, dir string) (empty func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 4096, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// While the disk is full nothing is accepted, and nobody is told that it was;
// what is refused then gets in as soon as there is room.
func TestDiskFull(t *testing.T) {
	dir := need.Tmpfs(t, 16<<20)
	db := filepath.Join(dir, "readings.db")
	run := func() *server {
		return start(t, serve.TokenVariable+"="+token, "--db", db, "--device", device, "--admin", "127.0.0.1:0")
	}
	s := run()
	client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	send := func(n int) string {
		t.Helper()
		got, err := talk(client, "POST", "http://"+s.Listen+"/data/12FA", message(n))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	n := 0
	for range 3 {
		for range 20 {
			if got := send(n); got != accepted {
				t.Fatalf("number %d: %s", n, got)
			}
			n++
		}
		empty := fill(t, dir)
		failed := 0
		for i := 0; failed < 5 && i < 2000; i++ { // some room may be left in the log
			switch got := send(n); got {
			case accepted:
				n++
			case "503 {\"status\":\"NOT OK\"}":
				failed++
			default:
				t.Fatalf("number %d on a full disk: %s", n, got)
			}
		}
		if failed < 5 {
			t.Fatal("the disk does not get full")
		}
		state, err := talk(client, "GET", "http://"+s.Admin+"/devices/12FA", "")
		if want := fmt.Sprintf(`"next":%d,"accepted":%d,`, n, n); err != nil || !strings.Contains(state, want) {
			t.Errorf("on a full disk: %s, %v; want %s", state, err, want)
		}
		if got, err := talk(client, "PUT", "http://"+s.Admin+"/devices/new", `{"passphrase":"k"}`); err != nil || !strings.HasPrefix(got, "503 ") {
			t.Errorf("provisioning on a full disk: %s, %v", got, err)
		}
		empty()
	}
	if got := send(n); got != accepted {
		t.Errorf("number %d after there is room again: %s", n, got)
	}
	metrics, err := talk(client, "GET", "http://"+s.Admin+"/metrics", "")
	for _, want := range []string{"espalier_messages_failed_total 15", "espalier_commit_failures_total 15", fmt.Sprint("espalier_messages_accepted_total ", n+1)} {
		if err != nil || !strings.Contains(metrics, "\n"+want+"\n") {
			t.Errorf("metrics lack %s, %v:\n%s", want, err, metrics)
		}
	}
	s.stop(t)
	if log := s.log.String(); !strings.Contains(log, "no space left on the disk") {
		t.Errorf("the log does not say why:\n%.2000s", log)
	}
	s = run()
	for old := range n + 1 {
		if got := send(old); got != rejected {
			t.Errorf("number %d after a restart: %s", old, got)
		}
	}
	s.stop(t)

	defer fill(t, dir)()
	code, said := fails(t, "--db", filepath.Join(dir, "other.db"), "--listen", "127.0.0.1:0")
	if code != serve.ExitServer || !strings.Contains(said, "no space left") || !strings.Contains(said, "make room") {
		t.Errorf("start on a full disk: exit code %d, %s", code, said)
	}
}

// fails runs a server that must not start, and returns its exit code and what it
// says.
func fails(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	c := command(t, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	c.Run()
	return c.ProcessState.ExitCode(), stderr.String()
}

func TestReadOnlyFileSystem(t *testing.T) {
	dir := need.Tmpfs(t, 2<<20)
	db := filepath.Join(dir, "readings.db")
	s := start(t, "", "--db", db, "--device", device)
	s.post(t, 0)
	s.stop(t)
	if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	for _, path := range []string{db, filepath.Join(dir, "new.db")} {
		code, said := fails(t, "--db", path, "--listen", "127.0.0.1:0")
		if code != serve.ExitServer || !strings.Contains(said, "not writable") || !strings.Contains(said, "can write") {
			t.Errorf("%s: exit code %d, %s", path, code, said)
		}
	}
}

// A disk that does not confirm a flush, or a write, ends the server: what it has
// is in doubt. Whoever waits gets no answer, for any could be wrong, and a fresh
// start settles what is stored.
func TestFailingDisk(t *testing.T) {
	strace := need.Tool(t, "strace")
	for name, fault := range map[string]string{
		"flush": "inject=fsync,fdatasync:error=EIO:when=5+",
		"write": "inject=pwrite64:error=EIO:when=30+",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := filepath.Join(t.TempDir(), "readings.db")
			start(t, "", "--db", db, "--device", device).stop(t) // so that the fault comes after the start
			s := startUnder(t, []string{strace, "-f", "-qq", "-e", "signal=none", "-e", "trace=fsync,fdatasync,pwrite64", "-e", fault, "-o", "/dev/null"},
				"", "--db", db, "--device", device, "--listen", "127.0.0.1:0")
			client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
			n := 0
			var err error
			for ; ; n++ {
				var got string
				if got, err = talk(client, "POST", "http://"+s.Listen+"/data/12FA", message(n)); err != nil || got != accepted {
					if err == nil {
						t.Errorf("number %d: %s, want no answer at all", n, got)
					}
					break
				}
			}
			s.Wait()
			if code := s.ProcessState.ExitCode(); code != serve.ExitServer || !strings.Contains(s.log.String(), "in doubt") || !strings.Contains(s.log.String(), "check the disk") {
				t.Errorf("exit code %d:\n%s", code, &s.log)
			}
			after := start(t, "", "--db", db, "--device", device)
			for old := range n {
				if got, err := talk(client, "POST", "http://"+after.Listen+"/data/12FA", message(old)); err != nil || got != rejected {
					t.Errorf("number %d, accepted before: %s, %v", old, got, err)
				}
			}
			first, err := talk(client, "POST", "http://"+after.Listen+"/data/12FA", message(n))
			if err != nil || first != accepted && first != rejected {
				t.Errorf("number %d, in doubt before: %s, %v", n, first, err)
			}
			t.Logf("%d accepted before the disk failed; the one in doubt, sent again: %s", n, first)
			after.stop(t)
		})
	}
}
