// Package servertest runs a server for the length of a test.
package servertest

import (
	"context"
	"testing"

	"github.com/espalier-hil/espalier/harness/server"
)

// Start starts a server, and stops it at the test's end. One that does not stop as
// it should fails the test.
func Start(t testing.TB, config server.Config) *server.Server {
	t.Helper()
	s, err := server.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil { // the test's own context has ended by now
			t.Error(err)
		}
	})
	return s
}

// Reference starts the reference server as a process of its own.
func Reference(t testing.TB) *server.Server {
	t.Helper()
	return Start(t, server.Config{Mode: server.Process})
}
