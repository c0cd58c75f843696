package boards_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
)

func TestEveryBoardLoads(t *testing.T) {
	names := boards.Names()
	if len(names) < 4 {
		t.Fatalf("only %v", names)
	}
	for _, name := range names {
		d, err := boards.Lookup(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Name != name {
			t.Errorf("%s.yaml names itself %q", name, d.Name)
		}
		if n := d.Flash.Bytes(); n < 512<<10 || n&(n-1) != 0 {
			t.Errorf("%s: flash of %d bytes", name, n)
		}
	}
	d, _ := boards.Lookup("nodemcu-v2")
	if time.Duration(d.Reset.Hold) != 100*time.Millisecond || d.Reset.Sequence != boards.Classic {
		t.Errorf("nodemcu-v2 resets by %+v", d.Reset)
	}
}

const good = `name: x
title: X
chip: esp8266
flash: {size: 1MiB, baud: 115200}
console: {baud: 74880}
reset: {sequence: classic, hold: 100ms, settle: 50ms}
links: [serial]
`

func TestLoadRefuses(t *testing.T) {
	if _, err := boards.Load([]byte(good)); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"another chip", "esp8266", "esp32"},
		{"an unknown field", "title: X", "title: X\ncolour: red"},
		{"a missing field", "console: {baud: 74880}\n", ""},
		{"an unknown sequence", "classic", "hopeful"},
		{"a hold that is no time", "100ms", "soon"},
		{"an odd flash", "1MiB", "3MiB"},
		{"a baud of words", "115200", "fast"},
		{"no link", "[serial]", "[]"},
		{"no YAML", "name: x", "name: [x"},
	} {
		p := strings.Replace(good, tt.old, tt.new, 1)
		if d, err := boards.Load([]byte(p)); !errors.Is(err, boards.ErrDescriptor) || d != nil {
			t.Errorf("%s: %v, %v", tt.name, d, err)
		}
	}
}

func TestLoadSaysWhere(t *testing.T) {
	_, err := boards.Load([]byte(strings.Replace(good, "classic", "hopeful", 1)))
	if got := err.Error(); !strings.Contains(got, "reset.sequence: value must be one of") || strings.Contains(got, "\n") {
		t.Error(got)
	}
}

func TestLookupNamesTheChoices(t *testing.T) {
	_, err := boards.Lookup("esp32")
	if !errors.Is(err, boards.ErrUnknown) || !strings.Contains(err.Error(), "nodemcu-v2") {
		t.Errorf("Lookup(esp32) = %v", err)
	}
	if _, err := boards.Lookup("absent.yaml"); !errors.Is(err, boards.ErrUnknown) {
		t.Errorf("Lookup(absent.yaml) = %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(good)
	f.Add(speaking)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := boards.Load([]byte(s))
		if (err == nil) != (d != nil) {
			t.Fatalf("%v, %v", d, err)
		}
	})
}
