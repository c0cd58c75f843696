package control_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/control"
)

func TestRefusals(t *testing.T) {
	r := ready(t, nil)
	for _, tt := range []struct {
		code    control.Code
		text    string // the code in JSON and what follows it
		message string
	}{
		{control.BadCommand, `bad-command"`, "control: seqn: refused: bad-command: no such command"},
		{control.BadArgs, `bad-args","detail":""`, "control: seqn: refused: bad-args: arguments not accepted"},
		{control.TooLong, `too-long","detail":"4096"`, `control: seqn: refused: too-long: line or argument too long ("4096")`},
		{control.NotProvisioned, `not-provisioned"`, "no device id and passphrase yet"},
		{control.NoLink, `no-link"`, "no such link on this board"},
		{control.NoServer, `no-server"`, "no server address yet"},
		{control.Exhausted, `exhausted"`, "no SEQN is left"},
		{control.Flash, `flash"`, "flash failed"},
		{control.Busy, `busy"`, "another command is running"},
		{control.Unsupported, `unsupported"`, "not supported by this build"},
		{"tired", `tired","detail":"\u001b[2J"`, `control: seqn: refused: tired ("\x1b[2J")`},
	} {
		r.device.Answer("seqn", "\x1e{\"id\":$ID,\"ok\":false,\"error\":\""+tt.text+"}\n")
		_, err := r.Seqn(soon(t))
		if !errors.Is(err, tt.code) || errors.Is(err, control.ErrAnswer) {
			t.Errorf("%s: got %v", tt.code, err)
			continue
		}
		if !strings.HasSuffix(err.Error(), tt.message) {
			t.Errorf("%s: message %q, want %q", tt.code, err, tt.message)
		}
	}
}

// An answer that breaks the protocol is an error of its own, and names the
// member at fault.
func TestMalformedAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, verb, answer, want string
		do                       int // index in verbs
	}{
		{"no ok", "seqn", `"next":1`, `"ok"`, 8},
		{"ok is a number", "seqn", `"ok":1,"next":1`, `"ok"`, 8},
		{"ok in capitals", "seqn", `"OK":true,"next":1`, `"ok"`, 8},
		{"no code", "seqn", `"ok":false`, `"error"`, 8},
		{"code is null", "seqn", `"ok":false,"error":null`, `"error"`, 8},
		{"detail is a list", "seqn", `"ok":false,"error":"busy","detail":[]`, `"detail"`, 8},
		{"no next", "seqn", `"ok":true`, `"next"`, 8},
		{"next is text", "seqn", `"ok":true,"next":"1"`, `"next"`, 8},
		{"next is negative", "seqn", `"ok":true,"next":-1`, `"next"`, 8},
		{"next has a fraction", "seqn", `"ok":true,"next":1.0`, `"next"`, 8},
		{"next has an exponent", "seqn", `"ok":true,"next":1e1`, `"next"`, 8},
		{"next beyond 64 bits", "seqn", `"ok":true,"next":18446744073709551616`, `"next"`, 8},
		{"provision without next", "provision", `"ok":true`, `"next"`, 0},
		{"another link", "link", `"ok":true,"link":"serial"`, `"link"`, 3},
		{"no link", "link", `"ok":true`, `"link"`, 3},
		{"no envelope", "seal", `"ok":true,"msg":7`, `"msg"`, 5},
		{"short key", "derive", `"ok":true,"key":"00","iv":"` + strings.Repeat("5a", 16) + `"`, `"key"`, 7},
		{"no iv", "derive", `"ok":true,"key":"` + strings.Repeat("a5", 32) + `"`, `"iv"`, 7},
		{"digest in capitals", "digest", `"ok":true,"size":1,"md5":"` + strings.Repeat("FF", 16) + `"`, `"md5"`, 10},
		{"digest of half a byte", "digest", `"ok":true,"size":1,"md5":"` + strings.Repeat("f", 31) + `"`, `"md5"`, 10},
		{"image too large", "digest", `"ok":true,"size":99999999,"md5":"` + strings.Repeat("ff", 16) + `"`, `"size"`, 10},
		{"other bench", "bench", `"ok":true,"n":4,"cycles":1`, `"n"`, 11},
		{"no cycles", "bench", `"ok":true,"n":3`, `"cycles"`, 11},
		{"no outcome", "send", `"ok":true,"seqn":1,"attempts":1,"http":200,"salt":"0000000000000000","md5":"` + strings.Repeat("00", 16) + `"`, `"outcome"`, 4},
		{"strange outcome", "send", `"ok":true,"seqn":1,"outcome":"fine","attempts":1,"http":200,"salt":"0000000000000000","md5":"` + strings.Repeat("00", 16) + `"`, `"outcome"`, 4},
		{"five attempts", "send", `"ok":true,"seqn":1,"outcome":"unknown","attempts":5,"http":0,"salt":"0000000000000000","md5":"` + strings.Repeat("00", 16) + `"`, `"attempts"`, 4},
		{"told nothing", "resync", `"ok":true,"next":1,"attempts":1,"settled":null`, `"told"`, 12},
		{"told more than it goes on from", "resync", `"ok":true,"next":1,"told":2,"attempts":1,"settled":null`, `"next"`, 12},
		{"told a number that is none", "resync", `"ok":true,"next":9007199254740992,"told":9007199254740992,"attempts":1,"settled":null`, `"next"`, 12},
		{"settled by a word", "resync", `"ok":true,"next":1,"told":1,"attempts":1,"settled":"yes"`, `"settled"`, 12},
		{"settled in part", "resync", `"ok":true,"next":1,"told":1,"attempts":1,"settled":{"seqn":1}`, `"stored"`, 12},
		{"short salt", "send", `"ok":true,"seqn":1,"outcome":"unknown","attempts":4,"http":0,"salt":"00","md5":"` + strings.Repeat("00", 16) + `"`, `"salt"`, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := ready(t, nil)
			r.device.Answer(tt.verb, "\x1e{\"id\":$ID,"+tt.answer+"}\n")
			_, err := verbs[tt.do].do(soon(t), r.Client)
			if !errors.Is(err, control.ErrAnswer) || !strings.Contains(err.Error(), "member "+tt.want) || !strings.Contains(err.Error(), tt.verb) {
				t.Errorf("got %v, want one about %s", err, tt.want)
			}
			if _, err := r.Seqn(soon(t)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}
