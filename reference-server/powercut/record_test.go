package powercut_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/powercut"
)

const (
	token   = "a token for tests"
	devices = 4
)

// life is how long a server lives and how it ends.
type life struct {
	messages int      // accepted ones, after which it ends
	kill     bool     // SIGKILL, else SIGTERM
	strace   []string // more arguments, such as a fault to inject
}

// recorder runs a server under strace, life after life, over one database.
type recorder struct {
	t      *testing.T
	binary string
	dir    string // of the database
	steps  []powercut.Step
	next   [devices]uint64 // what each device sends next
	last   [devices]string // and the message that it has no answer to
}

func newRecorder(t *testing.T, binary string) *recorder {
	return &recorder{t: t, binary: binary, dir: t.TempDir()}
}

// passphrase is that of a device.
func passphrase(id string) string { return "the passphrase of " + id }

// proof returns what is to be proved of what was recorded.
func (r *recorder) proof(chances int) powercut.Proof {
	r.t.Helper()
	known := map[string]string{}
	for d := range devices {
		known[fmt.Sprint(d)] = passphrase(fmt.Sprint(d))
	}
	promises, err := powercut.Promises(r.steps, known)
	if err != nil {
		r.t.Fatal(err)
	}
	return powercut.Proof{Dir: r.dir, Name: "readings.db", Steps: r.steps, Promises: promises, Chances: chances, Seed: 1}
}

// live records one life. The error is that of a server that does not start on
// what the life before has left.
func (r *recorder) live(l life) error {
	r.t.Helper()
	record := filepath.Join(r.t.TempDir(), "record")
	args := append(append([]string{}, powercut.Arguments...), l.strace...)
	// Who kills the test kills strace, and with it the server, which would live on.
	args = append(args, "-o", record, need.Tool(r.t, "setpriv"), "--pdeathsig", "KILL", r.binary, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--db", filepath.Join(r.dir, "readings.db"))
	c := exec.CommandContext(r.t.Context(), need.Tool(r.t, "strace"), args...)
	c.Env = append(os.Environ(), "ESPALIER_ADMIN_TOKEN="+token)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.WaitDelay = 10 * time.Second
	out, err := c.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	var log strings.Builder
	c.Stderr = &log
	if err := c.Start(); err != nil {
		r.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	var ready struct{ Listen, Admin string }
	if err != nil || json.Unmarshal([]byte(line), &ready) != nil {
		c.Wait()
		return fmt.Errorf("no ready line: %q, %v\n%s", line, err, &log)
	}
	r.load(ready.Listen, ready.Admin, l.messages, func() {
		signal := syscall.SIGTERM
		if l.kill {
			signal = syscall.SIGKILL
		}
		syscall.Kill(tracee(r.t, c.Process.Pid), signal)
	})
	c.Wait() // strace ends as the server did
	if killed := !c.ProcessState.Exited(); killed != (l.kill || l.strace != nil) {
		r.t.Fatalf("%+v ended as %s\n%s", l, c.ProcessState, &log)
	}
	file, err := os.Open(record)
	if err != nil {
		r.t.Fatal(err)
	}
	defer file.Close()
	steps, err := powercut.Parse(file)
	if err != nil {
		r.t.Fatal(err)
	}
	r.steps = append(r.steps, steps...)
	r.steps = append(r.steps, powercut.Death(contents(r.t, r.dir)))
	return nil
}

// contents returns the files of a folder.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{}
	for _, f := range files {
		if found[f.Name()], err = os.ReadFile(filepath.Join(dir, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// tracee returns the process that strace runs; 0 if it has ended.
func tracee(t *testing.T, strace int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", strace, strace))
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

// load provisions the devices and has them send until enough were accepted; then
// it calls end, and goes on until the server has gone.
//
// What a server says first of all it has from the life before, and nothing that this
// life flushes has made that true: so each device asks, before any of them writes.
func (r *recorder) load(listen, admin string, enough int, end func()) {
	for d := range devices {
		if _, err := r.question(http.DefaultClient, listen, d); err != nil {
			r.t.Fatal(err)
		}
	}
	var accepted atomic.Int64
	var once sync.Once
	var all sync.WaitGroup
	for d := range devices {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
			for i := 0; ; i++ {
				ok, err := r.talk(client, listen, admin, d, i)
				if err != nil {
					return // the server has gone
				}
				if ok && accepted.Add(1) >= int64(enough) {
					once.Do(end)
				}
			}
		})
	}
	all.Wait()
}

// talk is one exchange of a device, whatever comes out of it, and a few around
// it: provisioning, a replay, a resync.
func (r *recorder) talk(client *http.Client, listen, admin string, d, i int) (ok bool, err error) {
	id := fmt.Sprint(d)
	if i%50 == 0 {
		_, err := ask(client, "PUT", "http://"+admin+"/devices/"+id, fmt.Sprintf(`{"passphrase":%q,"next":%d}`, passphrase(id), i))
		if err != nil {
			return false, err
		}
	}
	if i%7 == 0 {
		if _, err := r.question(client, listen, d); err != nil {
			return false, err
		}
	}
	if r.last[d] == "" {
		size := []int{10, 500, 5000, 40000}[(i+d)%4]
		plain := fmt.Appendf(nil, `{"data":"%s","SEQN":%d}`, strings.Repeat(string(rune('a'+i%26)), size), r.next[d])
		r.last[d] = `{"msg":"` + envelope.Seal(passphrase(id), [8]byte{byte(i), byte(i >> 8), byte(d)}, plain) + `"}`
		r.next[d]++
		if i%10 == 9 {
			r.next[d] += 3 // a gap
		}
	}
	body, err := ask(client, "POST", "http://"+listen+"/data/"+id, r.last[d])
	if err != nil {
		return false, err
	}
	if i%5 == 0 {
		if _, err := ask(client, "POST", "http://"+listen+"/data/"+id, r.last[d]); err != nil {
			return false, err
		}
	}
	r.last[d] = ""
	return body == `{"status":"OK"}`, nil
}

// question asks the server what it expects next of a device.
func (r *recorder) question(client *http.Client, listen string, d int) (string, error) {
	return ask(client, "GET", fmt.Sprintf("http://%s/sqn/%d?nonce=0123456789abcdef", listen, d), "")
}

// ask makes a request and returns the body of the reply.
func ask(client *http.Client, method, url, body string) (string, error) {
	q, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+token)
	p, err := client.Do(q)
	if err != nil {
		return "", err
	}
	defer p.Body.Close()
	text, err := io.ReadAll(p.Body)
	return string(text), err
}
