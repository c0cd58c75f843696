package explain

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/vectors"
)

// What the pages say of a message is what the vectors demand of it: the way of
// a strict backend ends where they say that it should.
func TestWaysAgreeWithVectors(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for g, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
		n++
		w := open(mustHex(g.PassphraseHex), test.Msg, g.Next)
		if want := strictly(&test.Case); want.Accept && want.Next == "" {
			if w.text == nil || fmt.Sprintf("%x", w.text) != *want.PlainHex {
				t.Errorf("%s: the text is %x, want %s", test.ID, w.text, *want.PlainHex)
			}
		} else {
			agrees(t, test.ID, w, want)
		}
	}
	for g, test := range vectors.Of[*vectors.PayloadTest](suite) {
		n++
		agrees(t, test.ID, read(mustHex(test.PlainHex), g.Next), strictly(&test.Case))
	}
	if n < 5 {
		t.Errorf("%d tests", n)
	}
}

// strictly returns what strict profiles demand.
func strictly(c *vectors.Case) vectors.Outcome {
	switch c.Result {
	case vectors.Valid:
		return *c.Expect
	case vectors.Invalid:
		return vectors.Outcome{Stage: c.RejectStage}
	}
	return c.Permitted[0]
}

func agrees(t *testing.T, id string, w *way, want vectors.Outcome) {
	t.Helper()
	stage := w.refused()
	switch {
	case want.Accept != (stage == ""):
		t.Errorf("%s: refused at %q, and the vectors say %+v", id, stage, want)
	case stage != "" && len(want.Stage) > 0 && !slices.Contains(want.Stage, stage):
		t.Errorf("%s: refused at %s (%s), and the vectors say %v", id, stage, w.steps[len(w.steps)-1].text, want.Stage)
	case want.Accept && (w.next != want.Next || w.data != want.Data):
		t.Errorf("%s: next %s, data %s; the vectors say %+v", id, w.next, w.data, want)
	}
}

// FuzzWay has the reference server and these pages look at the same messages:
// they agree on which are readings, and up to the padding on where they end.
func FuzzWay(f *testing.F) {
	suite, err := vectors.All()
	if err != nil {
		f.Fatal(err)
	}
	for g, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
		f.Add(mustHex(g.PassphraseHex), test.Msg, []byte(nil))
	}
	for _, test := range vectors.Of[*vectors.PayloadTest](suite) {
		f.Add([]byte(nil), "", mustHex(test.PlainHex))
	}
	f.Fuzz(func(t *testing.T, passphrase []byte, msg string, text []byte) {
		_, err := envelope.OpenPlain(string(passphrase), msg)
		w := open(passphrase, msg, "0")
		if got := opened(w); !errors.Is(err, got) {
			t.Errorf("%q: %v here, %v in the reference server", msg, got, err)
		}
		reading, err := envelope.Read(text)
		w = read(text, "0")
		if (err == nil) != (w.refused() == "") || err == nil && (fmt.Sprint(reading.SEQN+1) != w.next || string(reading.Data) != w.data) {
			t.Errorf("%q: %+v here; %+v, %v in the reference server", text, w, reading, err)
		}
	})
}

// opened returns the error with which the reference server ends such a way.
func opened(w *way) error {
	return map[vectors.Stage]error{
		vectors.StageOuterBase64: envelope.ErrOuterBase64,
		vectors.StageMagic:       envelope.ErrMagic,
		vectors.StageLength:      envelope.ErrLength,
		vectors.StagePadding:     envelope.ErrPadding,
		vectors.StageInnerBase64: envelope.ErrInnerBase64,
	}[w.refused()]
}
