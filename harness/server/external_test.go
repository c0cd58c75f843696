package server_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
)

func TestParseMode(t *testing.T) {
	for text, want := range map[string]server.Mode{
		"":                         server.Auto,
		"auto":                     server.Auto,
		"container":                server.Container,
		"process":                  server.Process,
		"http://192.168.1.5:1880":  server.External,
		"https://example.org/base": server.External,
	} {
		mode, url, err := server.ParseMode(text)
		if err != nil || mode != want || (url == text) != (want == server.External || text == "") {
			t.Errorf("%q: %v, %q, %v", text, mode, url, err)
		}
	}
	for _, text := range []string{"docker", "Container", "external", "192.168.1.5:1880", "ftp://x", "http://", "http://[::1"} {
		if mode, url, err := server.ParseMode(text); err == nil {
			t.Errorf("%q: %v, %q", text, mode, url)
		}
	}
}

func TestExternal(t *testing.T) {
	data := httptest.NewServer(http.NotFoundHandler()) // knows no /healthz, as the original backend
	defer data.Close()
	s := servertest.Start(t, server.Config{Mode: server.External, URL: data.URL + "/"})
	if s.Mode() != server.External || s.URL() != data.URL || s.Alive() != nil || s.Ended() != nil || len(s.Log()) != 0 {
		t.Errorf("%v at %s, alive %v", s.Mode(), s.URL(), s.Alive())
	}
	if err := s.Restart(t.Context()); !errors.Is(err, server.ErrExternal) {
		t.Errorf("Restart: %v", err)
	}
	if err := s.Kill(t.Context()); !errors.Is(err, server.ErrExternal) {
		t.Errorf("Kill: %v", err)
	}
	if err := s.Provision(t.Context(), "12FA", "correct horse", 0); !errors.Is(err, server.ErrExternal) || !errors.Is(err, server.ErrAdmin) {
		t.Errorf("Provision without an admin API: %v", err)
	}
}

func TestExternalAdmin(t *testing.T) {
	admin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer letmein":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodPut:
			w.WriteHeader(http.StatusCreated)
		default:
			w.Write([]byte(`{"device":`))
		}
	}))
	defer admin.Close()
	s := servertest.Start(t, server.Config{URL: admin.URL, AdminURL: admin.URL, Token: "letmein"}) // Auto takes a URL too
	if err := s.Provision(t.Context(), "12FA", "correct horse", 0); err != nil {
		t.Errorf("Provision: %v", err)
	}
	if _, err := s.Device(t.Context(), "12FA"); !errors.Is(err, server.ErrAdmin) {
		t.Errorf("an answer that breaks off: %v", err)
	}
	s = servertest.Start(t, server.Config{URL: admin.URL, AdminURL: admin.URL, Token: "guess"})
	if err := s.Provision(t.Context(), "12FA", "correct horse", 0); !errors.Is(err, server.ErrAdmin) {
		t.Errorf("Provision with a wrong token: %v", err)
	}
}

func TestExternalThatDoesNotAnswer(t *testing.T) {
	for _, config := range []server.Config{
		{Mode: server.External},
		{Mode: server.External, URL: "192.168.1.5:1880"},
		{Mode: server.External, URL: "http://127.0.0.1:1"},
		{URL: "http://127.0.0.1:1"},
	} {
		if s, err := server.Start(t.Context(), config); s != nil || !errors.Is(err, server.ErrUnreachable) {
			t.Errorf("%+v: %v", config, err)
		}
	}
	up := httptest.NewServer(http.NotFoundHandler())
	defer up.Close()
	if _, err := server.Start(t.Context(), server.Config{URL: up.URL, AdminURL: "http://127.0.0.1:1"}); !errors.Is(err, server.ErrUnreachable) {
		t.Errorf("silent admin API: %v", err)
	}
}
