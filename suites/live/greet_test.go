package live_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/live"
)

// The first message tells a device that is not known, or a backend that is not
// there, from one that is wrong.
func TestGreet(t *testing.T) {
	all, s := suite(t), servertest.Reference(t)
	if err := s.Provision(t.Context(), "12FA", "correct horse", 121); err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	answers := func(status int, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	mute := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then does a server notice that the client is gone
		<-r.Context().Done()
	}))
	t.Cleanup(mute.Close)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	for name, tt := range map[string]struct {
		url, passphrase string
		next            uint64
		verdict         live.Verdict
		is              error
		says            string
	}{
		"right":                {s.URL() + "/data", "correct horse", 121, live.Pass, nil, ""},
		"it stands higher":     {s.URL() + "/data", "correct horse", 1, live.Pass, nil, ""},
		"another passphrase":   {s.URL() + "/data", "battery staple", 9000, live.Error, live.ErrStranger, "under this passphrase"},
		"another path":         {s.URL() + "/date", "correct horse", 9000, live.Error, live.ErrStranger, "Is the URL right? Devices post to"},
		"nobody there":         {"http://" + closed.Addr().String(), "correct horse", 9000, live.Error, live.ErrUnreachable, "nothing listens there"},
		"no such host":         {"http://no-such-host.invalid/data", "correct horse", 9000, live.Error, live.ErrUnreachable, "no such host"},
		"TLS":                  {strings.Replace(secure.URL, "https", "http", 1), "correct horse", 9000, live.Error, live.ErrUnreachable, "it speaks TLS there"},
		"it says nothing":      {mute.URL, "correct horse", 9000, live.Error, live.ErrUnreachable, "nothing came within 300ms"},
		"it sends elsewhere":   {answers(302, ""), "correct horse", 9000, live.Error, live.ErrStranger, "/elsewhere"},
		"it asks who is there": {answers(401, ""), "correct horse", 9000, live.Error, live.ErrStranger, "who asks"},
		"created":              {answers(201, `{"status":"OK"}`), "correct horse", 9000, live.Fail, nil, "OK is 200"},
		"in lower case":        {answers(200, `{"status":"ok"}`), "correct horse", 9000, live.Fail, nil, "OK is 200"},
		"it repeats the key":   {answers(200, `no: correct horse`), "correct horse", 9000, live.Error, live.ErrStranger, "[redacted]"},
		"10 MB":                {answers(200, strings.Repeat("x", 10<<20)), "correct horse", 9000, live.Error, live.ErrUnreachable, "no HTTP of this protocol"},
	} {
		t.Run(name, func(t *testing.T) {
			timeout := time.Minute // a busy machine takes its time
			if tt.url == mute.URL {
				timeout = 300 * time.Millisecond
			}
			e, err := live.New(all, live.Target{URL: tt.url, Timeout: timeout, Devices: []live.Device{{ID: "12FA", Passphrase: tt.passphrase, Next: tt.next}}}, 1)
			if err != nil {
				t.Fatal(err)
			}
			res, err := e.Greet(t.Context())
			text := fmt.Sprint(res.Why, err)
			if res.Verdict != tt.verdict || !errors.Is(err, tt.is) || !strings.Contains(text, tt.says) || strings.Contains(text, "correct horse") {
				t.Errorf("%s: %s: %v", res.Verdict, res.Why, err)
			}
			if tt.verdict == live.Fail && !slices.Equal(res.Broke, []string{"REQ-RSP-001"}) {
				t.Errorf("it broke %q", res.Broke)
			}
		})
	}
}
