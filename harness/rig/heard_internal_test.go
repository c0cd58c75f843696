package rig

import (
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
)

// A witness keeps the last of what is too much, and knows when it was.
func TestWitness(t *testing.T) {
	var w witness
	began := time.Now()
	const all = 5 * mostSeen
	for i := range all {
		w.add(virtual.Happening{At: began.Add(time.Duration(i))})
	}
	if n := len(w.since(began)); n < mostSeen || n > 2*mostSeen {
		t.Errorf("%d are kept", n)
	}
	if got := w.since(began.Add(all - 3)); len(got) != 3 || !got[0].At.Equal(began.Add(all-3)) {
		t.Errorf("%+v are the last three", got)
	}
}
