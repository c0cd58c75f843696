package cli

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"unicode"
)

// FuzzPrintable shows anything that a board may say. What comes out moves no
// cursor, and text that was fit to be shown is left as it is.
func FuzzPrintable(f *testing.F) {
	for _, s := range []string{"", "load 0x40100000, len 44", "\x1b[2J", "\xff\x00", `"quoted"\t`, "tab\there", "\u202egnirts", "é…"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := printable(s)
		if strings.ContainsFunc(got, func(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }) {
			t.Errorf("%q is shown as %q", s, got)
		}
		if printable(got) != got {
			t.Errorf("%q becomes %q and then %q", s, got, printable(got))
		}
		if n := columns(cut(got, 20)); n > 20 {
			t.Errorf("%q cut to %d columns", got, n)
		}
	})
}

// FuzzQuote has a shell read back what is quoted for it.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "it's", "$(id) `id`", "a b", "--flag=x", "\\", "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, 0) {
			return // no argument holds a NUL
		}
		out, err := exec.Command("sh", "-c", "printf %s "+quote(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q is quoted as %s, which is %q, %v", s, quote(s), out, err)
		}
	})
}

// FuzzOpenCommand opens anything, as text and as a body: a reading, an envelope
// that does not open, or a text that is neither; one line, and no more.
func FuzzOpenCommand(f *testing.F) {
	f.Add("U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw==")
	f.Add(`{"msg":"U2FsdGVkX18="}`)
	f.Add(`{"msg":1}`)
	f.Add("{\x1b[2J")
	f.Fuzz(func(t *testing.T, text string) {
		var out, errs bytes.Buffer
		code := Main([]string{"open", "-", "--passphrase", "correct horse"}, strings.NewReader(text), &out, &errs)
		switch said := errs.String(); {
		case code == 0 && (said != "" || !json.Valid(out.Bytes())):
			t.Errorf("%q opens to %q, %q", text, out.String(), said)
		case code == 0:
		case code != 1 && code != 2, out.Len() > 0, !strings.HasPrefix(said, "espalier: "), strings.Count(said, "\n") != 1:
			t.Errorf("%q: exit %d, %q", text, code, said)
		case strings.ContainsFunc(strings.TrimSuffix(said, "\n"), unicode.IsControl):
			t.Errorf("%q: %q", text, said)
		}
	})
}
