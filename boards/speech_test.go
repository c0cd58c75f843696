package boards_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
)

const speaking = good + `speech:
  ready: '^ready, next is (?P<next>\d+)'
  device: {id: greenhouse}
  backend: 10.0.0.2:1880
  verbs:
    send: {type: "send {data:hex}\n"}
    skip:
      type: "skip {n}\n"
      answer: '(?P<next>\d+)'
  reading:
    begins: '^Sending (?P<seqn>\d+)'
    accepted: 'OK$'
    refused: 'NOT OK$'
`

func TestSpeech(t *testing.T) {
	d, err := boards.Load([]byte(speaking))
	if err != nil {
		t.Fatal(err)
	}
	for v, lacks := range map[boards.Verb]bool{
		boards.Send: false, boards.Skip: false, boards.Read: true, boards.Provision: true, boards.Server: true, boards.Digest: true,
		boards.Attempts: true, boards.Presumed: true, boards.Unknown: true, boards.Facts: true,
	} {
		if d.Lacks(v) != lacks {
			t.Errorf("Lacks(%s) = %t", v, !lacks)
		}
	}
	found, ok := d.Speech.Ready.Find("ready, next is 12.")
	if !ok || found["next"] != "12" {
		t.Errorf("found %v, %t", found, ok)
	}
	if found, ok := d.Speech.Reading.Again.Find("anything"); ok {
		t.Errorf("a pattern that is not there finds %v", found)
	}
	got := d.Speech.Verbs[boards.Send].Fill(func(name string, hex bool) string {
		if name != "data" || !hex {
			t.Errorf("asked for %q, hex %t", name, hex)
		}
		return "{data}"
	})
	if got != "send {data}\n" {
		t.Errorf("typed %q", got)
	}
}

// A console may take any byte, as Ctrl-C.
func TestSpeechOfControlBytes(t *testing.T) {
	d, err := boards.Load([]byte(strings.Replace(speaking, `"skip {n}\n"`, `"\x03\e{n}\0"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Speech.Verbs[boards.Skip].Type; got != "\x03\x1b{n}\x00" {
		t.Errorf("types %q", got)
	}
}

// A few bytes that stand for gigabytes are refused at once.
func TestLoadRefusesBombs(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 8), c-1)
	}
	for text, says := range map[string]string{
		bomb: "line 1: a descriptor has no anchors",
		"\n\na: " + strings.Repeat("[", 8000) + strings.Repeat("]", 8000): "line 3: more than 16 brackets",
		" ": "got null",
	} {
		if _, err := boards.Load([]byte(text)); !errors.Is(err, boards.ErrDescriptor) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
}

// Firmware that speaks the control protocol does as it is told.
func TestNoSpeech(t *testing.T) {
	d, err := boards.Lookup("virtual")
	if err != nil {
		t.Fatal(err)
	}
	if d.Lacks(boards.Send) || d.Lacks(boards.Facts) || d.Lacks(boards.Presumed) || !d.Lacks(boards.Read) {
		t.Error("the control protocol has all verbs but read")
	}
}

// What is wrong in a speech is said with its line, and on one.
func TestSpeechRefused(t *testing.T) {
	for _, tt := range []struct{ name, old, new, says string }{
		{"a pattern that does not compile", `'OK$'`, `'(OK$'`, "line 19, speech.reading.accepted: error parsing regexp: missing closing )"},
		{"an answer that does not compile", `'(?P<next>\d+)'`, `'(?P<next>\d+'`, "line 16, speech.verbs.skip.answer: error parsing regexp"},
		{"an alias", `{id: greenhouse}`, `&who {id: greenhouse}`, "line 10: a descriptor has no anchors and no aliases"},
		{"a pattern without its group", `(?P<seqn>\d+)`, `\d+`, "line 18, speech.reading.begins: the pattern has no group (?P<seqn>…)"},
		{"a group of no meaning", `'NOT OK$'`, `'NOT (?P<ok>OK)$'`, `line 20, speech.reading.refused: nothing is known of a group "ok"`},
		{"an argument of no meaning", `skip {n}`, `skip {n} {m}`, "line 15, speech.verbs.skip.type: {m} is no argument of skip; it has n"},
		{"an argument that is missing", `skip {n}`, `skip`, "line 15, speech.verbs.skip.type: {n} or {n:hex} is missing"},
		{"no answer", "      answer: '(?P<next>\\d+)'\n", "", "speech.verbs.skip: an answer is needed, with next"},
		{"an answer that does not tell", `'(?P<next>\d+)'`, `'\d+'`, "line 16, speech.verbs.skip.answer: the pattern has no group (?P<next>…)"},
		{"a verb that there is not", "    skip:", "    jump:", "speech.verbs: additional properties 'jump' not allowed"},
		{"nothing that sends", `    send: {type: "send {data:hex}\n"}` + "\n", "", "one of send and read is needed"},
		{"nobody it could be", "  device: {id: greenhouse}\n", "", "without a verb provision the firmware has an id compiled in"},
		{"nowhere it could post", "  backend: 10.0.0.2:1880\n", "", "without a verb server the firmware has an address compiled in"},
		{"an address that is none", "10.0.0.2:1880", "10.0.0.256:1880", "line 11, speech.backend: 10.0.0.256:1880 is no IPv4 address and port"},
		{"no outcome", "    refused: 'NOT OK$'\n", "", "speech.reading: missing property 'refused'"},
		{"a field of no meaning", "  ready:", "  colour: red\n  ready:", "speech: additional properties 'colour' not allowed"},
		{"another image than there is", "speech:", "firmware: arduino\nspeech:", "line 8, firmware: value must be one of"},
	} {
		p := strings.Replace(speaking, tt.old, tt.new, 1)
		d, err := boards.Load([]byte(p))
		if !errors.Is(err, boards.ErrDescriptor) || d != nil || p == speaking {
			t.Errorf("%s: %v, %v", tt.name, d, err)
			continue
		}
		if got := err.Error(); !strings.Contains(got, tt.says) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q does not say %q on one line", tt.name, got, tt.says)
		}
	}
}

// No message repeats the passphrase, whatever is wrong around it.
func TestPassphraseUnsaid(t *testing.T) {
	const secret = "nobody else would choose this"
	whole := strings.Replace(speaking, "{id: greenhouse}", "{id: greenhouse, passphrase: "+secret+"}", 1)
	if _, err := boards.Load([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a bracket open":       {secret + "}", secret},
		"a tab":                {"  backend:", "\tbackend:"},
		"a key twice":          {"  backend:", "  ready: x\n  backend:"},
		"a pattern broken":     {`'OK$'`, `'(OK$'`},
		"a passphrase as list": {"passphrase: " + secret, "passphrase: [" + secret + "]"},
		"one too long":         {secret, strings.Repeat(secret, 10)},
	} {
		p := strings.Replace(whole, change[0], change[1], 1)
		_, err := boards.Load([]byte(p))
		if !errors.Is(err, boards.ErrDescriptor) {
			t.Errorf("%s: %v, want ErrDescriptor", name, err)
		} else if got := err.Error(); strings.Contains(got, secret) || strings.Contains(got, "\n") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
