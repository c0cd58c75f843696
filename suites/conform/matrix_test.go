package conform_test

import (
	"os"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/matrix"
)

// table is where the rows stand; tests that run at the same time come to it one
// by one.
const table = "../README.md"

var tableLock sync.Mutex

// row holds what is said of a backend in the table against its run. make matrix
// writes it.
func row(t *testing.T, name string, run *evidence.Run) {
	t.Helper()
	tableLock.Lock()
	defer tableLock.Unlock()
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	want := matrix.Row(name, run)
	put, err := matrix.Put(string(text), want)
	switch {
	case err != nil:
		t.Errorf("%s: %v", table, err)
	case put == string(text):
	case os.Getenv("ESPALIER_UPDATE") == "":
		t.Errorf("%s is stale: make matrix writes\n%s", table, want)
	default:
		if err := os.WriteFile(table, []byte(put), 0o644); err != nil {
			t.Error(err)
		}
	}
}
