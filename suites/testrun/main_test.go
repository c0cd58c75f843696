package main

import (
	"io"
	"strings"
	"testing"
)

const (
	pass = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
	fail = `{"Action":"fail","Package":"p","Test":"TestB"}` + "\n"
	skip = `{"Action":"output","Package":"p","Test":"TestC","Output":"not run: needs socat\n"}` + "\n" +
		`{"Action":"skip","Package":"p","Test":"TestC"}` + "\n"
)

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		name, events string
		everything   bool
		want         int
	}{
		{"all passed", pass, true, 0},
		{"one failed", pass + fail, false, 1},
		{"nothing ran", "", false, 3},
		{"only skips", skip, false, 3},
		{"a skip where some tools lack", pass + skip, false, 0},
		{"a skip where everything is promised", pass + skip, true, 6},
	} {
		tl := newTally(io.Discard)
		tl.read(strings.NewReader(tt.events))
		if got := tl.finish(false, tt.everything); got != tt.want {
			t.Errorf("%s: exit code %d, want %d", tt.name, got, tt.want)
		}
	}
	if got := newTally(io.Discard).finish(true, false); got != 1 {
		t.Errorf("a build that failed: exit code %d, want 1", got)
	}
}

func TestSkipsAreNamed(t *testing.T) {
	var out strings.Builder
	tl := newTally(&out)
	tl.read(strings.NewReader(pass + skip))
	tl.finish(false, false)
	if !strings.Contains(out.String(), "TestC: needs socat") {
		t.Errorf("the reason is lost in:\n%s", out.String())
	}
}
