package wire_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/wire"
)

func TestRequestsGoOnAsTheyCame(t *testing.T) {
	for name, request := range map[string]string{
		"as firmware writes": post,
		"odd case and order": "POST /data/a%2Fb?x=%00 HTTP/1.1\r\nCONTENT-length:  2\r\nhOsT:y\r\n\r\n{}",
		"chunked":            "POST /data/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\n{\"msg\r\n007\r\n\":\"abc\"\r\n1\r\n}\r\n0\r\n\r\n",
		"HTTP/1.0":           "POST /data/1 HTTP/1.0\r\nContent-Length: 2\r\n\r\n[]",
		"bare line feeds":    "POST /data/1 HTTP/1.1\nHost: x\nContent-Length: 1\n\n0",
		"binary body":        "POST /data/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\x00\xff\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, says(ok))
			r := listen(t, func() string { return b.URL })
			talk(t, r, request)
			if got := b.requests(); len(got) != 1 || got[0] != request {
				t.Errorf("the backend got %q", got)
			}
			if ex := r.Exchanges(); len(ex) != 1 || string(ex[0].Request) != request || ex[0].Err != nil {
				t.Errorf("on record: %+v", ex)
			}
		})
	}
}

func TestKeptAliveAndPipelined(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	second := strings.Replace(post, "U2Fs", "AAAA", 1)
	if got := talk(t, r, post+second); got != ok+ok {
		t.Errorf("device got %q", got)
	}
	ex := r.Exchanges()
	if len(ex) != 2 || string(ex[0].Request) != post || string(ex[1].Request) != second || ex[0].Msg != "U2Fs" || ex[1].Msg != "AAAA" {
		t.Errorf("on record: %+v", ex)
	}
}

func TestRepliesGoOnAsTheyCame(t *testing.T) {
	huge := strings.Repeat("x", wire.MaxReply)
	for name, tt := range map[string]struct {
		reply  string
		status int
		body   string
		err    error
	}{
		"with a length":     {ok, 200, `{"status":"OK"}`, nil},
		"chunked":           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", 200, "{}", nil},
		"until closed":      {"HTTP/1.0 500 Oh\r\n\r\nno", 500, "no", nil},
		"interim first":     {"HTTP/1.1 100 Continue\r\n\r\n" + ok, 200, `{"status":"OK"}`, nil},
		"more than it says": {ok + "trailing", 200, `{"status":"OK"}`, nil},
		"nothing":           {"", 0, "", wire.ErrUpstream},
		"broken off":        {ok[:len(ok)-1], 200, "", wire.ErrUpstream},
		"half a head":       {"HTTP/1.1 200 OK\r\nCont", 0, "", wire.ErrMalformed},
		"not HTTP":          {"\x16\x03\x01 \x00\x00", 0, "", wire.ErrMalformed},
		"huge":              {"HTTP/1.0 200 OK\r\n\r\n" + huge, 200, huge[:wire.MaxReply-19], nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, says(tt.reply))
			r := listen(t, func() string { return b.URL })
			if got := talk(t, r, post); got != tt.reply {
				t.Errorf("device got %d bytes %.80q", len(got), got)
			}
			all, err := r.WaitFor(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			ex := all[0]
			if ex.Status != tt.status || string(ex.ReplyBody()) != tt.body || !errors.Is(ex.Err, tt.err) {
				t.Errorf("status %d, body %.80q, error %v", ex.Status, ex.ReplyBody(), ex.Err)
			}
			if ex.Truncated != (len(tt.reply) > wire.MaxReply) || !strings.HasPrefix(tt.reply, string(ex.Reply)) {
				t.Errorf("%d bytes on record, truncated %v", len(ex.Reply), ex.Truncated)
			}
		})
	}
}

func TestSlowReplyGoesOnInPieces(t *testing.T) {
	heard := make(chan struct{})
	b := newBackend(t, func(c net.Conn) {
		io.WriteString(c, ok[:20])
		<-heard // the second half waits until the device has the first
		io.WriteString(c, ok[20:])
	})
	r := listen(t, func() string { return b.URL })
	conn := dial(t, r)
	io.WriteString(conn, post)
	buf := make([]byte, 20)
	if _, err := io.ReadFull(conn, buf); err != nil || string(buf) != ok[:20] {
		t.Fatalf("first half: %q, %v", buf, err)
	}
	if n := len(r.Exchanges()); n != 0 {
		t.Errorf("%d exchanges on record before the reply is whole", n)
	}
	close(heard)
	buf = make([]byte, len(ok)-20)
	if _, err := io.ReadFull(conn, buf); err != nil || string(buf) != ok[20:] {
		t.Fatalf("second half: %q, %v", buf, err)
	}
}

func TestReplyIsReadThoughTheDeviceLeft(t *testing.T) {
	gone := make(chan struct{})
	b := newBackend(t, func(c net.Conn) {
		<-gone
		io.WriteString(c, ok)
	})
	r := listen(t, func() string { return b.URL })
	conn := dial(t, r)
	io.WriteString(conn, post)
	conn.Close()
	close(gone)
	if all, err := r.WaitFor(t.Context(), 1); err != nil || string(all[0].Reply) != ok {
		t.Errorf("on record: %+v, %v", all, err)
	}
}

func TestHostileRequests(t *testing.T) {
	long := strings.Repeat("a", wire.MaxRequest)
	for name, tt := range map[string]struct {
		request string
		status  int
		err     error
	}{
		"not HTTP":        {"\x16\x03\x01\x02\x00\x01\x00", 400, wire.ErrMalformed},
		"half a head":     {"POST /data/1 HTT", 400, wire.ErrMalformed},
		"half a body":     {post[:len(post)-1], 400, wire.ErrMalformed},
		"negative length": {strings.Replace(post, ": 14", ": -1", 1), 400, wire.ErrMalformed},
		"bad chunk":       {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400, wire.ErrMalformed},
		"long head":       {"GET /" + long, 413, wire.ErrTooLong},
		"long body":       {strings.Replace(post, ": 14", ": 99999999", 1) + long, 413, wire.ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, says(ok))
			r := listen(t, func() string { return b.URL })
			conn := dial(t, r)
			go func() {
				io.WriteString(conn, tt.request)
				conn.CloseWrite()
			}()
			all, err := r.WaitFor(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			ex := all[0]
			if ex.Status != tt.status || !errors.Is(ex.Err, tt.err) || !strings.HasPrefix(tt.request, string(ex.Request)) || len(ex.Request) > wire.MaxRequest {
				t.Errorf("%d bytes of request on record, status %d, error %v", len(ex.Request), ex.Status, ex.Err)
			}
			if got := b.requests(); len(got) != 0 {
				t.Errorf("the backend got %.80q", got)
			}
		})
	}
}

func TestExpectContinue(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	conn := dial(t, r)
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
	interim := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
	if _, err := io.ReadFull(conn, interim); err != nil {
		t.Fatalf("%q, %v", interim, err)
	}
	io.WriteString(conn, "{}")
	if reply, err := io.ReadAll(conn); err != nil || string(reply) != ok {
		t.Errorf("%q, %v", reply, err)
	}
}

func TestEnvelopeOnRecord(t *testing.T) {
	for body, want := range map[string]string{
		`{"msg":"U2Fs+/=="}`:           "U2Fs+/==",
		`{"x":1,"msg":"a\u002fb"}`:     "a/b",
		`{"MSG":"a"}`:                  "", // keys match exactly
		`{"msg":1}`:                    "",
		`{"msg":null}`:                 "",
		`["msg"]`:                      "",
		``:                             "",
		"\xff\x00":                     "",
		strings.Repeat(`[`, 100_000):   "",
		`{"msg":"a"} {"msg":"b"}`:      "",
		`{"msg":"` + "\u00fc" + `"}\n`: "",
	} {
		b := newBackend(t, says(ok))
		r := listen(t, func() string { return b.URL })
		talk(t, r, fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		if ex := r.Exchanges(); len(ex) != 1 || ex[0].Msg != want {
			t.Errorf("%.40q: on record %+v, want %q", body, ex, want)
		}
	}
}
