package device_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/device"
)

func TestSelectionNamesSpecs(t *testing.T) {
	all, err := device.Selection{}.Specs(true)
	if err != nil || len(all) < 70 {
		t.Fatalf("everything is %d specs, %v", len(all), err)
	}
	onHardware, err := device.Selection{}.Specs(false)
	if err != nil || len(onHardware) == 0 || len(onHardware) >= len(all) {
		t.Errorf("%d specs on hardware, %d on the virtual board, %v", len(onHardware), len(all), err)
	}
	replays, err := device.Selection{Text: "^A replayed", Labels: "REQ-SEQ-004"}.Specs(true)
	if err != nil || len(replays) != 1 || !slices.Contains(all, replays[0]) {
		t.Errorf("one label and one text select %q, %v", replays, err)
	}
	if none, err := (device.Selection{Text: "no such spec"}).Specs(true); err != nil || len(none) != 0 {
		t.Errorf("a text of no spec selects %q, %v", none, err)
	}
}

// The text of a spec selects that one alone: it is what repeats a failure.
func TestSelectionOfOne(t *testing.T) {
	all, err := device.Selection{}.Specs(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range all {
		s := device.Selection{Text: device.Alone(text)}
		if one, err := s.Specs(true); err != nil || !slices.Equal(one, []string{text}) {
			t.Errorf("%s selects %q, %v", s.Text, one, err)
		}
	}
}

func TestSelectionThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct {
		s    device.Selection
		says string
	}{
		{device.Selection{Labels: "&&&"}, "missing left hand operand"},
		{device.Selection{Labels: "(a"}, "could not find matching"},
		{device.Selection{Text: "("}, "missing closing )"},
	} {
		_, err := tt.s.Specs(true)
		if !errors.Is(err, device.ErrSelection) || !strings.Contains(err.Error(), tt.says) || strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%q %q: %q, want ErrSelection that says %q in one plain line", tt.s.Labels, tt.s.Text, err, tt.says)
		}
	}
}
