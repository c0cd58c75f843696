package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/serve"
)

const (
	passphrase = "2B7E151628AED2A6ABF7158809CF4F3C"
	device     = "12FA:" + passphrase + ":0"
	token      = "a token for tests"
)

// The test binary runs itself again as the server, to be sent signals and to be
// asked for its exit code.
const childVariable = "ESPALIER_SERVE_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	err := serve.Command().ExecuteContext(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
	}
	os.Exit(serve.ExitCode(err))
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), childVariable+"=1", serve.TokenVariable+"=")
	return c
}

// server is a running child.
type server struct {
	*exec.Cmd
	serve.Ready
	rest *bufio.Reader   // of stdout
	log  strings.Builder // of stderr, to be read once the server has ended
}

// start runs a server on free ports and waits until it is ready.
func start(t *testing.T, env string, args ...string) *server {
	t.Helper()
	return startUnder(t, nil, env, append([]string{"--listen", "127.0.0.1:0"}, args...)...)
}

// startUnder runs a server as the child of another command.
func startUnder(t *testing.T, parent []string, env string, args ...string) *server {
	t.Helper()
	c := command(t, args...)
	if parent != nil {
		environment := c.Env
		c = exec.CommandContext(t.Context(), parent[0], append(parent[1:], c.Args...)...)
		c.Env = environment
	}
	c.Env = append(c.Env, env)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Cmd: c, rest: bufio.NewReader(out)}
	c.Stderr = &s.log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	line, err := s.rest.ReadString('\n')
	if err != nil || json.Unmarshal([]byte(line), &s.Ready) != nil || !s.Ready.Ready {
		c.Wait()
		t.Fatalf("no ready line: %q, %v\n%s", line, err, &s.log)
	}
	return s
}

// stop sends SIGTERM and checks that the server ends well, and has said nothing
// but its ready line on stdout.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if more, _ := io.ReadAll(s.rest); len(more) > 0 {
		t.Errorf("on stdout: %q", more)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}

// post sends a message with this number and returns "status body".
func (s *server) post(t *testing.T, n int) string {
	t.Helper()
	plain := fmt.Appendf(nil, `{"data":{"value":300},"SEQN":%d}`, n)
	body := `{"msg":"` + envelope.Seal(passphrase, [8]byte{byte(n)}, plain) + `"}`
	p, err := http.Post("http://"+s.Listen+"/data/12FA", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Body.Close()
	text, err := io.ReadAll(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(p.StatusCode, " ", string(text))
}

const (
	accepted = `200 {"status":"OK"}`
	rejected = `200 {"status":"NOT OK"}`
)

func TestRestartKeepsWhatWasAccepted(t *testing.T) {
	db := filepath.Join(t.TempDir(), "readings.db")
	for i, tt := range []struct {
		n    int
		want string
	}{{121, accepted}, {121, rejected}, {122, accepted}, {5, rejected}} {
		s := start(t, "", "--db", db, "--device", device) // NEXT is 0 each time
		if got := s.post(t, tt.n); got != tt.want {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.want)
		}
		if s.Admin != "" {
			t.Errorf("an admin listener without a token, on %s", s.Admin)
		}
		s.stop(t)
	}
}

// A client that stops half-way keeps the server from nothing, least of all from
// ending well.
func TestStopsUnderAnIdleRequest(t *testing.T) {
	t.Parallel() // it takes the time that the client is given
	s := start(t, "", "--db", filepath.Join(t.TempDir(), "readings.db"), "--device", device)
	c, err := net.Dial("tcp", s.Listen)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "POST /data/12FA HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	if got := s.post(t, 121); got != accepted {
		t.Error(got)
	}
	s.stop(t)
}

func TestAdminListener(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*server{
		"token in the environment": start(t, serve.TokenVariable+"="+token, "--admin", "127.0.0.1:0", "--db", filepath.Join(dir, "1"), "--device", device),
		"token in a file":          start(t, "", "--admin-token-file", file, "--admin", "127.0.0.1:0", "--db", filepath.Join(dir, "2"), "--device", device),
	} {
		q, err := http.NewRequest("GET", "http://"+s.Admin+"/devices/12FA", nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+token)
		p, err := http.DefaultClient.Do(q)
		if err != nil || p.StatusCode != 200 {
			t.Errorf("%s: %v, %v", name, p, err)
		}
		p.Body.Close()
		s.stop(t)
	}
}

func TestDevicesFileAndReplies(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "devices.yaml")
	if err := os.WriteFile(file, []byte("devices: [{id: 12FA, passphrase: "+passphrase+", next: 100}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, "", "--db", filepath.Join(dir, "db"), "--devices", file, "--device", "other:k:0", "--replies", "original", "--max-gap", "10")
	for i, tt := range []struct {
		n    int
		want string
	}{{99, rejected}, {111, rejected}, {100, accepted}} {
		if got := s.post(t, tt.n); got != tt.want {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.want)
		}
	}
	p, err := http.Post("http://"+s.Listen+"/data/12FA", "application/json", strings.NewReader("{}"))
	if err != nil || p.StatusCode != 500 {
		t.Errorf("a rejection in the original's way: %v, %v", p, err)
	}
	p.Body.Close()
	s.stop(t)
}

// The original's generator script gets through unchanged.
func TestServesTheOriginalsGenerator(t *testing.T) {
	cryptoJS := need.Node(t, "crypto-js")
	s := start(t, "", "--db", filepath.Join(t.TempDir(), "db"), "--device", device)
	out, err := exec.Command("node", "testdata/generator.js", cryptoJS, "http://"+s.Listen+"/data/12FA", "121", "121", "125", "124").CombinedOutput()
	if want := "200 OK\n200 NOT OK\n200 OK\n200 NOT OK\n"; err != nil || string(out) != want {
		t.Errorf("generator: %s, %v; want %s", out, err, want)
	}
	s.stop(t)
}
