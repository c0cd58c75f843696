package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/store"
)

func TestAdminWantsTheToken(t *testing.T) {
	r := start(t, api.Strict)
	for _, authorization := range []string{
		"", "Bearer", "Bearer ", "Bearer x", "Bearer " + token + "x", "Bearer " + token[1:], "Basic " + token, token, "Bearer  " + token,
	} {
		for _, path := range []string{"/devices/12FA", "/devices/12FA/readings", "/metrics", "/nowhere"} {
			p, body := r.do("GET", r.admin+path, "", "Authorization", authorization)
			if p.StatusCode != 401 || p.Header.Get("WWW-Authenticate") == "" || strings.Contains(body, "next") {
				t.Errorf("%q, %s: %d %s", authorization, path, p.StatusCode, body)
			}
		}
	}
	if p, _ := r.do("PUT", r.admin+"/devices/new", `{"passphrase":"k"}`, "Content-Type", "application/json"); p.StatusCode != 401 {
		t.Errorf("PUT: %d", p.StatusCode)
	}
	if got := r.ask("GET", "/devices/new", ""); !strings.HasPrefix(got, "404 ") {
		t.Errorf("provisioned without the token: %s", got)
	}
	if p, _ := r.do("GET", r.admin+"/devices/12FA", "", "Authorization", "bearer "+token); p.StatusCode != 200 {
		t.Errorf("scheme in lower case: %d", p.StatusCode) // RFC 9110 section 11.1: case does not matter
	}
}

func TestProvision(t *testing.T) {
	r := start(t, api.Strict)
	for i, tt := range []struct{ path, body, want string }{
		{"/devices/new", `{"passphrase":"k","next":7}`, `201 {"device":"new","next":7,"accepted":0,"missing":0,"lastSeen":null}`},
		{"/devices/new", `{"passphrase":"k","next":5}`, `200 {"device":"new","next":7,"accepted":0,"missing":0,"lastSeen":null}`},
		{"/devices/new", `{"passphrase":"k"}`, `200 {"device":"new","next":7,"accepted":0,"missing":0,"lastSeen":null}`},
		{"/devices/new", `{"next":9,"passphrase":"k"}`, `200 {"device":"new","next":9,"accepted":0,"missing":0,"lastSeen":null}`},
		{"/devices/new", `{"passphrase":"l","next":5}`, `200 {"device":"new","next":5,"accepted":0,"missing":0,"lastSeen":null}`},
		{"/devices/%2e%2e%2F%22%3C%C3%A9", `{"passphrase":""}`, `201 {"device":"../\"<é","next":0,"accepted":0,"missing":0,"lastSeen":null}`},
		{"/devices/x", ``, `400 `},
		{"/devices/x", `{}`, `400 `},
		{"/devices/x", `{"next":5}`, `400 `},
		{"/devices/x", `{"passphrase":1}`, `400 `},
		{"/devices/x", `{"passphrase":"\ud800"}`, `400 `},
		{"/devices/x", `{"passphrase":"k","next":-1}`, `400 `},
		{"/devices/x", `{"passphrase":"k","next":1.0}`, `400 `},
		{"/devices/x", `{"passphrase":"k","next":"1"}`, `400 `},
		{"/devices/x", `{"passphrase":"k","next":9007199254740991}`, `400 `},
		{"/devices/x", `{"passphrase":"k","Next":1}`, `400 `},
		{"/devices/x", `{"passphrase":"k","passphrase":"l"}`, `400 `},
		{"/devices/", `{"passphrase":"k"}`, `400 `},
		{"/devices/%ff", `{"passphrase":"k"}`, `400 `},
		{"/devices/" + strings.Repeat("x", 256), `{"passphrase":"k"}`, `400 `},
		{"/devices", `{"passphrase":"k"}`, `404 `},
		{"/devices/x/y", `{"passphrase":"k"}`, `404 `},
		{"/devices/x/readings", `{"passphrase":"k"}`, `405 `},
	} {
		if got := r.ask("PUT", tt.path, tt.body); !strings.HasPrefix(got, tt.want) {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.want)
		}
	}
	if got := r.ask("GET", "/devices/x", ""); !strings.HasPrefix(got, "404 ") {
		t.Errorf("a refused device exists: %s", got)
	}
	if got := r.post("new", seal("l", `{"data":1,"SEQN":5}`)); got != accepted {
		t.Errorf("message of the new device: %s", got)
	}
	if got := r.post("%2E%2E%2f%22%3c%c3%a9", seal("", `{"data":1,"SEQN":0}`)); got != accepted {
		t.Errorf("message of the device with the odd name: %s", got)
	}
}

func TestDeviceAndReadings(t *testing.T) {
	r := start(t, api.Strict)
	before := time.Now()
	data := []string{`{"v" : 1.50e+1, "s":"\u0041<é>&"}`, `null`, `[ ]`}
	for i, text := range data {
		if got := r.post(device, seal(passphrase, fmt.Sprintf(`{"data":%s,"SEQN":%d}`, text, 100+3*i))); got != accepted {
			t.Fatal(got)
		}
	}
	var state struct {
		Device                  string
		Next, Accepted, Missing uint64
		LastSeen                time.Time
	}
	decode(t, r.ask("GET", "/devices/"+device, ""), &state)
	if state.Device != device || state.Next != 107 || state.Accepted != 3 || state.Missing != 4 || state.LastSeen.Before(before) {
		t.Errorf("state %+v", state)
	}
	type page struct {
		Readings []struct {
			SEQN     uint64
			Received time.Time
			Data     json.RawMessage
		}
		More bool
	}
	for _, tt := range []struct {
		query string
		want  []int // indices into data
		more  bool
	}{
		{"", []int{0, 1, 2}, false},
		{"?from=101", []int{1, 2}, false},
		{"?limit=2", []int{0, 1}, true},
		{"?from=103&limit=1", []int{1}, true},
		{"?from=107", nil, false},
	} {
		var got page
		decode(t, r.ask("GET", "/devices/"+device+"/readings"+tt.query, ""), &got)
		if len(got.Readings) != len(tt.want) || got.More != tt.more {
			t.Errorf("%s: %d readings, more %t", tt.query, len(got.Readings), got.More)
			continue
		}
		for i, j := range tt.want {
			g := got.Readings[i]
			if g.SEQN != uint64(100+3*j) || string(g.Data) != data[j] || g.Received.Before(before) {
				t.Errorf("%s: reading %d is %d, %s, %s", tt.query, i, g.SEQN, g.Received, g.Data)
			}
		}
	}
	for _, query := range []string{"?from=-1", "?from=x", "?from=99999999999999999999", "?limit=1001", "?limit=1.5"} {
		if got := r.ask("GET", "/devices/"+device+"/readings"+query, ""); !strings.HasPrefix(got, "400 ") {
			t.Errorf("%s: %s", query, got)
		}
	}
	if got := r.ask("GET", "/devices/nobody/readings", ""); !strings.HasPrefix(got, "404 ") {
		t.Errorf("unknown device: %s", got)
	}
}

// decode reads the JSON of a reply whose status is 200.
func decode(t *testing.T, reply string, into any) {
	t.Helper()
	body, ok := strings.CutPrefix(reply, "200 ")
	if err := json.Unmarshal([]byte(body), into); !ok || err != nil {
		t.Fatalf("%s: %v", reply, err)
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, api.Strict)
	r.post(device, message(100))
	r.post(device, message(100))
	r.post(device, message(105))
	r.post("nobody", message(106))
	r.post(device, "{}")
	r.do("GET", r.data+"/sqn/"+device, "")
	got := r.ask("GET", "/metrics", "")
	for _, want := range []string{
		"espalier_messages_accepted_total 2",
		"espalier_messages_missing_total 4",
		`espalier_messages_rejected_total{stage="replayed"} 1`,
		`espalier_messages_rejected_total{stage="device"} 1`,
		`espalier_messages_rejected_total{stage="body"} 1`,
		`espalier_messages_rejected_total{stage="padding"} 0`,
		"espalier_messages_failed_total 0",
		"espalier_messages_in_flight 0",
		"espalier_commit_seconds_count 3", // two accepted, and the replay, one at a time
		"espalier_commit_messages_sum 3",
		"espalier_commit_failures_total 0",
		`espalier_resyncs_total{outcome="refused"} 1`,
		"espalier_clock_back_total 0",
	} {
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("metrics lack %s:\n%s", want, got)
		}
	}
	for _, private := range []string{passphrase, token, device, "nobody"} {
		if strings.Contains(got, private) {
			t.Errorf("metrics tell %q", private)
		}
	}
}

// A message and a resync on which the store could not decide are counted apart.
func TestFailuresAreCountedApart(t *testing.T) {
	s, err := store.Open(filepath.Join(t.TempDir(), "readings.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := serveStore(t, s, api.Strict)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := r.post(device, message(100)); got != "503 "+notOKBody {
		t.Errorf("a message: %s", got)
	}
	for range 2 {
		if p, body := r.do("GET", r.data+"/sqn/"+device+"?nonce="+nonce, ""); p.StatusCode != 503 || body != notOKBody {
			t.Errorf("a resync: %d %s", p.StatusCode, body)
		}
	}
	got := r.ask("GET", "/metrics", "")
	for _, want := range []string{"espalier_messages_failed_total 1", `espalier_resyncs_total{outcome="failed"} 2`} {
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("metrics lack %s:\n%s", want, got)
		}
	}
}

func TestClockThatGoesBackIsSaid(t *testing.T) {
	now := time.Now()
	s, err := store.Open(filepath.Join(t.TempDir(), "readings.db"), store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	r := serveStore(t, s, api.Strict)
	if got := r.post(device, message(100)); got != accepted {
		t.Fatal(got)
	}
	now = now.Add(-90 * time.Minute)
	if got := r.post(device, message(101)); got != accepted {
		t.Errorf("after the clock went back: %s", got)
	}
	if log := r.log.String(); !strings.Contains(log, "the clock went back") || !strings.Contains(log, "1h30m0s") {
		t.Errorf("the log does not say it:\n%s", log)
	}
	if got := r.ask("GET", "/metrics", ""); !strings.Contains(got, "\nespalier_clock_back_total 1\n") {
		t.Errorf("metrics:\n%s", got)
	}
}

func TestAdminWithoutTokenIsAnError(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Admin takes an empty token")
		}
	}()
	var h http.Handler = new(api.API).Admin("")
	t.Log(h)
}
