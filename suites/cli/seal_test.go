package cli_test

import (
	"strings"
	"testing"
)

// The known answer of vectors/PROTOCOL.md §1.
const (
	knownPass = "correct horse"
	knownMsg  = "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="
	knownData = `{"value":300}`
	knownOpen = `{"SEQN":121,"data":{"value":300}}` + "\n"
)

func TestSealKnownAnswer(t *testing.T) {
	t.Setenv("ESPALIER_PASSPHRASE", knownPass)
	flags := []string{"seal", "--seqn", "121", "--salt", "0102030405060708"}
	for stdin, args := range map[string][]string{
		"":               {knownData},
		knownData + "\n": {"-"},
	} {
		if got := call(t, stdin, append(flags, args...)...); got.code != 0 || got.out != knownMsg+"\n" {
			t.Errorf("%q: exit %d, %s%s", args, got.code, got.out, got.errs)
		}
	}
	body := call(t, "", append(flags, "--body", knownData)...)
	if body.out != `{"msg":"`+knownMsg+`"}`+"\n" {
		t.Errorf("the body is %s", body.out)
	}
}

func TestOpenKnownAnswer(t *testing.T) {
	file := write(t, t.TempDir()+"/passphrase", knownPass+"\n")
	for stdin, args := range map[string][]string{
		"":                              {knownMsg, "--passphrase", knownPass},
		knownMsg + "\n":                 {"-", "--passphrase-file", file},
		`{"msg":"` + knownMsg + `"}`:    {"-", "--passphrase-file", file},
		`{ "msg": "` + knownMsg + `" }`: {"-", "--passphrase", knownPass},
	} {
		if got := call(t, stdin, append([]string{"open"}, args...)...); got.code != 0 || got.out != knownOpen {
			t.Errorf("%q: exit %d, %s%s", args, got.code, got.out, got.errs)
		}
	}
}

// An envelope that does not open is exit code 1, and the stage is named.
func TestOpenNamesTheStage(t *testing.T) {
	for msg, says := range map[string]string{
		"!":                        "base64",
		"AAAA":                     "envelope: ",
		knownMsg[:len(knownMsg)-4]: "envelope: ",
	} {
		got := call(t, "", "open", "--passphrase", knownPass, msg)
		if got.wants(t, 1, says); got.out != "" {
			t.Errorf("%q: printed %q", msg, got.out)
		}
	}
	call(t, "", "open", "--passphrase", "wrong horse", knownMsg).wants(t, 1, "envelope: ")
}

// Without --salt no two envelopes are the same, and each opens.
func TestSealRandomSalt(t *testing.T) {
	t.Setenv("ESPALIER_PASSPHRASE", knownPass)
	a, b := call(t, "", "seal", "--seqn", "121", knownData), call(t, "", "seal", "--seqn", "121", knownData)
	if a.out == b.out {
		t.Error("two envelopes are the same")
	}
	if got := call(t, "", "open", strings.TrimSpace(a.out)); got.out != knownOpen {
		t.Errorf("opens as %s%s", got.out, got.errs)
	}
}

func TestInputIsBounded(t *testing.T) {
	call(t, strings.Repeat(" ", 1<<20+1), "open", "-", "--passphrase", knownPass).wants(t, 2, "more than 1048576 bytes")
}
