package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// kdf writes a key derivation.
func (b book) kdf(p *page, t *vectors.KDFTest) {
	p.section("The bytes")
	p.derivation(t.PassphraseHex, t.SaltHex, t.KeyHex, t.IVHex)
	if len(t.WrongKeys) > 0 {
		p.section("What others make of it")
	}
	for _, wrong := range t.WrongKeys {
		b.dialectLine(p, wrong.Dialect, "derives key "+wrong.KeyHex[:16]+"…, IV "+wrong.IVHex[:16]+"…")
	}
	p.section("See it")
	p.shell(kdfLines(t.PassphraseHex, t.SaltHex, t.KeyHex, t.IVHex))
}

// derivation writes how key and IV come of passphrase and salt.
func (p *page) derivation(passphraseHex, saltHex, keyHex, ivHex string) {
	passphrase := mustHex(passphraseHex)
	p.say("passphrase", column, "%s", passphraseInWords(passphrase))
	if len(passphrase) > 0 && len(passphrase) <= 64 {
		p.say("", column, "%s", passphraseHex)
	}
	p.say("", column, "(%s)", count(len(passphrase), "byte"))
	p.say("salt", column, "%s", saltHex)
	p.line("")
	for _, d := range []struct{ name, from, what, hex string }{
		{"D1", "passphrase, salt", "key, 0-15", keyHex[:32]},
		{"D2", "D1, passphrase, salt", "key, 16-31", keyHex[32:]},
		{"D3", "D2, passphrase, salt", "IV", ivHex},
	} {
		p.line("  %-3s= MD5(%-22s%s  %s", d.name, d.from+")", d.hex, p.paint(blue, d.what))
	}
}

// stagesOfText are those that a text passes once it is out of its envelope.
var stagesOfText = []vectors.Stage{
	vectors.StageInnerUTF8, vectors.StageInnerJSON, vectors.StageFields, vectors.StageSEQNType, vectors.StageSEQNReplay,
}

// payload writes a text as it was sealed, and its way.
func (b book) payload(p *page, g *vectors.Group, t *vectors.PayloadTest) {
	text := mustHex(t.PlainHex)
	recipe(p, t.Construct)
	p.section("The bytes")
	if shown := printable(string(text)); shown == string(text) && len(text) <= longest {
		p.block("text", column, shown, nil)
	} else {
		p.say("text", column, "%s", short(text))
		p.line("")
		p.hexdump(text)
	}
	p.section("What a strict backend meets, whose next is " + g.Next)
	p.stagesOf(read(text, g.Next), stagesOfText)
	b.dialects(p, &t.Case)
	p.section("See it")
	p.shell(payloadLines(text))
}

// deviceText is what a board seals.
func deviceText(t *vectors.DeviceTest) []byte {
	return fmt.Appendf(nil, `{"data":%s,"SEQN":%s}`, t.Data, t.SEQN)
}

// device writes a known answer of a board.
func (b book) device(p *page, t *vectors.DeviceTest) {
	text := deviceText(t)
	p.section("The bytes")
	p.derivation(t.PassphraseHex, t.SaltHex, t.KeyHex, t.IVHex)
	p.line("")
	p.say("text", column, "%s", short(text))
	p.block("msg", column, head(t.Msg), nil)
	p.line("")
	w := open(mustHex(t.PassphraseHex), t.Msg, "0")
	if w.padded != nil {
		p.blocks(w, message{padded: w.padded, ct: decodedMsg(t.Msg)[headerSize:], msg: t.Msg})
	}
	p.section("See it")
	p.say("", 0, "A board gives the same answer to the verb seal of its console.")
	p.shell(sealLines(t, text))
}

// sequence writes a history as a table.
func (b book) sequence(p *page, t *vectors.SequenceTest) {
	p.section("The history")
	p.initial(t.Initial)
	p.line("")
	missing := slices.ContainsFunc(t.Steps, func(s vectors.Step) bool { return s.Missing != "" })
	p.line("  %s", p.paint(faint, strings.TrimRight("step  "+pad("sends", 36)+"answer  "+pad("next", 17)+strings.Repeat("missing", one(missing)), " ")))
	for i, s := range t.Steps {
		if s.Before != "" {
			p.line("        %s", p.paint(yellow, "— "+events[s.Before]+" —"))
		}
		device, what := target(t.Steps, i)
		shade := red
		if s.Status == "OK" {
			shade = green
		}
		answer := p.paint(shade, s.Status) + pad("", 6-len(s.Status))
		p.line("  %4d  %s  %s  %s%s", i, pad(cut(device+": "+what, 34), 34), answer, pad(s.Next, 17), s.Missing)
	}
}

// events is what can be done to a backend before a step.
var events = map[string]string{
	"restart": "the backend is restarted",
	"kill9":   "the backend is killed, and started again",
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// cut shortens text to n characters.
func cut(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}

func (p *page) initial(initial map[string]string) {
	var parts []string
	for _, device := range slices.Sorted(maps.Keys(initial)) {
		parts = append(parts, fmt.Sprintf("device %s has next %s", device, initial[device]))
	}
	p.say("before", column, "%s", strings.Join(parts, "; "))
}

// target returns to which device a step sends, and what, in words.
func target(steps []vectors.Step, i int) (device, what string) {
	s := steps[i].Send
	device = s.Device
	if s.ReplayOf == nil {
		what = "SEQN " + s.SEQN
		if s.Vector != "" {
			what = s.Vector + ", " + what
		}
		return device, what
	}
	if device == "" && *s.ReplayOf < i {
		device, _ = target(steps, *s.ReplayOf)
	}
	return device, fmt.Sprintf("the bytes of step %d again", *s.ReplayOf)
}

// other writes a test of a type that has no page of its own: its fields.
func (b book) other(p *page, t vectors.Test) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	fields, err := members(text)
	if err != nil {
		return err
	}
	common, err := json.Marshal(t.Common())
	if err != nil {
		return err
	}
	known, err := members(common)
	if err != nil {
		return err
	}
	p.section("The test")
	for _, f := range fields {
		if isOne(known, f.key) {
			continue
		}
		var out bytes.Buffer
		if err := json.Indent(&out, f.value, "", "  "); err != nil {
			return err
		}
		for i, l := range strings.Split(out.String(), "\n") {
			p.line("  %-*s%s", column, first(i, f.key), printable(l))
		}
	}
	return nil
}

func isOne(list []member, key string) bool {
	for _, m := range list {
		if m.key == key {
			return true
		}
	}
	return false
}
