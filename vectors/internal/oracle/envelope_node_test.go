package oracle

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// envelopesInJS are the pipelines of envelope.js. Where what opens in one of
// several ways comes out the same, one of its dialects must be declared.
var envelopesInJS = []pipeline{
	{"node-usual", strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 unpadded-base64 partial-base64 url-base64 lenient-base64 unchecked-magic")},
	{"node-unpadded", strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 unpadded-base64 partial-base64 url-base64 lenient-base64 unchecked-padding")},
	{"cryptojs-4", strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 unpadded-base64 partial-base64 url-base64 lenient-base64 cryptojs-unpad")},
	{"cryptojs-3", strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 unpadded-base64 partial-base64 url-base64 lenient-base64 cryptojs-unpad")},
	{"cryptojs-4-throughout", strings.Fields("loose-bits-base64 overpadded-base64 trailing-base64 unpadded-base64 partial-base64 zero-base64 cryptojs-unpad")},
	{"cryptojs-3-throughout", strings.Fields("loose-bits-base64 overpadded-base64 trailing-base64 unpadded-base64 partial-base64 ones-base64 cryptojs-unpad")},
}

// nodeQuestion asks one pipeline to open one message.
type nodeQuestion struct {
	Pipeline      string `json:"pipeline"`
	PassphraseHex string `json:"passphraseHex"`
	Next          string `json:"next"`
	Msg           string `json:"msg"`
}

// nodeAnswer is what a pipeline makes of a message: a text in hex, if one comes
// out, and a reading, if one is in it.
type nodeAnswer struct {
	PlainHex *string       `json:"plainHex"`
	Accept   bool          `json:"accept"`
	Next     string        `json:"next"`
	Data     string        `json:"data"`
	Stage    vectors.Stage `json:"stage"`
	Fault    string        `json:"fault"`
	Debug    vectors.Debug `json:"debug"`
}

// nodeTests are the envelopes, for envelope.js.
type nodeTests envelopeTests

// TestEnvelopeJS has every envelope opened by code that is right, to the stage
// and the steps in between, and by code as it is written with Node's crypto and
// with two versions of CryptoJS.
func TestEnvelopeJS(t *testing.T) {
	tests := nodeTests(envelopes(t))
	runs := tests.inJS(t)
	for _, complaint := range tests.strictly(runs["node-strict"]) {
		t.Errorf("node-strict, %s", complaint)
	}
	for _, p := range envelopesInJS {
		sum, complaints := tests.judge(p, runs[p.name])
		t.Log(sum)
		for _, complaint := range complaints {
			t.Errorf("%s, %s", p.name, complaint)
		}
	}
}

// strictly compares answers with what the strict profile demands, and with the
// steps in between.
func (tests nodeTests) strictly(answers []nodeAnswer) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	for i, test := range tests {
		got, want := answers[i], test.right()[0]
		switch {
		case got.Fault != "":
			complain("%s: the oracle fails with %s", test.ID, got.Fault)
		case !got.fits(want):
			complain("%s: the oracle says %s, the test %+v", test.ID, got, want)
		case !want.Accept && got.Stage != want.Stage[0]:
			complain("%s: the oracle refuses it at %q, the test at %q", test.ID, got.Stage, want.Stage)
		}
		steps := vectors.Debug{}
		if test.Debug != nil {
			steps = *test.Debug
		}
		if got.Debug != steps {
			complain("%s: the oracle's steps are %+v, the test's %+v", test.ID, got.Debug, steps)
		}
	}
	return complaints
}

// judge names what a pipeline has made of each message, says how much of it is
// right, and returns what has no name.
func (tests nodeTests) judge(p pipeline, answers []nodeAnswer) (sum string, complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	found := map[string]int{}
	strict, permitted, mistaken := 0, 0, 0
	for i, test := range tests {
		got, right := answers[i], test.right()
		if got.fits(right[0]) {
			strict++
			continue
		}
		if slices.ContainsFunc(right, got.fits) {
			permitted++
		} else {
			mistaken++
		}
		known := false
		var all []string
		for _, o := range slices.Concat(right[1:], test.Mistakes) {
			if !got.fits(o) {
				continue
			}
			all = append(all, o.Dialect)
			if slices.Contains(p.dialects, o.Dialect) {
				known = true
				found[o.Dialect]++
			}
		}
		if !known {
			complain("%s: %s, which may be of %q", test.ID, got, all)
		}
	}
	shown := ""
	for _, dialect := range p.dialects {
		if found[dialect] == 0 {
			complain("which is said to be of %s, never shows it", dialect)
		}
		shown += fmt.Sprintf(" %s %d", dialect, found[dialect])
	}
	return fmt.Sprintf("%-21s %d envelopes: %d as the strict, %d permitted, %d mistakes;%s", p.name, len(tests), strict, permitted, mistaken, shown), complaints
}

// TestEnvelopeJSComplains spoils what the oracles say, and what is said of them,
// in one place at a time.
func TestEnvelopeJSComplains(t *testing.T) {
	tests := nodeTests(envelopes(t))
	runs := tests.inJS(t)
	find := func(id string) int {
		at := slices.IndexFunc(tests, func(test envelopeTest) bool { return test.ID == id })
		if at < 0 {
			t.Fatalf("there is no %s", id)
		}
		return at
	}
	valid, refused, text := find("envelope/known-answer"), find("envelope/pad-x923"), find("envelope/size-1")
	other := "00"
	for _, tt := range []struct {
		name       string
		at         int
		spoil      func(*nodeAnswer)
		onlyStrict bool // the other pipelines are not asked for it
	}{
		{"text", valid, func(o *nodeAnswer) { o.PlainHex = &other }, false},
		{"text without a reading", text, func(o *nodeAnswer) { o.PlainHex = &other }, false},
		{"no text", text, func(o *nodeAnswer) { o.PlainHex = nil }, false},
		{"refusal", valid, func(o *nodeAnswer) { *o = nodeAnswer{Stage: vectors.StagePadding, Debug: o.Debug} }, false},
		{"next", valid, func(o *nodeAnswer) { o.Next += "0" }, false},
		{"data", valid, func(o *nodeAnswer) { o.Data = "null" }, false},
		{"acceptance", refused, func(o *nodeAnswer) { o.Accept, o.PlainHex, o.Next, o.Data = true, &other, "122", "1" }, false},
		{"stage", refused, func(o *nodeAnswer) { o.Stage = vectors.StageMagic }, true},
		{"fault", valid, func(o *nodeAnswer) { o.Fault = "TypeError" }, true},
		{"salt", valid, func(o *nodeAnswer) { o.Debug.SaltHex = "" }, true},
		{"key", valid, func(o *nodeAnswer) { o.Debug.KeyHex = o.Debug.IVHex }, true},
		{"IV", refused, func(o *nodeAnswer) { o.Debug.IVHex = o.Debug.KeyHex }, true},
		{"padded text", valid, func(o *nodeAnswer) { o.Debug.PaddedHex += "00" }, true},
	} {
		spoiled := slices.Clone(runs["node-strict"])
		tt.spoil(&spoiled[tt.at])
		if got := tests.strictly(spoiled); len(got) != 1 {
			t.Errorf("%s, node-strict: %q", tt.name, got)
		}
		for _, p := range envelopesInJS {
			if tt.onlyStrict {
				continue
			}
			spoiled := slices.Clone(runs[p.name])
			tt.spoil(&spoiled[tt.at])
			if _, got := tests.judge(p, spoiled); len(got) != 1 {
				t.Errorf("%s, %s: %q", tt.name, p.name, got)
			}
		}
	}
	for _, p := range envelopesInJS {
		last := len(p.dialects) - 1
		dropped := pipeline{p.name, p.dialects[:last]}
		if _, got := tests.judge(dropped, runs[p.name]); len(got) == 0 {
			t.Errorf("%s passes undeclared in %s", p.dialects[last], p.name)
		}
		added := pipeline{p.name, append(slices.Clone(p.dialects), "utf16-json")}
		if _, got := tests.judge(added, runs[p.name]); len(got) != 1 {
			t.Errorf("%s, a dialect too many: %q", p.name, got)
		}
	}
	silent := slices.Clone(runs["cryptojs-4"])
	for i := range silent {
		silent[i] = nodeAnswer{}
	}
	if _, got := tests.judge(envelopesInJS[2], silent); len(got) < 50 {
		t.Errorf("an oracle that refuses everything: %q", got)
	}
}

// fits reports whether that is the outcome: the text and its reading, a text
// without one where the outcome has no next, or neither.
func (got nodeAnswer) fits(o vectors.Outcome) bool {
	reads := o.Accept && o.Next != ""
	switch {
	case got.Accept != reads:
		return false
	case !o.Accept:
		return true
	}
	return got.PlainHex != nil && *got.PlainHex == *o.PlainHex && got.Next == o.Next && (!reads || sameJSON(got.Data, o.Data))
}

func (got nodeAnswer) String() string {
	text := "no text"
	if got.PlainHex != nil {
		text = "text " + *got.PlainHex
	}
	if got.Accept {
		text += fmt.Sprintf(", next %s, data %.200s", got.Next, got.Data)
	}
	return fmt.Sprintf("%s %s %s", text, got.Stage, got.Fault)
}

// sameJSON compares values, since CryptoJS and Node write them anew.
func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// inJS asks one process for all pipelines.
func (tests nodeTests) inJS(t *testing.T) map[string][]nodeAnswer {
	t.Helper()
	names := []string{"node-strict"}
	for _, p := range envelopesInJS {
		names = append(names, p.name)
	}
	var questions []nodeQuestion
	for _, name := range names {
		for _, test := range tests {
			questions = append(questions, nodeQuestion{name, test.passphraseHex, test.next, test.Msg})
		}
	}
	answers := ask[nodeAnswer](t, questions, "node", "testdata/envelope.js", need.Node(t, "crypto-js"),
		need.File(t, "/usr/share/javascript/cryptojs/rollups/aes.js", "Debian's libjs-cryptojs"))
	runs := map[string][]nodeAnswer{}
	for i, name := range names {
		runs[name] = answers[i*len(tests) : (i+1)*len(tests)]
	}
	return runs
}
