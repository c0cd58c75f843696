package peers

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// Started starts a peer for a test and closes it when the test ends. Without
// what the peer runs on the test is reported as not run (package need). What a
// peer has printed is shown with a test that fails.
func Started(t testing.TB, kind Kind, devices ...Device) *Peer {
	t.Helper()
	for _, name := range modules[kind] {
		need.Node(t, name)
	}
	if kind == Python {
		need.Python(t, "sqlite3")
		need.Tool(t, "openssl")
	}
	p, err := Start(t.Context(), kind, Config{Devices: devices})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s says\n%s", kind, p.Log())
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}
