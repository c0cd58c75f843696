package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

const (
	accepted = "200 " + okBody
	rejected = "200 " + notOKBody
)

func TestAcceptAndReplay(t *testing.T) {
	r := start(t, api.Strict)
	first, second := message(100), message(103)
	for i, tt := range []struct{ body, want string }{
		{first, accepted},
		{first, rejected},
		{second, accepted}, // 101 and 102 are missing
		{second, rejected},
		{first, rejected},
		{message(103), rejected}, // the same number under another salt
		{message(102), rejected}, // late
		{message(104), accepted},
		{message(104 + 1<<20), accepted},
	} {
		if got := r.post(device, tt.body); got != tt.want {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.want)
		}
	}
}

// rejections are well-formed POSTs of messages that are refused, each for another
// reason. They are fine but for one thing, and number 100 is next.
func rejections() map[string]struct{ path, body string } {
	good := message(100)
	of := func(plain string) struct{ path, body string } {
		return struct{ path, body string }{device, seal(passphrase, plain)}
	}
	at := func(path, body string) struct{ path, body string } {
		return struct{ path, body string }{path, body}
	}
	return map[string]struct{ path, body string }{
		"unknown device":       at("nobody", good),
		"id in other case":     at("12fa", good),
		"foreign key":          at(device, seal("not the key", `{"data":1,"SEQN":100}`)),
		"replay":               of(`{"data":1,"SEQN":99}`),
		"gap":                  of(`{"data":1,"SEQN":9007199254740990}`),
		"SEQN a string":        of(`{"data":1,"SEQN":"100"}`),
		"no data":              of(`{"SEQN":100}`),
		"duplicate key":        of(`{"data":1,"SEQN":100,"SEQN":100}`),
		"not JSON":             of(`data=1&SEQN=100`),
		"not base64":           at(device, `{"msg":"????"}`),
		"no magic":             at(device, `{"msg":"AAAA"}`),
		"cut off":              at(device, `{"msg":"U2FsdGVkX18BAgMEBQYHCMkO"}`),
		"damaged":              at(device, strings.Replace(good, `="`, `A"`, 1)),
		"empty body":           at(device, ``),
		"body not JSON":        at(device, `msg=1`),
		"body an array":        at(device, `[`+good+`]`),
		"no msg":               at(device, `{}`),
		"msg in other case":    at(device, strings.Replace(good, "msg", "MSG", 1)),
		"msg no string":        at(device, `{"msg":null}`),
		"msg twice":            at(device, good[:len(good)-1]+`,"msg":1}`),
		"two bodies":           at(device, good+good),
		"body not UTF-8":       at(device, "{\"a\":\"\xff\","+good[1:]),
		"body nested too deep": at(device, `{"a":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+","+good[1:]),
	}
}

// All rejections look the same, headers included, and change nothing.
func TestRejectionsAreAlike(t *testing.T) {
	r := start(t, api.Strict)
	before := r.ask("GET", "/devices/"+device, "")
	var want string
	for name, c := range rejections() {
		p, body := r.do("POST", r.data+"/data/"+c.path, c.body, "Content-Type", "application/json")
		p.Header.Del("Date")
		got := fmt.Sprint(p.StatusCode, p.Header, body)
		if want == "" {
			want = got
		}
		if got != want || p.StatusCode != 200 || body != notOKBody {
			t.Errorf("%s: %s, others %s", name, got, want)
		}
	}
	if after := r.ask("GET", "/devices/"+device, ""); after != before {
		t.Errorf("device was %s, is %s", before, after)
	}
	if got := r.ask("GET", "/devices/nobody", ""); !strings.HasPrefix(got, "404 ") {
		t.Errorf("unknown device: %s", got)
	}
	if got := r.post(device, message(100)); got != accepted {
		t.Errorf("the next good message: %s", got)
	}
}

func TestBodyIsReadTolerantly(t *testing.T) {
	r := start(t, api.Strict)
	n := uint64(99)
	next := func() string { n++; return message(n) }
	for _, contentType := range []string{
		"application/json", "application/json; charset=utf-8", "Application/JSON", "application/json ; charset=\"utf-8\"",
	} {
		if p, body := r.do("POST", r.data+"/data/"+device, next(), "Content-Type", contentType); p.StatusCode != 200 || body != okBody {
			t.Errorf("%s: %d %s", contentType, p.StatusCode, body)
		}
	}
	for _, body := range []string{
		" \r\n" + next() + "\n",
		`{"from":{"msg":1},` + next()[1:],
		strings.Replace(next(), "msg", `\u006dsg`, 1),
		strings.ReplaceAll(next(), "/", `\/`),
		strings.Repeat(" ", api.MaxBody-len(message(100))) + next(), // just not too large
	} {
		if got := r.post(device, body); got != accepted {
			t.Errorf("%.40s: %s", body, got)
		}
	}
	if got := r.post("12%46A", next()); got != accepted {
		t.Errorf("id with an escape: %s", got)
	}
	if got := r.post(device+"?a=b", next()); got != accepted {
		t.Errorf("query: %s", got)
	}
}

func TestHTTPViolations(t *testing.T) {
	r := start(t, api.Strict)
	jsonType := []string{"Content-Type", "application/json"}
	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
		want                     int
	}{
		{"GET", "GET", "/data/12FA", "", jsonType, 405},
		{"PUT", "PUT", "/data/12FA", message(100), jsonType, 405},
		{"OPTIONS", "OPTIONS", "/data/12FA", "", jsonType, 405},
		{"odd method", "FLY", "/data/12FA", message(100), jsonType, 405},
		{"no path", "POST", "", message(100), jsonType, 404},
		{"no id", "POST", "/data/", message(100), jsonType, 404},
		{"no slash", "POST", "/data", message(100), jsonType, 404},
		{"two ids", "POST", "/data/12FA/12FA", message(100), jsonType, 404},
		{"slash at the end", "POST", "/data/12FA/", message(100), jsonType, 404},
		{"slashes at the front", "POST", "//data/12FA", message(100), jsonType, 404},
		{"slashes between", "POST", "/data//12FA", message(100), jsonType, 404},
		{"way round", "POST", "/x/../data/12FA", message(100), jsonType, 404},
		{"other case", "POST", "/Data/12FA", message(100), jsonType, 404},
		{"admin path", "GET", "/devices/12FA", "", jsonType, 404},
		{"metrics", "GET", "/metrics", "", jsonType, 404},
		{"no type", "POST", "/data/12FA", message(100), nil, 415},
		{"form", "POST", "/data/12FA", message(100), []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"text", "POST", "/data/12FA", message(100), []string{"Content-Type", "text/plain"}, 415},
		{"no type but a parameter", "POST", "/data/12FA", message(100), []string{"Content-Type", ";charset=utf-8"}, 415},
		{"longer type", "POST", "/data/12FA", message(100), []string{"Content-Type", "application/jsonp"}, 415},
		{"compressed", "POST", "/data/12FA", message(100), append(jsonType, "Content-Encoding", "gzip"), 415},
		{"too large", "POST", "/data/12FA", strings.Repeat(" ", api.MaxBody) + message(100), jsonType, 413},
	} {
		p, body := r.do(tt.method, r.data+tt.path, tt.body, tt.header...)
		if p.StatusCode != tt.want || body != notOKBody {
			t.Errorf("%s: %d %s, want %d", tt.name, p.StatusCode, body, tt.want)
		}
		if allow := p.Header.Get("Allow"); (tt.want == 405) != (allow == "POST") {
			t.Errorf("%s: Allow %q", tt.name, allow)
		}
	}
	if got := r.post(device, message(100)); got != accepted {
		t.Errorf("the next good message: %s", got)
	}
}

// A hostile id is an unknown device like any other: no redirect, no other path,
// no SQL.
func TestHostileIDs(t *testing.T) {
	r := start(t, api.Strict)
	for _, id := range []string{
		".", "..", "...", "../12FA", "..\\12FA", "/", "//", "/12FA", "12FA/", "12FA/..", "a//b", "./12FA",
		"' OR '1'='1", `"; DROP TABLE device; --`, "12FA'--", "12FA\x00", "\x00", "\r\nX: y", "%", "%2e%2e", "%00",
		"\xff\xfe", "é", "\u202e", strings.Repeat("A", 4096), strings.Repeat("../", 1000), "<script>", "{{.}}", "?", "#", " ",
	} {
		for _, path := range []string{url.PathEscape(id), encodeAll(id)} {
			if got := r.post(path, message(100)); got != rejected {
				t.Errorf("%.60q as %.60s: %s", id, path, got)
			}
		}
	}
	if got := r.post(device, message(100)); got != accepted {
		t.Errorf("the next good message: %s", got)
	}
}

// encodeAll escapes every byte.
func encodeAll(id string) string {
	var s strings.Builder
	for _, c := range []byte(id) {
		fmt.Fprintf(&s, "%%%02X", c)
	}
	return s.String()
}

func TestCopiesAtOnce(t *testing.T) {
	r := start(t, api.Strict)
	var yes, no atomic.Int32
	var all sync.WaitGroup
	gate := make(chan struct{})
	body := message(100)
	for range 32 {
		all.Go(func() {
			<-gate
			p, err := http.Post(r.data+"/data/"+device, "application/json", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			defer p.Body.Close()
			if p.ContentLength == int64(len(okBody)) {
				yes.Add(1)
			} else if p.ContentLength == int64(len(notOKBody)) {
				no.Add(1)
			}
		})
	}
	close(gate)
	all.Wait()
	if yes.Load() != 1 || no.Load() != 31 {
		t.Errorf("%d OK, %d NOT OK", yes.Load(), no.Load())
	}
}

// The table of what the original backend answers.
func TestOriginalReplies(t *testing.T) {
	r := start(t, api.Original)
	for i, tt := range []struct{ path, body, want string }{
		{device, message(121), "200 " + okBody},
		{device, message(121), "200 " + notOKBody},
		{"nobody", message(122), "500 " + notOKBody},
		{device, `{"msg":"AAAA"}`, "500 " + notOKBody},
		{device, `{}`, "500 " + notOKBody},
		{device, `{"msg":"` + envelope.Seal(passphrase, [8]byte{}, []byte("no JSON")) + `"}`, `200 {"status":"Internal Error"}`},
		{device, seal(passphrase, `{"data":1,"SEQN":"122"}`), "200 " + notOKBody},
		{device, message(122), "200 " + okBody},
	} {
		if got := r.post(tt.path, tt.body); got != tt.want {
			t.Errorf("step %d: %s, want %s", i+1, got, tt.want)
		}
	}
	var other api.Replies
	if err := other.Set("lenient"); err == nil {
		t.Error("there is another kind of replies")
	}
}
