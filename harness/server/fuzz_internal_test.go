package server

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzJournal has a server print anything. What is kept is bounded and is text,
// and a ready line comes from its first line or not at all.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"ready":true,"listen":"127.0.0.1:1","admin":"127.0.0.1:2"}` + "\nlog\n"))
	f.Add([]byte("log\n" + `{"ready":true}` + "\n"))
	f.Add(bytes.Repeat([]byte{'{'}, 2*maxLine))
	f.Add([]byte(`{"ready":1}` + "\n\xff\x00\n"))
	f.Fuzz(func(t *testing.T, said []byte) {
		j, l := &journal{}, newLife()
		j.followStdout(bytes.NewReader(said), l)
		select {
		case <-l.ready:
			if first, _, _ := bytes.Cut(said, []byte("\n")); !bytes.HasPrefix(bytes.TrimLeft(first, " \t\r"), []byte("{")) {
				t.Errorf("ready after %q", first)
			}
		default:
		}
		lines := j.all()
		if len(lines) > maxLines || len(lines) > bytes.Count(said, []byte("\n"))+1 {
			t.Errorf("%d lines", len(lines))
		}
		for _, line := range lines {
			if len(line.Text) > 3*maxLine || !utf8.ValidString(line.Text) {
				t.Errorf("kept %q", line)
			}
		}
	})
}

// FuzzAdmin has a server answer a question with anything.
func FuzzAdmin(f *testing.F) {
	f.Add(200, []byte(`{"device":"12FA","next":121,"accepted":1,"missing":0}`))
	f.Add(200, []byte(`{"next":-1}`))
	f.Add(404, []byte("{}"))
	f.Add(503, bytes.Repeat([]byte{0xff}, 1000))
	f.Fuzz(func(t *testing.T, status int, answer []byte) {
		if status < 200 || status > 599 {
			return
		}
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			w.Write(answer)
		}))
		defer h.Close()
		s, err := Start(t.Context(), Config{Mode: External, URL: h.URL, AdminURL: h.URL, Token: "x"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop(t.Context())
		_, err = s.Device(t.Context(), "12FA")
		if err != nil && !errors.Is(err, ErrAdmin) && !errors.Is(err, ErrNoDevice) && !errors.Is(err, ErrUnreachable) {
			t.Errorf("%v is of no class", err)
		}
		if err != nil && (len(err.Error()) > 4096 || strings.ContainsRune(err.Error(), '\x1b')) {
			t.Errorf("%q", err)
		}
		if _, err := s.Readings(t.Context(), "12FA", 0, 10); err != nil && !errors.Is(err, ErrAdmin) && !errors.Is(err, ErrNoDevice) && !errors.Is(err, ErrUnreachable) {
			t.Errorf("%v is of no class", err)
		}
	})
}

// FuzzParseMode reads anything as --server: a mode, or a URL that has a host.
func FuzzParseMode(f *testing.F) {
	for _, s := range []string{"", "auto", "container", "process", "http://[::1]:1880/x", "ftp://x", "http://", "http://%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		mode, u, err := ParseMode(s)
		switch {
		case err != nil && (mode != "" || u != ""):
			t.Errorf("%q, %q beside %v", mode, u, err)
		case err == nil && mode == External:
			if p, err := url.Parse(u); err != nil || p.Host == "" || u != s {
				t.Errorf("%q became %q", s, u)
			}
		case err == nil:
			if again, _, err := ParseMode(mode.String()); again != mode || err != nil {
				t.Errorf("%q became %q", s, mode)
			}
		}
	})
}
