package servertest_test

import (
	"net/http"
	"runtime"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
)

// The server is there for the length of the test, and no longer.
func TestReference(t *testing.T) {
	var url string
	t.Run("a test", func(t *testing.T) {
		s := servertest.Reference(t)
		if err := s.Provision(t.Context(), "12FA", "correct horse", 7); err != nil {
			t.Error(err)
		}
		url = s.URL()
	})
	if resp, err := http.Get(url); err == nil {
		resp.Body.Close()
		t.Errorf("%s still answers: %s", url, resp.Status)
	}
}

// witness is a test that notes that it failed.
type witness struct {
	testing.TB
	failed bool
}

func (w *witness) Helper() {}
func (w *witness) Fatal(...any) {
	w.failed = true
	runtime.Goexit()
}

func TestNoServer(t *testing.T) {
	w := &witness{TB: t}
	var over sync.WaitGroup
	over.Go(func() {
		servertest.Start(w, server.Config{Mode: server.Process, Binary: server.Binary{Path: "testdata/none"}})
	})
	over.Wait()
	if !w.failed {
		t.Error("a test goes on without a server")
	}
}
