package firmware_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

const passphrase = "2B7E151628AED2A6ABF7158809CF4F3C"

// posted is what a backend was sent.
type posted struct{ URI, Type, Msg string }

// backend is an HTTP server that accepts everything.
func backend(t *testing.T) (netip.AddrPort, chan posted) {
	t.Helper()
	got := make(chan posted, 16)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Msg string }
		p, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(p, &body)
		}
		if err != nil || r.Method != http.MethodPost {
			t.Errorf("%s %s %q: %v", r.Method, r.RequestURI, p, err)
		}
		got <- posted{r.RequestURI, r.Header.Get("Content-Type"), body.Msg}
		io.WriteString(w, `{"status":"OK"}`)
	}))
	t.Cleanup(s.Close)
	return netip.MustParseAddrPort(s.Listener.Addr().String()), got
}

// What the device sends over TCP is what it was told to send, sealed for whom
// it was told it is.
func TestSend(t *testing.T) {
	d, _ := ref(t)
	addr, got := backend(t)
	d.provision("12FA", passphrase, 121)
	d.do("link virtual")
	d.do("server %s %d", addr.Addr(), addr.Port())
	salts := map[string]bool{}
	for i, data := range []string{
		`{"value":300}`, `"` + strings.Repeat("é", 512) + `"`, `null`, ` [1, {"SEQN":7,"data":{}}, 1e400] `,
		`"` + strings.Repeat("x", 1598) + `"`, `"` + strings.Repeat("\\u00ff", 266) + `"`,
	} {
		answer := d.do("send %x", data)
		post := <-got
		want := uint64(121 + i)
		if answer.Outcome != "accepted" || answer.Attempts != 1 || string(answer.HTTP) != "200" || *answer.SEQN != want {
			t.Errorf("send %s: %+v", data, answer)
		}
		if post.URI != "/data/12FA" || post.Type != "application/json" || sum([]byte(post.Msg)) != answer.MD5 {
			t.Errorf("send %s: %+v", data, post)
		}
		reading, err := envelope.Open(passphrase, post.Msg)
		if err != nil || reading.SEQN != want || strings.TrimSpace(data) != string(reading.Data) {
			t.Errorf("send %s: opened as %d %s: %v", data, reading.SEQN, reading.Data, err)
		}
		salts[answer.Salt] = true
	}
	if len(salts) != 6 {
		t.Errorf("six messages under %d salts", len(salts))
	}
	d.hide(passphrase)
}

// No id reaches another path.
func TestPath(t *testing.T) {
	d, _ := ref(t)
	addr, got := backend(t)
	for i, v := range [][2]string{
		{"a-z_A.Z~09", "/data/a-z_A.Z~09"},
		{"a/b?c#d%", "/data/a%2Fb%3Fc%23d%25"},
		{"..", "/data/%2E%2E"},
		{"\x00 \r\n\xff", "/data/%00%20%0D%0A%FF"},
		{strings.Repeat("/", 32), "/data/" + strings.Repeat("%2F", 32)},
	} {
		d.provision(v[0], string(rune('a'+i)), 1)
		d.do("link virtual")
		d.do("server %s %d", addr.Addr(), addr.Port())
		if r := d.do("send 31"); r.Outcome != "accepted" {
			t.Fatalf("%q: %+v", v[0], r)
		}
		if uri := (<-got).URI; uri != v[1] {
			t.Errorf("%q posts to %s, want %s", v[0], uri, v[1])
		}
	}
}

// With the RNG repeating itself after each reset, numbers rise and salts differ.
func TestResets(t *testing.T) {
	d, _ := ref(t)
	addr, got := backend(t)
	d.provision("12FA", passphrase, 0)
	salts := map[string]bool{}
	for want := range uint64(20) {
		d.do("link virtual")
		d.do("server %s %d", addr.Addr(), addr.Port())
		r := d.do("send 31")
		<-got
		if *r.SEQN != want {
			t.Errorf("SEQN %d, want %d", *r.SEQN, want)
		}
		salts[r.Salt] = true
		d.do("reset")
		d.greeting()
	}
	if len(salts) != 20 {
		t.Errorf("20 messages under %d salts", len(salts))
	}
}

// dialer answers connections by a script. A connection that is lost ends once
// the request has come.
type dialer struct {
	script chan string // what comes of each attempt
	sent   chan string // the bodies that arrived
}

func (l *dialer) dial(context.Context, string, string) (net.Conn, error) {
	reply := <-l.script
	if reply == refuses {
		return nil, syscall.ECONNREFUSED
	}
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		r, err := http.ReadRequest(bufio.NewReader(far))
		if err != nil {
			return
		}
		body, _ := io.ReadAll(r.Body)
		l.sent <- string(body)
		if reply != loses {
			io.WriteString(far, reply)
		}
	}()
	return near, nil
}

func TestOutcomesOverTCP(t *testing.T) {
	for _, c := range deliveries {
		t.Run(c.name, func(t *testing.T) {
			l := &dialer{make(chan string, 8), make(chan string, 8)}
			for _, reply := range c.replies {
				l.script <- reply
			}
			close(l.script)
			d, _ := boot(t, firmware.Image, virtual.Config{Dial: l.dial})
			d.provision("1", "p", 1)
			d.do("link virtual")
			d.do("server 10.0.0.1 80")
			answer := d.do("send 31")
			var sent []string
			for len(l.sent) > 0 {
				sent = append(sent, <-l.sent)
			}
			c.judge(t, answer, sent)
		})
	}
}
