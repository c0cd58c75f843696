package server_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
)

func TestWithoutDocker(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nonexistent.sock")
	binary := as(t, good)
	s := servertest.Start(t, server.Config{Binary: binary})
	if s.Mode() != server.Process || !strings.Contains(s.Why(), "unix:///nonexistent.sock") {
		t.Errorf("auto is %v, because %q", s.Mode(), s.Why())
	}
	if s, err := server.Start(t.Context(), server.Config{Mode: server.Container, Binary: binary}); s != nil || !errors.Is(err, server.ErrDocker) {
		t.Errorf("container: %v", err)
	}
}

func TestEngineThatHangs(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // accepts, as the kernel does it, and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	t.Setenv("DOCKER_HOST", "tcp://"+ln.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := server.Start(ctx, server.Config{Binary: as(t, good)}); !errors.Is(err, server.ErrDocker) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("auto, with the caller's patience gone: %v", err)
	}
}

func TestUnknownMode(t *testing.T) {
	if s, err := server.Start(t.Context(), server.Config{Mode: "vm"}); s != nil || err == nil {
		t.Errorf("%v, %v", s, err)
	}
}
