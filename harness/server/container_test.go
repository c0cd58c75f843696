package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
)

// containers returns the ids of the containers that the process owns.
func containers(t *testing.T, pid int) []string {
	t.Helper()
	out, err := exec.Command("docker", "ps", "-aq", "--filter", fmt.Sprintf("label=%s=%d", server.LabelPID, pid)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

func TestContainer(t *testing.T) {
	need.Docker(t)
	s := servertest.Start(t, server.Config{Token: "letmein"}) // Auto, with the program built from the checkout
	if s.Mode() != server.Container || !strings.Contains(s.Why(), "Docker engine") || !strings.HasPrefix(s.Image(), "sha256:") {
		t.Fatalf("mode %v, because %q, image %q", s.Mode(), s.Why(), s.Image())
	}
	const device = "a/b ü"
	if err := s.Provision(t.Context(), device, "correct horse", 1<<53-3); err != nil {
		t.Fatal(err)
	}
	for _, again := range []func(context.Context) error{s.Restart, s.Kill, s.Kill} {
		if err := again(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d, err := s.Device(t.Context(), device); err != nil || d.ID != device || d.Next != 1<<53-3 {
			t.Errorf("after a restart: %+v, %v", d, err)
		}
		resp, err := http.Post(s.URL()+"/data/x", "application/json", strings.NewReader(`{"msg":""}`))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(body) != `{"status":"NOT OK"}` {
			t.Errorf("posted nonsense, got %q", body)
		}
	}
	if readings, err := s.Readings(t.Context(), device, 0, 0); err != nil || len(readings) != 0 {
		t.Errorf("readings: %v, %v", readings, err)
	}

	ids := containers(t, os.Getpid())
	if len(ids) != 1 {
		t.Fatalf("containers of this process: %v, want one", ids)
	}
	out, err := exec.Command("docker", "inspect", "--format", "{{.Path}} {{.Args}} {{range .HostConfig.PortBindings}}{{.}}{{end}}", ids[0]).Output()
	if err != nil {
		t.Fatal(err)
	}
	if said := string(out); strings.Contains(said, "letmein") || strings.Contains(said, "correct") || !strings.Contains(said, "--db /data/") {
		t.Errorf("command line and ports: %s", said)
	}
	log := said(s)
	if strings.Count(log, `{"ready":true`) != 4 || strings.Contains(log, "correct") || strings.Contains(log, "letmein") {
		t.Errorf("log of four lives: %s", log)
	}

	if err := s.Alive(); err != nil {
		t.Error(err)
	}
	if out, err := exec.Command("docker", "kill", ids[0]).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	<-s.Ended()
	if err := s.Alive(); !errors.Is(err, server.ErrEnded) || !strings.Contains(err.Error(), "137") {
		t.Errorf("after docker kill: %v", err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if ids := containers(t, os.Getpid()); len(ids) != 0 {
		t.Errorf("containers left: %v", ids)
	}
}

func TestContainerIsStoppedThoughTheCallerHasGone(t *testing.T) {
	need.Docker(t)
	s := servertest.Start(t, server.Config{Mode: server.Container})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(ctx); err != nil {
		t.Error(err)
	}
	if ids := containers(t, os.Getpid()); len(ids) != 0 {
		t.Errorf("containers left: %v", ids)
	}
}

func TestContainerThatDoesNotStart(t *testing.T) {
	need.Docker(t)
	s, err := server.Start(t.Context(), server.Config{Mode: server.Container, Args: []string{"--nonsense"}})
	if s != nil || !errors.Is(err, server.ErrStart) || !strings.Contains(err.Error(), "nonsense") || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("wrong argument: %v", err)
	}
	if ids := containers(t, os.Getpid()); len(ids) != 0 {
		t.Errorf("containers left: %v", ids)
	}
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Start(t.Context(), server.Config{Mode: server.Container, Binary: server.Binary{Path: script}}); !errors.Is(err, server.ErrDocker) || !strings.Contains(err.Error(), "static") {
		t.Errorf("a script: %v", err)
	}
}

func TestContainerOfADeadOwnerIsRemoved(t *testing.T) {
	need.Docker(t)
	dead, _ := owned(t, server.Container)
	dead.Process.Kill()
	dead.Wait()
	if ids := containers(t, dead.Process.Pid); len(ids) != 1 {
		t.Fatalf("containers of the dead owner: %v, want one", ids)
	}
	alive, _ := owned(t, server.Container)
	if ids := containers(t, dead.Process.Pid); len(ids) != 0 {
		t.Errorf("containers of the dead owner: %v", ids)
	}
	s := servertest.Start(t, server.Config{Mode: server.Container})
	if ids := containers(t, alive.Process.Pid); len(ids) != 1 {
		t.Errorf("containers of a living owner: %v, want one", ids)
	}
	alive.Process.Kill()
	alive.Wait()
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	servertest.Start(t, server.Config{Mode: server.Container}) // sweeps up after this very test
}

func TestOrphaned(t *testing.T) {
	ours := server.Owner()
	edit := func(label, value string) map[string]string {
		labels := maps.Clone(ours)
		labels[label] = value
		return labels
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		labels map[string]string
		want   bool
	}{
		"ours":                  {ours, false},
		"of a dead process":     {edit(server.LabelPID, fmt.Sprint(gone.Process.Pid)), true},
		"of an earlier process": {edit(server.LabelStart, "1@boot"), true},
		"of another machine":    {edit(server.LabelHost, "elsewhere"), false},
		"without a pid":         {edit(server.LabelPID, ""), false},
		"of all processes":      {edit(server.LabelPID, "-1"), false},
		"not a server's":        {nil, false},
	} {
		if got := server.Orphaned(tt.labels); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if runtime.GOOS == "linux" && ours[server.LabelStart] == "" {
		t.Error("/proc does not say when this process started")
	}
}

func TestDockerfileIsThatOfTheReferenceServer(t *testing.T) {
	want, err := os.ReadFile("../../reference-server/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if string(server.Dockerfile) != string(want) {
		t.Error("harness/server/Dockerfile differs from reference-server/Dockerfile; copy it over")
	}
}

func TestBuildContextDependsOnTheProgramOnly(t *testing.T) {
	program := filepath.Join(t.TempDir(), "server")
	write := func(text string) (digest string) {
		if err := os.WriteFile(program, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		_, digest, err := server.BuildContext(program)
		if err != nil {
			t.Fatal(err)
		}
		return digest
	}
	if a, b := write("one"), write("one"); a != b {
		t.Errorf("digests %s and %s of the same program", a, b)
	}
	if a, b := write("one"), write("two"); a == b {
		t.Errorf("digest %s of two programs", a)
	}
	if _, _, err := server.BuildContext("/nonexistent"); !errors.Is(err, server.ErrBinary) {
		t.Errorf("no program: %v", err)
	}
}
