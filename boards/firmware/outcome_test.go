package firmware_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// What becomes of an attempt, if it is not answered.
const (
	refuses = "refused" // nobody listens
	loses   = "timeout" // the request is gone, and no reply comes
)

func says(status int, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

var (
	accepts = says(200, `{"status":"OK"}`)
	rejects = says(200, `{"status":"NOT OK"}`)
)

// deliveries are the outcomes of a send, by what comes of each attempt.
var deliveries = []delivery{
	{"accepted", "accepted", 200, []string{accepts}},
	{"refused", "refused", 200, []string{rejects}},
	{"error page", "refused", 502, []string{says(502, "<h1>Bad gateway</h1>")}},
	{"OK under another status", "refused", 201, []string{says(201, `{"status":"OK"}`)}},
	{"not quite OK", "refused", 200, []string{says(200, `{"status":"OK "}`)}},
	{"OK in small letters", "refused", 200, []string{says(200, `{"status":"ok"}`)}},
	{"chunks", "accepted", 200, []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"status\r\n7\r\n\":\"OK\"}\r\n0\r\n\r\n"}},
	{"until the end", "accepted", 200, []string{"HTTP/1.0 200 OK\r\n\r\n{\"status\":\"OK\"}"}},
	{"no listener, then OK", "accepted", 200, []string{refuses, accepts}},
	{"no listener, then refused", "refused", 200, []string{refuses, refuses, rejects}},
	{"lost, then OK", "accepted", 200, []string{loses, accepts}},
	{"lost, then refused", "presumed", 200, []string{loses, rejects}},
	{"cut off, then refused", "presumed", 200, []string{accepts[:len(accepts)-1], rejects}},
	{"not HTTP, then refused", "presumed", 200, []string{"hello there\r\n\r\n", rejects}},
	{"lost thrice, then refused", "presumed", 200, []string{loses, refuses, loses, rejects}},
	{"nobody there", "unknown", 0, []string{refuses, refuses, refuses, refuses}},
	{"all lost", "unknown", 0, []string{loses, loses, loses, loses}},
}

type delivery struct {
	name, outcome string
	http          int
	replies       []string // of each attempt
}

// judge looks at an answer, and at the bodies that arrived.
func (c delivery) judge(t *testing.T, answer record, sent []string) {
	t.Helper()
	if answer.Outcome != c.outcome || answer.Attempts != len(c.replies) || string(answer.HTTP) != fmt.Sprint(c.http) {
		t.Errorf("%+v, want %s with status %d after %d attempts", answer, c.outcome, c.http, len(c.replies))
	}
	arrived := 0
	for _, reply := range c.replies {
		if reply != refuses {
			arrived++
		}
	}
	if len(sent) != arrived {
		t.Fatalf("%d requests arrived, want %d", len(sent), arrived)
	}
	for _, body := range sent {
		var message struct{ Msg string }
		if err := json.Unmarshal([]byte(body), &message); err != nil || sum([]byte(message.Msg)) != answer.MD5 || body != sent[0] {
			t.Errorf("sent %q (%v), then %q; want the same bytes with MD5 %s", sent[0], err, body, answer.MD5)
		}
	}
}

// carried has the host carry one request of the device, of which it returns the
// body.
func (d *device) carried(n int, reply string) string {
	d.t.Helper()
	var request struct {
		N             int
		Host, Request string
		Port          int
	}
	if err := json.Unmarshal(d.next().HTTP, &request); err != nil || request.N != n || request.Host != "10.0.0.1" || request.Port != 80 {
		d.t.Fatalf("%+v, %v", request, err)
	}
	raw, err := hex.DecodeString(request.Request)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		d.t.Fatalf("%q: %v", raw, err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != "POST" || r.RequestURI != "/data/1" || r.Host != "10.0.0.1:80" || r.ContentLength != int64(len(body)) {
		d.t.Fatalf("%q: %v", raw, err)
	}
	if reply != refuses && reply != loses {
		reply = hex.EncodeToString([]byte(reply))
	}
	d.tell("reply %s", reply)
	return string(body)
}

func onSerial(t *testing.T) *device {
	t.Helper()
	d, _ := ref(t)
	d.provision("1", "p", 1)
	d.do("link serial")
	d.do("server 10.0.0.1 80")
	return d
}

func TestOutcomesOverSerial(t *testing.T) {
	for _, c := range deliveries {
		t.Run(c.name, func(t *testing.T) {
			d := onSerial(t)
			d.tell("send 31")
			id := d.id
			var sent []string
			for i, reply := range c.replies {
				if body := d.carried(i+1, reply); reply != refuses {
					sent = append(sent, body)
				}
			}
			answer := d.next()
			if answer.ID != id {
				t.Fatalf("%+v instead of the answer to %d", answer, id)
			}
			c.judge(t, answer, sent)
		})
	}
}

// While a send waits for its reply line, nothing else is done.
func TestBusy(t *testing.T) {
	d := onSerial(t)
	d.tell("send 31")
	send := d.id
	if d.next().HTTP == nil {
		t.Fatal("no request")
	}
	for _, c := range []struct{ line, code string }{
		{"seqn", "busy"}, {"send 32", "busy"}, {"reset", "busy"}, {"", "busy"},
		{"reply", "bad-args"}, {"reply xyz", "bad-args"}, {"reply 4f4", "bad-args"}, {"reply refused x", "bad-args"},
		{"reply " + strings.Repeat("00", 2048), "too-long"},
	} {
		if got := d.ask("%s", c.line); got.Error != c.code {
			t.Errorf("%s: %+v, want %s", c.line, got, c.code)
		}
	}
	d.tell("reply timeout 7") // another one is meant
	d.tell("reply %x", rejects)
	if got := d.next(); got.ID != send || got.Outcome != "refused" {
		t.Errorf("%+v, want the answer to %d", got, send)
	}
	d.tell("reply timeout") // nobody waits for it any more
	if got := d.do("seqn").Next; got != 2 {
		t.Errorf("next is %d, want 2", got)
	}
}

// A power cut in the middle of a send costs its number, and never repeats it.
func TestCutInSend(t *testing.T) {
	d := onSerial(t)
	for want := range uint64(5) {
		d.tell("send 31")
		d.next()
		d.board.PowerCycle()
		if h := d.greeting(); h.Boots != 1 || *h.Next < want+2 || *h.Next > want+2+want {
			t.Errorf("after cut %d: %+v, next %d", want, h, *h.Next)
		}
		d.do("link serial")
		d.do("server 10.0.0.1 80")
	}
}
