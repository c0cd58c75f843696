package api_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// dial opens a connection on which a test writes what it wants.
func dial(t *testing.T, base string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second)) // a test that hangs says so
	return c
}

// answer reads one reply and returns "status body".
func answer(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	p, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Body.Close()
	body, err := io.ReadAll(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(p.StatusCode, " ", string(body))
}

const head = "POST /data/12FA HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

// Requests come in pieces of every size, chunked or not, one after the other on
// one connection.
func TestKeepAliveSplitAndChunked(t *testing.T) {
	r := start(t, api.Strict)
	c := dial(t, r.data)
	replies := bufio.NewReader(c)
	n := uint64(100)
	for _, piece := range []int{1, 2, 7, 64, 1 << 20} {
		plain := message(n)
		chunked := message(n + 1)
		half := len(chunked) / 2
		for _, request := range []string{
			fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(plain), plain),
			fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\nTrailer: x\r\n\r\n",
				head, half, chunked[:half], len(chunked)-half, chunked[half:]),
		} {
			for len(request) > 0 {
				k := min(piece, len(request))
				if _, err := io.WriteString(c, request[:k]); err != nil {
					t.Fatal(err)
				}
				request = request[k:]
			}
			if got := answer(t, replies); got != accepted {
				t.Errorf("pieces of %d, number %d: %s", piece, n, got)
			}
			n++
		}
	}
}

// Requests that are not HTTP, or too much of it, are answered with the error that
// they are, without a stack or a page.
func TestBrokenRequests(t *testing.T) {
	r := start(t, api.Strict)
	huge := strings.Repeat("A", 64<<10)
	for _, tt := range []struct{ name, request, want string }{
		{"no HTTP", "hello\r\n\r\n", "400 "},
		{"bad escape in the path", "POST /data/% HTTP/1.1\r\nHost: x\r\n\r\n", "400 "},
		{"huge path", "POST /data/" + huge + " HTTP/1.1\r\nHost: x\r\n\r\n", "431 "},
		{"huge header", "POST /data/12FA HTTP/1.1\r\nHost: x\r\nX: " + huge + "\r\n\r\n", "431 "},
		{"two lengths", head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400 "},
		{"negative length", head + "Content-Length: -1\r\n\r\n", "400 "},
		{"broken chunk", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400 "},
		{"endless chunks", head + "Transfer-Encoding: chunked\r\n\r\n20000\r\n" + huge + huge + "\r\n", "413 "},
		{"announced too large", head + "Content-Length: 99999999999\r\n\r\n" + huge + "A", "413 "},
		{"absolute path", "POST http://x/data/12FA HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", rejected},
		{"bytes that should be escaped", strings.Replace(head, "12FA", "a%2F\xe9\"<", 1) + "Content-Length: 2\r\n\r\n{}", rejected},
		{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", ""},
	} {
		c := dial(t, r.data)
		go io.WriteString(c, tt.request) // the server may close before it has read all
		if got := answer(t, bufio.NewReader(c)); !strings.HasPrefix(got, tt.want) || strings.Contains(got, "goroutine") {
			t.Errorf("%s: %.200s, want %s", tt.name, got, tt.want)
		}
	}
	if got := r.post(device, message(100)); got != accepted {
		t.Errorf("the next good message: %s", got)
	}
}

// A client that stops half-way is not waited for longer than the bounds say.
func TestSlowClientsAreCutOff(t *testing.T) {
	s, err := store.Open(filepath.Join(t.TempDir(), "readings.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	a := api.New(s, slog.New(slog.DiscardHandler), api.Strict)
	server := httptest.NewUnstartedServer(nil)
	server.Config = a.Server(a.Data())
	for name, bound := range map[string]*time.Duration{
		"header": &server.Config.ReadHeaderTimeout,
		"read":   &server.Config.ReadTimeout,
		"write":  &server.Config.WriteTimeout,
		"idle":   &server.Config.IdleTimeout,
	} {
		if *bound <= 0 || *bound > time.Minute {
			t.Errorf("%s timeout is %s", name, *bound)
		}
		*bound /= 50 // so that the test need not wait for seconds
	}
	server.Start()
	t.Cleanup(server.Close)
	for name, request := range map[string]string{
		"nothing":         "",
		"half a header":   "POST /data/12FA HTTP/1.1\r\nHost",
		"half a body":     head + "Content-Length: 100\r\n\r\n{",
		"half a chunk":    head + "Transfer-Encoding: chunked\r\n\r\n40\r\n{",
		"no next request": head + "Content-Length: 2\r\n\r\n{}",
	} {
		c := dial(t, server.URL)
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil { // to the end: the server has closed
			t.Errorf("%s: %v", name, err)
		}
	}
}
