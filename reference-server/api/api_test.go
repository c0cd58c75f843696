package api_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/store"
)

const (
	device     = "12FA"
	passphrase = "2B7E151628AED2A6ABF7158809CF4F3C"
	token      = "a token for tests"
	okBody     = `{"status":"OK"}`
	notOKBody  = `{"status":"NOT OK"}`
)

// rig is a server with one device, and its log.
type rig struct {
	t     testing.TB
	data  string // base URLs
	admin string
	log   lockedBuffer
}

func start(t testing.TB, replies api.Replies) *rig {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "readings.db"), store.Options{MaxGap: 1 << 21})
	if err != nil {
		t.Fatal(err)
	}
	return serveStore(t, s, replies)
}

// serveStore puts the API before a store, which it closes in the end.
func serveStore(t testing.TB, s *store.Store, replies api.Replies) *rig {
	t.Helper()
	t.Cleanup(func() { s.Close() })
	if _, _, err := s.Provision(t.Context(), device, passphrase, 100); err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t}
	a := api.New(s, slog.New(slog.NewJSONHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})), replies)
	serve := func(h http.Handler) string {
		server := httptest.NewUnstartedServer(nil)
		server.Config = a.Server(h)
		server.Start()
		t.Cleanup(server.Close)
		return server.URL
	}
	r.data, r.admin = serve(a.Data()), serve(a.Admin(token))
	return r
}

// lockedBuffer is a buffer that a server may write to while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// do sends a request and returns the reply, its body as text. Redirects are not
// followed.
func (r *rig) do(method, url, body string, header ...string) (*http.Response, string) {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	p, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer p.Body.Close()
	text, err := io.ReadAll(p.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return p, string(text)
}

// post sends a body to a device's path, percent-encoded already, and returns
// "status body".
func (r *rig) post(path, body string) string {
	r.t.Helper()
	p, text := r.do("POST", r.data+"/data/"+path, body, "Content-Type", "application/json")
	return fmt.Sprint(p.StatusCode, " ", text)
}

// ask sends a request with the token to the admin listener, and returns
// "status body".
func (r *rig) ask(method, path, body string) string {
	r.t.Helper()
	p, text := r.do(method, r.admin+path, body, "Content-Type", "application/json", "Authorization", "Bearer "+token)
	return fmt.Sprint(p.StatusCode, " ", text)
}

var salts byte

// seal returns the body of a message.
func seal(passphrase, plain string) string {
	salts++
	return `{"msg":"` + envelope.Seal(passphrase, [8]byte{salts}, []byte(plain)) + `"}`
}

func message(n uint64) string {
	return seal(passphrase, fmt.Sprintf(`{"data":{"value":%d},"SEQN":%d}`, n, n))
}

func TestHealth(t *testing.T) {
	r := start(t, api.Strict)
	for _, base := range []string{r.data, r.admin} {
		if p, body := r.do("GET", base+"/healthz", ""); p.StatusCode != 200 || body != okBody {
			t.Errorf("%s/healthz: %d %s", base, p.StatusCode, body)
		}
		if p, _ := r.do("POST", base+"/healthz", ""); p.StatusCode != 405 || p.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST: %d, Allow %q", p.StatusCode, p.Header.Get("Allow"))
		}
	}
}

// Nothing that was secret on its way in comes out in the log.
func TestLogKeepsSecrets(t *testing.T) {
	r := start(t, api.Strict)
	r.post(device, seal(passphrase, `{"data":"confidential","SEQN":100}`))
	r.post(device, seal(passphrase, `{"data":"confidential","SEQN":100}`))
	r.post(device, seal(passphrase, `{"data":"confidential","SEQN":"confidential"}`))
	r.post(device, seal(passphrase, `{"data":"confidential"}`))
	r.post(device, seal(passphrase, `confidential`))
	r.post(device, seal("another confidential one", `{"data":"confidential","SEQN":101}`))
	r.post("nobody", `{"msg":"confidential"}`)
	r.post("nobody", `confidential`)
	r.ask("PUT", "/devices/new", `{"passphrase":"confidential","next":1}`)
	r.ask("PUT", "/devices/new", `{"passphrase":"confidential","next":"confidential"}`)
	r.ask("PUT", "/devices/new", `{"confidential":1}`)
	r.do("GET", r.admin+"/devices/new", "", "Authorization", "Bearer confidential")

	log := r.log.String()
	for _, secret := range []string{passphrase, "confidential", token} {
		if strings.Contains(log, secret) {
			t.Errorf("the log contains %q:\n%s", secret, log)
		}
	}
	for _, said := range []string{"accepted", "replayed", `"stage":"seqn"`, `"stage":"keys"`, `"stage":"json"`, `"stage":"device"`, `"stage":"body"`, "provisioned"} {
		if !strings.Contains(log, said) {
			t.Errorf("the log lacks %s:\n%s", said, log)
		}
	}
}
