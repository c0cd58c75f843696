package mutants_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// bench is a backend that runs, for a probe to look at.
type bench struct {
	*testing.T
	server *server.Server
}

// start starts a program with further arguments, for the length of the test.
func start(t *testing.T, program string, args ...string) *bench {
	t.Helper()
	s, err := server.Start(t.Context(), server.Config{Mode: server.Process, Binary: server.Binary{Path: program}, Args: args})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Stop(t.Context()) })
	return &bench{t, s}
}

// unit is a device that only the probe knows, and that starts at 121.
type unit struct {
	*bench
	id, passphrase string
}

var units, salts atomic.Uint64

// unit makes a device known under a passphrase.
func (b *bench) unit(passphrase string, next uint64) unit {
	b.Helper()
	u := unit{b, fmt.Sprintf("Unit-%d", units.Add(1)), passphrase}
	if err := b.server.Provision(b.Context(), u.id, passphrase, next); err != nil {
		b.Fatal(err)
	}
	return u
}

func (b *bench) fresh() unit { return b.unit("correct horse", 121) }

// seal returns the envelope of a JSON text under a salt of its own.
func (u unit) seal(plain string) string {
	salt := salts.Add(1)
	return envelope.Seal(u.passphrase, [8]byte{byte(salt >> 24), byte(salt >> 16), byte(salt >> 8), byte(salt), 'z', 'o', 'o'}, []byte(plain))
}

func reading(n uint64) string { return fmt.Sprintf(`{"data":{"value":300},"SEQN":%d}`, n) }

// answer is what came back, or why nothing did.
type answer struct {
	status int
	header http.Header // less its Date
	body   string
	err    error
}

// ok reports whether the answer is the acceptance.
func (a answer) ok() bool {
	var body struct{ Status string }
	return a.err == nil && a.status == http.StatusOK && json.Unmarshal([]byte(a.body), &body) == nil && body.Status == "OK"
}

// String is the answer as probes compare it.
func (a answer) String() string {
	if a.err != nil {
		return "no answer"
	}
	return fmt.Sprint(a.status, a.header, a.body)
}

// do makes one request on a connection of its own, in the pieces given, and
// closes is whether the backend then ends the connection, though it was not
// asked to.
func (b *bench) do(pieces ...string) (a answer, closes bool) {
	b.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(b.server.URL(), "http://"))
	if err != nil {
		return answer{err: err}, true
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	for i, piece := range pieces {
		if i > 0 {
			b.settle()
		}
		if _, err := io.WriteString(c, piece); err != nil {
			return answer{err: err}, true
		}
	}
	replies := bufio.NewReader(c)
	if a = receive(replies, nil); a.err != nil {
		return a, !errors.Is(a.err, errTimeout)
	}
	if _, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return a, true
	}
	return a, receive(replies, nil).err != nil
}

// patience is how long a probe waits for an answer; a backend that is right
// gives up on half a request after five seconds.
const patience = 8 * time.Second

var errTimeout = errors.New("no answer in time")

func receive(r *bufio.Reader, req *http.Request) (a answer) {
	resp, err := http.ReadResponse(r, req)
	if err != nil {
		if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
			err = errTimeout
		}
		return answer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	resp.Header.Del("Date")
	return answer{resp.StatusCode, resp.Header, string(body), err}
}

// settle asks the backend for something else, so that what was written before
// has arrived by the time it answers.
func (b *bench) settle() {
	for range 3 {
		if resp, err := http.Get(b.server.URL() + "/healthz"); err == nil {
			resp.Body.Close()
		}
	}
}

// request is a POST of msg as a device makes it.
func request(path, msg string) string {
	body := fmt.Sprintf(`{"msg":"%s"}`, msg)
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
}

func (u unit) path() string { return "/data/" + url.PathEscape(u.id) }

// post posts an envelope.
func (u unit) post(msg string) answer {
	a, _ := u.do(request(u.path(), msg))
	return a
}

// plain posts a JSON text and reports whether it was accepted.
func (u unit) plain(text string) bool { return u.post(u.seal(text)).ok() }

// send posts a reading and reports whether it was accepted.
func (u unit) send(n uint64) bool { return u.plain(reading(n)) }

// as posts a reading that is sealed right to another path, perhaps under other
// headers.
func (u unit) as(n uint64, change func(request string) string) answer {
	a, _ := u.do(change(request(u.path(), u.seal(reading(n)))))
	return a
}

// data returns the readings that the backend keeps.
func (u unit) data() (list []string) {
	u.Helper()
	readings, err := u.server.Readings(u.Context(), u.id, 0, 0)
	if err != nil {
		u.Fatal(err)
	}
	for _, r := range readings {
		list = append(list, string(r.Data))
	}
	return list
}

// fates of a backend.
func (b *bench) restart() {
	b.Helper()
	if err := b.server.Restart(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) kill() {
	b.Helper()
	if err := b.server.Kill(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// burst sends requests at once, each on a connection of its own: all but the
// last byte of each, and then those. It returns how many were accepted.
func (u unit) burst(requests []string) (accepted int) {
	u.Helper()
	conns := make([]net.Conn, len(requests))
	for i, r := range requests {
		c, err := net.Dial("tcp", strings.TrimPrefix(u.server.URL(), "http://"))
		if err != nil {
			u.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(c, r[:len(r)-1]); err != nil {
			u.Fatal(err)
		}
		conns[i] = c
	}
	u.settle()
	for i, r := range requests {
		io.WriteString(conns[i], r[len(r)-1:])
	}
	for _, c := range conns {
		if receive(bufio.NewReader(c), nil).ok() {
			accepted++
		}
	}
	return accepted
}

// nested is a reading of so many arrays, one inside the other.
func nested(n int) string {
	return `{"data":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `,"SEQN":121}`
}

// long is a reading of so many bytes.
func long(n int) string { return fmt.Sprintf(`{"data":"%0*d","SEQN":121}`, n-23, 0) }
