package rfc2217_test

import (
	"encoding/hex"
	"testing"

	"github.com/espalier-hil/espalier/boards/rfc2217"
)

func TestOptions(t *testing.T) {
	type word struct{ verb, option byte }
	for _, tt := range []struct {
		name    string
		ask     []word
		hear    []word
		says    string // in answer
		on, not bool   // ComPort
	}{
		{"they offer", nil, []word{{rfc2217.WILL, 44}}, "fffd2c", true, false},
		{"they ask", nil, []word{{rfc2217.DO, 44}}, "fffb2c", true, false},
		{"they agree", []word{{rfc2217.WILL, 44}}, []word{{rfc2217.DO, 44}}, "", true, false},
		{"they refuse", []word{{rfc2217.WILL, 44}}, []word{{rfc2217.DONT, 44}}, "", false, true},
		{"both ask at once", []word{{rfc2217.DO, 44}}, []word{{rfc2217.WILL, 44}}, "", true, false},
		{"they repeat themselves", nil, []word{{rfc2217.WILL, 44}, {rfc2217.WILL, 44}}, "fffd2c", true, false},
		{"they stop", nil, []word{{rfc2217.WILL, 44}, {rfc2217.WONT, 44}}, "fffd2cfffe2c", false, true},
		{"they do not, unasked", nil, []word{{rfc2217.WONT, 44}, {rfc2217.DONT, 44}}, "", false, false},
		{"what nobody here knows", nil, []word{{rfc2217.DO, 1}, {rfc2217.WILL, 24}, {rfc2217.DONT, 1}}, "fffc01fffe18", false, false},
	} {
		var o rfc2217.Options
		for _, w := range tt.ask {
			if p := o.Ask(nil, w.verb, w.option); len(p) != 3 {
				t.Errorf("%s: asks % x", tt.name, p)
			}
			if p := o.Ask(nil, w.verb, w.option); len(p) != 0 {
				t.Errorf("%s: asks again: % x", tt.name, p)
			}
		}
		var says []byte
		for _, w := range tt.hear {
			says = o.Hear(says, w.verb, w.option)
		}
		if hex.EncodeToString(says) != tt.says || o.On(44) != tt.on || o.Refused(44) != tt.not {
			t.Errorf("%s: says % x, on %t, refused %t", tt.name, says, o.On(44), o.Refused(44))
		}
	}
}

// Two ends that both ask for all they know come to an end.
func TestOptionsConverge(t *testing.T) {
	var a, b rfc2217.Options
	ask := func(o *rfc2217.Options) (p []byte) {
		for _, option := range []byte{rfc2217.Binary, rfc2217.SGA, rfc2217.ComPort, 24} {
			p = o.Ask(o.Ask(p, rfc2217.WILL, option), rfc2217.DO, option)
		}
		return p
	}
	hear := func(o *rfc2217.Options, p []byte) (says []byte) {
		for ; len(p) > 0; p = p[3:] {
			says = o.Hear(says, p[1], p[2])
		}
		return says
	}
	toB, toA := ask(&a), ask(&b)
	for range 3 {
		toB, toA = hear(&a, toA), hear(&b, toB)
	}
	if len(toA)+len(toB) > 0 || !a.On(44) || !b.On(44) || !a.On(0) || a.On(24) {
		t.Errorf("still says % x and % x; %+v, %+v", toA, toB, a, b)
	}
}
