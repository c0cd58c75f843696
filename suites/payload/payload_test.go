package payload_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/payload"
)

func TestReadingsCoverTheSizes(t *testing.T) {
	got := payload.Readings(200, 1)
	if len(got) != 200 {
		t.Fatalf("%d readings", len(got))
	}
	for _, size := range []int{0, payload.MaxText} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, `"`) && len(s) == size+2 }) {
			t.Errorf("no string of %d characters", size)
		}
	}
	if !slices.Contains(got, `{"value":300}`) {
		t.Error("no object")
	}
}

func TestReadingsRepeatWithTheirSeed(t *testing.T) {
	if !slices.Equal(payload.Readings(50, 7), payload.Readings(50, 7)) {
		t.Error("the same seed gives other readings")
	}
	if slices.Equal(payload.Readings(50, 7), payload.Readings(50, 8)) {
		t.Error("another seed gives the same readings")
	}
}

func TestFewReadings(t *testing.T) {
	for _, n := range []int{0, 1, 2, 17} {
		if got := payload.Readings(n, 1); len(got) != n {
			t.Errorf("Readings(%d) returned %d", n, len(got))
		}
	}
}
