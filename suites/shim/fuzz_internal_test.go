package shim

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
)

// FuzzParseAnswer reads anything as the answer to question 7. What is accepted
// is an answer by the schema too, and errors are one short line.
func FuzzParseAnswer(f *testing.F) {
	for _, line := range answers {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		a, err := parseAnswer(line, 7)
		var key []byte
		if err == nil {
			if err = a.refusal("keyHex", "ivHex"); err == nil {
				key, err = a.bytes("keyHex")
			}
		}
		switch {
		case err == nil:
			if strings.ToLower(a.out["keyHex"]) != *hexOf(key) {
				t.Errorf("%q: %+v", line, a)
			}
		case errors.As(err, new(codec.Rejected)), errors.Is(err, codec.ErrUnimplemented):
		case errors.Is(err, codec.ErrNonsense), errors.Is(err, codec.ErrErrored):
			if strings.ContainsAny(err.Error(), "\n\r\x1b\x00") || len(err.Error()) > 1000 {
				t.Errorf("%q: %v", line, err)
			}
		default:
			t.Fatalf("%q: %v is of no class", line, err)
		}
	})
}

// answers to question 7, right and wrong ones.
var answers = []string{
	`{"seq":7,"out":{"keyHex":"00","ivHex":"ff"}}`,
	`{"seq":7,"out":{"plainHex":""}}`,
	`{"seq":7,"out":{"next":"122","data":"{\"value\":300}"}}`,
	`{"seq":7,"out":{"next":"122","dataHex":"333030"}}`,
	` { "reject" : "padding" , "seq" : 7 } `,
	`{"seq":7,"reject":""}`,
	`{"seq":7,"unimplemented":true}`,
	`{"seq":7,"errored":"line 3"}`,
	`{"seq":7}`,
	`{"seq":6,"reject":""}`,
	`{"seq":"7","reject":""}`,
	`{"seq":7,"unimplemented":false}`,
	`{"seq":7,"reject":"a","errored":"b"}`,
	`{"seq":7,"out":{"next":122,"data":"1"}}`,
	`{"seq":7,"out":{"next":"122","data":"1","dataHex":"31"}}`,
	`{"seq":7,"out":{"next":"122"}}`,
	`{"seq":7,"out":{"keyHex":"0"}}`,
	`{"seq":7,"OUT":{}}`,
	`{"seq":7,"reject":"\ud800"}`,
	`[7]`,
	`{"seq":7,"` + strings.Repeat("y", 1<<12) + `":{}}`,
	`{"seq":7,"out":{"` + strings.Repeat("y", 1<<12) + `":7}}`,
	"\xff",
	``,
}

// The first of answers, as its kind, by each op; the schema says the same.
func TestAnswersAndTheSchema(t *testing.T) {
	const right = 8 // of answers
	for i, line := range answers {
		schema := vectors.Validate("shim", []byte(line))
		a, err := parseAnswer([]byte(line), 7)
		if err == nil && a.kind == "out" {
			err = errors.Join(a.refusal("keyHex", "ivHex"), a.refusal("next", "data"), a.refusal("next", "dataHex"), a.refusal("plainHex"))
			if n := len(err.(interface{ Unwrap() []error }).Unwrap()); n == 3 {
				err = nil // one op takes it
			}
		}
		if (err == nil) != (i < right) {
			t.Errorf("%s: %v", line, err)
		}
		if (schema == nil) != (i < right) && line != `{"seq":6,"reject":""}` && !strings.Contains(line, `\ud800`) {
			t.Errorf("%s: the schema says %v", line, schema)
		}
	}
}

// Every question is one by the schema, in the order of fields that SHIM.md
// promises to those who read it by hand.
func TestQuestionsAndTheSchema(t *testing.T) {
	msg := "<\"\n\x01\u00e9>"
	for _, tt := range []struct {
		q    question
		want string
	}{
		{question{Op: "kdf", PassphraseHex: hexOf(nil), SaltHex: "0102030405060708"}, `{"v":1,"seq":7,"op":"kdf","passphraseHex":"","saltHex":"0102030405060708"}`},
		{question{Op: "open", PassphraseHex: hexOf([]byte("p")), Msg: &msg}, `{"v":1,"seq":7,"op":"open","passphraseHex":"70","msg":"<\"\n\u0001` + "\u00e9" + `>"}`},
		{question{Op: "payload", Next: "121", PlainHex: hexOf(nil)}, `{"v":1,"seq":7,"op":"payload","next":"121","plainHex":""}`},
	} {
		tt.q.V, tt.q.Seq = 1, 7
		line := string(tt.q.line())
		if strings.TrimSuffix(line, "\n") != tt.want {
			t.Errorf("%s, want %s", line, tt.want)
		}
		if err := vectors.Validate("shim", []byte(line)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}
