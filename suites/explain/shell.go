package explain

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// line is a line for a POSIX shell that shows something of a case with programs
// that are none of ours: openssl, xxd, python3. What it prints is known, and a
// test runs it.
type line struct {
	about string
	text  string
	dumps []byte // what xxd shows, if it ends in xxd
	says  string // else what it prints, without the last line feed; empty if that depends on versions

	begins string // what its first line is
	denies string // what it must not print
}

// shell writes the lines. What cannot be folded is not, so that all of it can be
// pasted.
func (p *page) shell(lines []line) {
	for i, l := range lines {
		if i > 0 {
			p.line("")
		}
		for _, about := range fold(l.about, width-4) {
			p.line("  %s", p.paint(faint, "# "+about))
		}
		for text := range strings.SplitSeq(l.text, "\n") {
			p.line("  %s", text)
		}
		if l.says != "" && len(l.says) < width-6 && !strings.Contains(l.says, "\n") {
			p.line("  %s", p.paint(faint, "# → "+l.says))
		}
	}
}

// quote returns s as a word of a POSIX shell that printf, when it takes it for
// its format, prints as it is, whatever is in it.
func quote(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == '%':
			b.WriteString("%%")
		case c < 0x20 || c > 0x7e || c == '\\' || c == '\'':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return "'" + b.String() + "'"
}

// envelopeLines show where a message stops, and why.
func envelopeLines(t *vectors.EnvelopeTest, w *way, well message) []line {
	show := "m=" + quote(t.Msg) + "\n" + decode
	switch w.refused() {
	case vectors.StageOuterBase64:
		lines := []line{{about: "decoded and encoded again, it is another text", text: show + " | openssl base64 -A; echo", denies: t.Msg}}
		if well.msg != "" {
			lines = append(lines, decryptLine("what was sealed, when the spelling is put right", well.msg, hex.EncodeToString(well.key), hex.EncodeToString(well.iv), well.padded))
		}
		return lines
	case vectors.StageMagic:
		return []line{{about: "its first bytes", text: show + " | head -c 8 | xxd", dumps: w.raw[:min(len(magic), len(w.raw))]}}
	case vectors.StageLength:
		n := max(0, len(w.raw)-headerSize)
		return []line{{about: "how many bytes of ciphertext there are: it should be 16, 32, …", text: show + " | tail -c +17 | wc -c | tr -d ' '", says: fmt.Sprint(n)}}
	}
	key, iv := hex.EncodeToString(w.key), hex.EncodeToString(w.iv)
	lines := []line{decryptLine("decrypted, with its padding", t.Msg, key, iv, w.padded)}
	if w.text != nil {
		lines = append(lines, line{
			about: "and the text in it",
			text:  decode + " | tail -c +17 |\n  openssl enc -d -aes-256-cbc -K $k -iv $v | openssl base64 -d -A; echo",
			says:  oneLine(w.text),
		})
	}
	return lines
}

// decode is how a shell decodes what m holds.
const decode = `printf "$m" | openssl base64 -d -A`

// oneLine returns what a shell prints of text, if that is a line to compare.
func oneLine(text []byte) string {
	if s := string(text); printable(s) == s && !strings.HasSuffix(s, " ") {
		return s
	}
	return ""
}

func decryptLine(about, msg, key, iv string, padded []byte) line {
	return line{
		about: about + " (key and IV: what the KDF gives for the passphrase and this salt)",
		text: "m=" + quote(msg) + "\nk=" + key + "\nv=" + iv + "\n" +
			decode + " | tail -c +17 |\n  openssl enc -d -aes-256-cbc -nopad -K $k -iv $v | xxd",
		dumps: padded,
	}
}

// kdfLines derive key and IV.
func kdfLines(passphraseHex, saltHex, keyHex, ivHex string) []line {
	chain := fmt.Sprintf("p=%s s=%s\n", passphraseHex, saltHex) +
		"h() { xxd -r -p | openssl dgst -md5 -r | cut -c1-32; }\n" +
		"a=$(echo $p$s | h); b=$(echo $a$p$s | h); c=$(echo $b$p$s | h)\n" +
		"echo key=$a$b; echo iv=$c"
	says := "key=" + keyHex + "\niv=" + ivHex
	lines := []line{{about: "three times MD5, each over the one before, passphrase and salt", text: chain, says: says}}
	passphrase := string(mustHex(passphraseHex))
	if passphrase != "" && len(passphrase) <= 512 && strings.IndexFunc(passphrase, func(r rune) bool { return r < 0x20 || r > 0x7e }) < 0 {
		lines = append(lines, line{
			about: "the same by openssl enc",
			text: fmt.Sprintf("openssl enc -aes-256-cbc -md md5 -S %s -P \\\n  -pass 'pass:%s' 2>/dev/null | tail -n 2 | tr A-F a-f | tr -d ' '",
				saltHex, strings.ReplaceAll(passphrase, "'", `'\''`)),
			says: says,
		})
	}
	return lines
}

// payloadLines have Python read the text.
func payloadLines(text []byte) []line {
	return []line{{
		about: "the text, and what Python makes of it, objects as lists of their members",
		text: "x=" + hex.EncodeToString(text) + "\n" +
			"python3 -c 'import json,sys; t=bytes.fromhex(sys.argv[1]); print(\n" +
			"  t.hex(\" \"), t, sep=\"\\n\", flush=True); print(\n" +
			"  json.loads(t, object_pairs_hook=list))' $x 2>&1",
		begins: spacedAll(text),
	}}
}

func spacedAll(p []byte) string { return fmt.Sprintf("% x", p) }

// sealLines seal a text as the device does.
func sealLines(t *vectors.DeviceTest, text []byte) []line {
	return []line{{
		about: "the same message by openssl",
		text: "t=" + quote(string(text)) + "\nk=" + t.KeyHex + "\n{ printf Salted__; echo " + t.SaltHex + " | xxd -r -p\n" +
			`  printf "$t" | openssl base64 -A |` + "\n  openssl enc -aes-256-cbc -K $k -iv " + t.IVHex + "; } | openssl base64 -A; echo",
		says: t.Msg,
	}}
}

// decodedMsg returns the bytes of a message that is well made.
func decodedMsg(msg string) []byte {
	p, err := base64.StdEncoding.DecodeString(msg)
	if err != nil {
		return nil
	}
	return p
}
