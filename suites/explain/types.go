package explain

import (
	"fmt"

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
