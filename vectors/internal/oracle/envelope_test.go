package oracle

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// opening is code that opens envelopes, the reader that its texts go to, and the
// dialects that both are known to have.
type opening struct {
	name     string
	reader   pipeline // of payload.py
	dialects []string
}

var openings = []opening{
	{"usual", inPython[1], strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 lenient-base64 skipping-bom utf16-json cryptojs-unpad")},
	{"validating", inPython[2], strings.Fields("loose-bits-base64 overpadded-base64")},
	{"pattern", inPython[2], strings.Fields("loose-bits-base64 overpadded-base64 trailing-base64 cryptojs-unpad")},
	{"filling", inPython[2], strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 unpadded-base64 lenient-base64 cryptojs-unpad unchecked-magic")},
	{"padded", inPython[1], strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 url-base64 lenient-base64 skipping-bom utf16-json cryptojs-unpad unchecked-padding")},
	{"stripping", inPython[2], strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 lenient-base64 cryptojs-unpad unchecked-padding")},
}

// envelopeQuestion asks one opener of envelope.py about one message.
type envelopeQuestion struct {
	Opener     string `json:"opener"`
	Passphrase string `json:"passphrase"` // in hex
	Msg        string `json:"msg"`
}

// opened is what an opener makes of a message.
type opened struct {
	Accept bool          `json:"accept"`
	Text   string        `json:"text"` // in hex
	Stage  vectors.Stage `json:"stage"`
	Fault  string        `json:"fault"`
	read   answer        // what a reader makes of the text
}

// open asks an opener of envelope.py about every message, and a reader of
// payload.py about every text that it finds.
func (tests envelopeTests) open(t *testing.T, opener, reader string) []opened {
	t.Helper()
	python := need.Python(t, "json")
	var messages []envelopeQuestion
	for _, test := range tests {
		messages = append(messages, envelopeQuestion{opener, test.passphraseHex, test.Msg})
	}
	return tests.read(t, python, reader, ask[opened](t, messages, python, "testdata/envelope.py"))
}

// read has the texts read that were found.
func (tests envelopeTests) read(t *testing.T, python, reader string, all []opened) []opened {
	t.Helper()
	var texts []question
	for i, o := range all {
		texts = append(texts, question{Reader: reader, Next: tests[i].next, Text: o.Text})
	}
	for i, a := range ask[answer](t, texts, python, "testdata/payload.py") {
		all[i].read = a
	}
	return all
}

// TestEnvelopePython holds what the strict profile demands against Python, with
// an AES of its own.
func TestEnvelopePython(t *testing.T) {
	tests := envelopes(t)
	for _, complaint := range tests.strictly(tests.open(t, "strict", "strict")) {
		t.Error(complaint)
	}
	confirmed(t, "python", len(tests), "envelopes opened or refused, as the strict profile demands")
}

// strictly compares what came with what the strict profile demands.
func (tests envelopeTests) strictly(all []opened) (complaints []string) {
	for i, test := range tests {
		got, want := all[i], test.right()[0]
		stage := got.Stage
		if got.Accept {
			stage = got.read.Stage
		}
		switch {
		case got.Fault+got.read.Broken+got.read.Fault != "":
			complaints = append(complaints, fmt.Sprintf("%s: the oracle fails: %+v", test.ID, got))
		case !got.fits(want):
			complaints = append(complaints, fmt.Sprintf("%s: the oracle says %+v, the test %+v", test.ID, got, want))
		case !want.Accept && stage != want.Stage[0]:
			complaints = append(complaints, fmt.Sprintf("%s: the oracle refuses it at %s, the test at %s", test.ID, stage, want.Stage))
		case want.Next != "" && got.read.Data != want.Data:
			complaints = append(complaints, fmt.Sprintf("%s: the oracle reads %s, the test %s", test.ID, got.read.Data, want.Data))
		}
	}
	return complaints
}

// fits reports whether that outcome came. Text and next stand for the reading;
// how data is written anew is what the payloads are about.
func (o opened) fits(want vectors.Outcome) bool {
	if want.Accept && want.Next == "" { // a text that holds no reading
		return o.Accept && o.Text == *want.PlainHex
	}
	accept := o.Accept && o.read.Accept
	return accept == want.Accept && (!accept || o.Text == *want.PlainHex && o.read.Next == want.Next)
}

// TestEnvelopePipelines opens the envelopes as such code usually is written.
// What comes must be right, or carry the name of a dialect that the code is known
// to have; and each dialect must show.
func TestEnvelopePipelines(t *testing.T) {
	tests := envelopes(t)
	for _, o := range openings {
		tests.judge(t, "python", o.name, o.dialects, tests.open(t, o.name, o.reader.name))
	}
}

// judge complains of what has no name, and says how much is right.
func (tests envelopeTests) judge(t *testing.T, language, name string, dialects []string, all []opened) {
	t.Helper()
	strict, complaints := tests.named(dialects, all)
	for _, complaint := range complaints {
		t.Errorf("%s, %s: %s", language, name, complaint)
	}
	confirmed(t, language, len(tests), fmt.Sprintf("envelopes, %s: %d as the strict, %d of its dialects", name, strict, len(tests)-strict))
}

// named counts the strict outcomes, and returns complaints about those that are
// neither strict nor of the dialects.
func (tests envelopeTests) named(dialects []string, all []opened) (strict int, complaints []string) {
	shown := map[string]bool{}
	for i, test := range tests {
		right := test.right()
		if all[i].fits(right[0]) {
			strict++
			continue
		}
		var known bool
		var names []string
		for _, o := range slices.Concat(right[1:], test.Mistakes) {
			if all[i].fits(o) {
				names = append(names, o.Dialect)
				known = known || slices.Contains(dialects, o.Dialect)
				shown[o.Dialect] = true
			}
		}
		if !known {
			text, _ := hex.DecodeString(all[i].Text)
			complaints = append(complaints, fmt.Sprintf("%s: %.120q, %+.100v, which may be of %q", test.ID, text, all[i].read, names))
		}
	}
	for _, dialect := range dialects {
		if !shown[dialect] {
			complaints = append(complaints, "is said to be of "+dialect+", and never shows it")
		}
	}
	return strict, complaints
}

// TestEnvelopeOraclesComplain spoils what the oracles say, in one place at a
// time.
func TestEnvelopeOraclesComplain(t *testing.T) {
	tests := envelopes(t)
	all := tests.open(t, "strict", "strict")
	refused := slices.IndexFunc(all, func(o opened) bool { return o.Stage == vectors.StagePadding })
	for name, tt := range map[string]struct {
		at    int
		spoil func(*opened)
		named int // complaints where stages and data are not looked at
	}{
		"refused":  {0, func(o *opened) { *o = opened{Stage: vectors.StageMagic} }, 1},
		"unread":   {0, func(o *opened) { o.read = answer{Stage: vectors.StageFields} }, 1},
		"text":     {0, func(o *opened) { o.Text += "20" }, 1},
		"next":     {0, func(o *opened) { o.read.Next += "0" }, 1},
		"data":     {0, func(o *opened) { o.read.Data = "null" }, 0},
		"fault":    {refused, func(o *opened) { *o = opened{Fault: "ValueError"} }, 0},
		"stage":    {refused, func(o *opened) { o.Stage = vectors.StageLength }, 0},
		"accepted": {refused, func(o *opened) { *o = all[0] }, 1},
	} {
		spoiled := slices.Clone(all)
		tt.spoil(&spoiled[tt.at])
		if got := tests.strictly(spoiled); len(got) != 1 {
			t.Errorf("%s, strict: %q", name, got)
		}
		if _, got := tests.named(nil, spoiled); len(got) != tt.named {
			t.Errorf("%s, by dialects: %q", name, got)
		}
	}
	if _, got := tests.named([]string{"url-base64"}, all); len(got) != 1 {
		t.Errorf("a dialect that never shows: %q", got)
	}
}
