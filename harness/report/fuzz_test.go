package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/espalier-hil/espalier/harness/report"
)

// FuzzGrade reads anything as a grade: what it says of itself, or ErrGrade.
func FuzzGrade(f *testing.F) {
	f.Add([]byte("virtual+rom"))
	f.Add([]byte("Hardware"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var g report.Grade
		err := g.UnmarshalText(text)
		if again, _ := g.MarshalText(); err == nil && !bytes.Equal(again, text) || err != nil && !errors.Is(err, report.ErrGrade) {
			t.Errorf("%q became %q, %v", text, again, err)
		}
	})
}

// FuzzTexts has a device say anything, and the passphrase with it. Each of the
// reports stays what it is, and the passphrase in none of them.
func FuzzTexts(f *testing.F) {
	f.Add("\x1b[2J\x00\xff]]>", "<&\"'")
	f.Add("\ufffe\ud7ff", "\r\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "correct horse battery"
		text := before + secret + after
		bad := result(report.Fail, report.Nonconformant)
		bad.Message, bad.Expected, bad.Got, bad.Log = text, text, text, []string{text}
		run := newRun(bad)
		run.Secrets = []string{secret}
		run.Firmware.Version, run.Board.Port, run.Server.Why = before, before, text

		doc, err := run.JSON()
		if err != nil || !json.Valid(doc) {
			t.Errorf("JSON: %v in %s", err, doc)
		}
		suite, err := run.JUnit()
		if err != nil {
			t.Errorf("JUnit: %v", err)
		}
		for d := xml.NewDecoder(bytes.NewReader(suite)); err == nil; {
			_, err = d.Token()
		}
		if err != io.EOF {
			t.Errorf("%v in %s", err, suite)
		}
		var screen strings.Builder
		if err := run.Summary(&screen, false); err != nil {
			t.Error(err)
		}
		if i := strings.IndexFunc(screen.String(), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("the summary moves the cursor: %q", screen.String()[i:])
		}
		for _, out := range [][]byte{doc, suite, []byte(screen.String()), []byte(run.Redact(text))} {
			if bytes.Contains(out, []byte(secret)) {
				t.Errorf("the passphrase is in %s", out)
			}
		}
	})
}
