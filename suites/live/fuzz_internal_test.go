package live

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// FuzzNext reads anything as what a backend answers: an answer, or why it is
// none; and nothing is accepted that does not say so.
func FuzzNext(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"))
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{\"Status\":\"OK\"}"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{\"status\":\"NOT "))
	f.Add([]byte("SSH-2.0-x\r\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, p []byte) {
		a := next(bufio.NewReader(bytes.NewReader(p)), "POST")
		if a.err != nil && a.accepted || len(a.body) > maxAnswer {
			t.Fatalf("%q: %+v", p, a)
		}
		if a.accepted && (a.status != 200 || !bytes.Contains(p, []byte("OK")) && !bytes.Contains(p, []byte(`\u00`))) {
			t.Errorf("%q is accepted", p)
		}
		_ = a.String() + a.leaks(message{secret: "s"})
	})
}

// FuzzFill fills anything as a template, which comes out whole or as an error.
func FuzzFill(f *testing.F) {
	suite, err := vectors.All()
	if err != nil {
		f.Fatal(err)
	}
	for _, t := range vectors.Of[*vectors.HTTPTest](suite) {
		for _, r := range t.Requests {
			f.Add(r.Text)
		}
	}
	f.Add("${CHUNKED:1}${CHUNKED:1}")
	f.Add("${REPEAT:99999999999:x}")
	fill := filler{host: "127.0.0.1:1", base: "/data", device: "12FA", nobody: "x", msg: [2]string{"AAAA", "BBBB"}}
	f.Fuzz(func(t *testing.T, template string) {
		done, err := fill.fill(template)
		if err != nil {
			return
		}
		var out strings.Builder
		for _, p := range done.pieces {
			out.Write(p.bytes)
		}
		if !strings.Contains(template, "${") && out.String() != template && !strings.Contains(template, "\xff\xfe") {
			t.Errorf("%q became %q", template, out.String())
		}
	})
}
