package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
)

func TestProcess(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: as(t, good)})
	if s.Mode() != server.Process || s.Why() == "" || s.Image() != "" {
		t.Errorf("mode %v, because %q, image %q", s.Mode(), s.Why(), s.Image())
	}
	if err := s.Provision(t.Context(), "a/b", "correct horse", 1<<53-2); err != nil {
		t.Fatal(err)
	}
	for _, again := range []func(context.Context) error{s.Restart, s.Kill} {
		before := s.URL()
		if err := again(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s.URL() == before {
			t.Errorf("URL is still %s; the server took a free port", before)
		}
		d, err := s.Device(t.Context(), "a/b")
		if want := (server.Device{ID: "a/b", Next: 1<<53 - 2, Accepted: 2, Missing: 1}); err != nil || d != want {
			t.Errorf("after a restart: %+v, %v", d, err)
		}
		if err := s.Alive(); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Device(t.Context(), "nobody"); !errors.Is(err, server.ErrNoDevice) {
		t.Errorf("unknown device: %v", err)
	}
	for range 2 {
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := s.Provision(t.Context(), "x", "y", 0); !errors.Is(err, server.ErrUnreachable) {
		t.Errorf("provision after Stop: %v", err)
	}
	if err := s.Restart(t.Context()); !errors.Is(err, server.ErrStart) {
		t.Errorf("Restart after Stop: %v", err)
	}
	if err := s.Alive(); err != nil {
		t.Errorf("Alive after Stop: %v", err)
	}
}

func TestReadings(t *testing.T) {
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: as(t, good)})
	for _, tt := range []struct {
		from  uint64
		limit int
		want  int
	}{
		{0, 0, readings}, // three pages
		{0, 1, 1},
		{0, 1000, 1000},
		{0, 1001, 1001},
		{readings - 1, 0, 1},
		{readings, 0, 0},
	} {
		got, err := s.Readings(t.Context(), "12FA", tt.from, tt.limit)
		if err != nil || len(got) != tt.want {
			t.Fatalf("from %d, limit %d: %d readings, %v", tt.from, tt.limit, len(got), err)
		}
		for i, r := range got {
			if n := tt.from + uint64(i); r.SEQN != n || string(r.Data) != fmt.Sprintf(`{"a" : %d}`, n) || r.Received.Nanosecond() != 9e8 {
				t.Fatalf("from %d, limit %d: number %d is %+v", tt.from, tt.limit, i, r)
			}
		}
	}
}

func TestStartFails(t *testing.T) {
	for kind, tt := range map[string]struct {
		err   error
		says  string
		after time.Duration // the caller's patience
	}{
		broken: {server.ErrStart, "disk full", time.Minute},
		mute:   {server.ErrStart, `{"ready":false}`, time.Second},
		deaf:   {server.ErrUnreachable, "connection refused", time.Minute},
		sick:   {server.ErrUnreachable, "database locked", time.Minute},
	} {
		t.Run(kind, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), tt.after)
			defer cancel()
			s, err := server.Start(ctx, server.Config{Mode: server.Process, Binary: as(t, kind)})
			if s != nil || !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "arguments: ") {
				t.Errorf("%v; want %v, %q and the log", err, tt.err, tt.says)
			}
		})
	}
	for path, want := range map[string]error{"/nonexistent": os.ErrNotExist, "/dev/null": os.ErrPermission} {
		_, err := server.Start(t.Context(), server.Config{Mode: server.Process, Binary: server.Binary{Path: path}})
		if !errors.Is(err, server.ErrStart) || !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// said returns a server's log as one text.
func said(s *server.Server) string {
	var b strings.Builder
	for _, line := range s.Log() {
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}

func TestNoSecretOnTheCommandLineOrInErrors(t *testing.T) {
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: as(t, parrot), Token: "letmein"})
	err := s.Provision(t.Context(), "12FA", "correct horse", 0)
	if !errors.Is(err, server.ErrAdmin) || strings.Contains(err.Error(), "correct") {
		t.Errorf("Provision: %v", err)
	}
	log := said(s)
	if !strings.Contains(log, "arguments: ") || strings.Contains(log, "letmein") || strings.Contains(log, "correct") {
		t.Errorf("log: %s", log)
	}
}

func TestStubbornServerIsKilled(t *testing.T) {
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: as(t, stubborn)})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func TestLogIsBounded(t *testing.T) {
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: as(t, chatty)})
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil { // so that all has been said
		t.Fatal(err)
	}
	log := s.Log()
	if len(log) != 5000 || !slices.ContainsFunc(log, func(l server.Line) bool { return l.Text == "line 19999" }) {
		t.Errorf("%d lines, the last %q", len(log), log[len(log)-1].Text)
	}
	for _, line := range log {
		if len(line.Text) > 4096 {
			t.Errorf("a line of %d bytes", len(line.Text))
		}
	}
}

func TestServerThatEndsOnItsOwn(t *testing.T) {
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: as(t, mortal)})
	if _, err := http.Post(s.URL()+"/data/12FA", "application/json", nil); err == nil {
		t.Fatal("it answered")
	}
	<-s.Ended()
	if err := s.Alive(); !errors.Is(err, server.ErrEnded) || !strings.Contains(err.Error(), "out of luck") || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("Alive: %v", err)
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Errorf("Restart: %v", err)
	}
	if err := s.Alive(); err != nil {
		t.Errorf("Alive after Restart: %v", err)
	}
}

// own starts a server as the harness does, says where, and waits to be killed.
func own() {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	config := server.Config{Mode: server.Mode(os.Args[1])}
	if config.Mode == server.Process {
		config.Binary = server.Binary{Path: exe, Args: []string{"prefix"}}
		os.Setenv(fakeVariable, good)
	}
	s, err := server.Start(context.Background(), config)
	if err != nil {
		panic(err)
	}
	json.NewEncoder(os.Stdout).Encode(s.URL())
	select {}
}

// owned starts a process that owns a server in the given mode, and returns it
// with the server's URL.
func owned(t *testing.T, mode server.Mode) (*exec.Cmd, string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, string(mode))
	cmd.Env = append(os.Environ(), fakeVariable+"="+owner)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var url string
	if err := json.NewDecoder(out).Decode(&url); err != nil {
		t.Fatal(err)
	}
	return cmd, url
}
