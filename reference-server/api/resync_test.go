package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

const nonce = "0123456789abcDEF"

// next asks for the next number and returns the envelope and what is in it.
func (r *rig) next(id, passphrase, nonce string) (msg, plain string) {
	r.t.Helper()
	p, body := r.do("GET", r.data+"/sqn/"+id+"?nonce="+nonce, "")
	var sealed struct{ Msg string }
	if err := json.Unmarshal([]byte(body), &sealed); err != nil || p.StatusCode != 200 || p.Header.Get("Cache-Control") != "no-store" {
		r.t.Fatalf("resync: %d %s, %v", p.StatusCode, body, err)
	}
	text, err := envelope.OpenPlain(passphrase, sealed.Msg)
	if err != nil {
		r.t.Fatalf("resync: %s: %v", body, err)
	}
	return sealed.Msg, string(text)
}

func TestResync(t *testing.T) {
	r := start(t, api.Strict)
	salts := map[string]bool{}
	for i, tt := range []struct {
		send uint64 // unless 0
		want uint64
	}{{0, 100}, {0, 100}, {100, 101}, {105, 106}, {105, 106}, {1000, 1001}} {
		if tt.send > 0 {
			r.post(device, message(tt.send))
		}
		msg, plain := r.next(device, passphrase, nonce)
		if want := fmt.Sprintf(`{"SEQN":%d,"nonce":"%s"}`, tt.want, nonce); plain != want {
			t.Errorf("step %d: %s, want %s", i+1, plain, want)
		}
		if salt := msg[:20]; salts[salt] {
			t.Errorf("step %d: a salt comes again", i+1)
		} else {
			salts[salt] = true
		}
		// It is no reading, though its number would be accepted.
		if got := r.post(device, `{"msg":"`+msg+`"}`); got != rejected {
			t.Errorf("step %d: posted as a reading: %s", i+1, got)
		}
	}
	if got := r.ask("PUT", "/devices/last", `{"passphrase":"k","next":9007199254740990}`); !strings.HasPrefix(got, "201 ") {
		t.Fatal(got)
	}
	if got := r.post("last", seal("k", `{"data":1,"SEQN":9007199254740990}`)); got != accepted {
		t.Error(got)
	}
	if _, plain := r.next("last", "k", nonce); !strings.Contains(plain, `"SEQN":9007199254740991,`) {
		t.Errorf("after the last number: %s", plain)
	}
	metrics := r.ask("GET", "/metrics", "")
	if want := "\nespalier_resyncs_total{outcome=\"answered\"} 7\n"; !strings.Contains(metrics, want) {
		t.Errorf("metrics lack %s:\n%s", want, metrics)
	}
}

func TestResyncRefuses(t *testing.T) {
	for replies, want := range map[api.Replies]string{api.Strict: rejected, api.Original: "500 " + notOKBody} {
		r := start(t, replies)
		before := r.ask("GET", "/devices/"+device, "")
		for _, path := range []string{
			"nobody?nonce=" + nonce, "12fa?nonce=" + nonce, "%00?nonce=" + nonce,
			device, device + "?", device + "?nonce=", device + "?nonce=0123456789abcde", device + "?nonce=0123456789abcdef0",
			device + "?nonce=0123456789abcdeg", device + "?nonce=0123456789abcd%22%7d", device + "?Nonce=" + nonce,
			device + "?nonce=" + nonce + "&nonce=" + nonce, device + "?nonce=" + nonce + "&x=1", device + "?nonce=" + nonce + ";x",
			device + "?nonce=%zz", device + "?nonce=" + strings.Repeat("0", 8000),
		} {
			p, body := r.do("GET", r.data+"/sqn/"+path, "")
			if got := fmt.Sprint(p.StatusCode, " ", body); got != want {
				t.Errorf("%s, %.60s: %s, want %s", replies, path, got, want)
			}
		}
		if after := r.ask("GET", "/devices/"+device, ""); after != before {
			t.Errorf("device was %s, is %s", before, after)
		}
		for _, tt := range []struct {
			method, path string
			want         int
		}{
			{"POST", "/sqn/12FA?nonce=" + nonce, 405}, {"HEAD", "/sqn/12FA?nonce=" + nonce, 405},
			{"GET", "/sqn/", 404}, {"GET", "/sqn", 404}, {"GET", "/sqn/12FA/x", 404}, {"GET", "/SQN/12FA", 404},
		} {
			if p, _ := r.do(tt.method, r.data+tt.path, ""); p.StatusCode != tt.want {
				t.Errorf("%s %s: %d, want %d", tt.method, tt.path, p.StatusCode, tt.want)
			}
		}
	}
}
