package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// A process that is killed while it stores loses nothing it has said yes to, and
// after it, none of that gets in again.
func TestKillUnderLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "readings.db")
	s := open(t, path, store.Options{})
	for d := range loadDevices {
		provision(t, s, fmt.Sprint(d), "k", 0)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	accepted := map[string]map[uint64]bool{} // by device
	for d := range loadDevices {
		accepted[fmt.Sprint(d)] = map[uint64]bool{}
	}
	for round, kill := range []int{1, 100, 333, 1000} { // the number of messages after which it dies
		c := child(t, "load", path)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		seen := 0
		for lines := bufio.NewScanner(out); lines.Scan(); seen++ { // on to the end of what the dead has said
			var id string
			var n uint64
			if _, err := fmt.Sscan(lines.Text(), &id, &n); err != nil {
				t.Fatalf("%q: %v", lines.Text(), err)
			}
			if accepted[id][n] {
				t.Errorf("round %d: device %s, number %d accepted again", round, id, n)
			}
			accepted[id][n] = true
			if seen+1 == kill {
				c.Process.Kill()
			}
		}
		if err := c.Wait(); err == nil || seen < kill {
			t.Fatalf("round %d: the child ended by itself, after %d messages", round, seen)
		}
		checkKept(t, path, accepted)
	}
}

// checkKept checks that the store has each accepted reading, whole, and at most
// the one per device that was under way when the process died.
func checkKept(t *testing.T, path string, accepted map[string]map[uint64]bool) {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for id, numbers := range accepted {
		readings, _, err := s.Readings(t.Context(), id, 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		kept := map[uint64]string{}
		unheard := 0
		for _, r := range readings {
			kept[r.SEQN] = string(r.Data)
			if !numbers[r.SEQN] {
				unheard++
				numbers[r.SEQN] = true // and from now on it is known
			}
		}
		if unheard > 1 {
			t.Errorf("device %s: %d readings kept that nobody was told of", id, unheard)
		}
		for n := range numbers {
			if kept[n] != string(loadData(id, n)) {
				t.Errorf("device %s, number %d: kept %q", id, n, kept[n])
			}
			if _, err := s.Accept(key(t, s, id), n, []byte("1")); !errors.Is(err, seqn.ErrReplayed) {
				t.Errorf("device %s, number %d again: %v", id, n, err)
			}
		}
	}
}
