package vectors

import (
	"testing"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/suites/spectest"
	"github.com/espalier-hil/espalier/vectors"
)

// TestVectors runs the specs on the reference server's codec; every spec is a
// test of its own.
func TestVectors(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	Register(suite, codec.Reference{})
	ran := spectest.Run(t, "Vectors")
	want := 0
	for _, kind := range []string{"KdfTest", "EnvelopeTest", "PayloadTest", "SequenceTest", "DeviceTest"} {
		n := len(Offline(suite, kind))
		if n == 0 {
			t.Errorf("no %s is among the specs", kind)
		}
		want += n
	}
	if ran <= want {
		t.Errorf("%d specs ran, want %d and those of the window", ran, want)
	}
}

// The window's own comparisons fail where a history is wrong.
func TestWindowTakesNoPoison(t *testing.T) {
	suite, err := vectors.Poison()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for g, test := range vectors.Of[*vectors.SequenceTest](suite) {
		if !counts(test) {
			continue
		}
		tried++
		if err := throughWindow(test); err == nil {
			t.Errorf("%s passes, although %s", test.ID, g.Poison)
		} else {
			t.Log(err)
		}
	}
	if tried < 4 {
		t.Errorf("only %d poisoned histories", tried)
	}
}
