package explain

import (
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// recipe writes in words how the message is made.
func recipe(p *page, c vectors.Construct) {
	p.section("How it is made")
	plain := c.Plain
	if c.PlainHex != "" {
		plain = string(mustHex(c.PlainHex))
	}
	p.say("seal", column, "%s", short([]byte(plain)))
	if strings.Contains(plain, "${SEQN}") {
		p.say("", column, "where ${SEQN} is %s here", c.SEQN)
	}
	if c.SaltHex != "" {
		p.say("salt", column, "%s", c.SaltHex)
	}
	for _, op := range c.Ops {
		name := op.Op
		if op.Style != "" {
			name += " " + op.Style
		}
		label := "but"
		if op.Op == "stretch" || op.Op == "search" {
			label = "first" // it only makes room for the defect
		}
		p.shaded(yellow, label, column, "%s", inWords(op))
		p.say("", column, "(%s)", name)
	}
	if len(c.Ops) == 0 && c.SaltHex != "" {
		p.say("", column, "as PROTOCOL.md 1 says")
	}
}

// inWords says what an op does.
func inWords(op vectors.Op) string {
	words, known := opWords[op.Op+" "+op.Style]
	if !known {
		words, known = opWords[op.Op]
	}
	if !known {
		return strings.TrimSpace(op.Op + " " + op.Style)
	}
	return strings.NewReplacer(
		"{at}", place("byte", op.At), "{char}", place("character", op.At), "{n}", number(op.N),
		"{block}", place("block", op.Block), "{to}", place("block", op.To),
		"{hex}", shortHex(op.Hex), "{text}", fmt.Sprintf("%.60q", op.Text), "{plain}", printable(op.Plain),
	).Replace(words)
}

// place says which one is meant; below 0 it counts from the end.
func place(what string, n *int) string {
	switch {
	case n == nil:
		return what + " 0"
	case *n == -1:
		return "the last " + what
	case *n < 0:
		return fmt.Sprintf("%s %d from the end", what, -*n)
	}
	return fmt.Sprintf("%s %d", what, *n)
}

func number(n *int) string {
	if n == nil {
		return "0"
	}
	return fmt.Sprint(*n)
}

func shortHex(s string) string {
	const most = 48
	if len(s) > most {
		return fmt.Sprintf("%s… (%d bytes)", s[:most], len(s)/2)
	}
	return s
}

// opWords says what each op does, by its name, or by name and style.
var opWords = map[string]string{
	"search seqn":   "choose what stands for ${FILL} so that one flipped byte raises SEQN, and only strict base64 notices",
	"search text":   "choose what stands for ${FILL} so that one flipped byte raises {text}, and only strict base64 notices",
	"search splice": "choose what stands for ${FILL} so that these blocks, and from there on those of {plain}, make a message that nobody can refuse",

	"stretch padding": "put spaces behind the text until PKCS#7 adds {n} bytes",
	"stretch inner":   "put spaces behind the text until {n} = stand behind the inner base64",
	"stretch outer":   "put spaces behind the text until {n} = stand behind msg",

	"recode bom":      "put a byte order mark before the text",
	"recode utf-16le": "write the text in UTF-16, little-endian",
	"recode utf-16be": "write the text in UTF-16, big-endian",
	"recode utf-16":   "write the text in UTF-16, little-endian, behind a byte order mark",

	"inner-raw":  "seal these bytes in place of base64: {hex}",
	"inner-text": "spell the inner base64 otherwise",

	"inner-text append": "put {text} behind the inner base64",
	"outer-text append": "put {text} behind msg",

	"inner-text prepend": "put {text} before the inner base64",
	"outer-text prepend": "put {text} before msg",

	"inner-text insert": "put {text} into the inner base64, before {char}",
	"outer-text insert": "put {text} into msg, before {char}",

	"inner-text replace": "write {text} over the inner base64, from {char} on",
	"outer-text replace": "write {text} over msg, from {char} on",

	"inner-text cut": "cut the inner base64 off from {char} on",
	"outer-text cut": "cut msg off from {char} on",

	"inner-text lines": "put {text} behind each {n} characters of the inner base64, the last line included",
	"outer-text lines": "put {text} behind each {n} characters of msg, the last line included",

	"inner-text no-padding": "leave out the = of the inner base64",
	"outer-text no-padding": "leave out the = of msg",

	"inner-text less-padding": "leave out one = of the inner base64",
	"outer-text less-padding": "leave out one = of msg",

	"inner-text url-alphabet": "use the URL alphabet inside: - and _ for + and /",
	"outer-text url-alphabet": "use the URL alphabet for msg: - and _ for + and /",

	"inner-text stray-bits": "set the unused bits of the last character of the inner base64 to {n}",
	"outer-text stray-bits": "set the unused bits of the last character of msg to {n}",

	"inner-text none": "seal the text as it is, without base64",
	"outer-text none": "send the bytes as they are, without base64",

	"inner-text double": "encode the inner base64 once more",
	"outer-text double": "encode msg once more",

	"inner-text hex": "seal the text in hexadecimal digits in place of base64",
	"outer-text hex": "send hexadecimal digits in place of base64",

	"inner-text escaped": "spell + / and = of the inner base64 as a URL does",
	"outer-text escaped": "spell + / and = of msg as a URL does",

	"inner-text data-url": "put the head of a data URL before the inner base64",
	"outer-text data-url": "put the head of a data URL before msg",

	"inner-text quoted": "put quotes around the inner base64",
	"outer-text quoted": "put quotes around msg",

	"inner-text empty": "seal nothing",
	"outer-text empty": "send nothing",

	"pad x923":     "pad as ANSI X9.23 does: zeros, then the length",
	"pad iso7816":  "pad as ISO/IEC 7816-4 does: 80, then zeros",
	"pad iso10126": "pad as ISO 10126 does: anything, then the length",
	"pad zero":     "pad with zeros, as many as PKCS#7 would add",
	"pad space":    "pad with spaces",
	"pad last":     "let the last byte of the padding be {n}",
	"pad xor":      "change the padding at {at} by {hex}",
	"pad value":    "let each byte of the padding be {n}",
	"pad count":    "add {n} bytes of padding, each saying so",
	"pad block":    "pad, and then pad once more",
	"pad none":     "do not pad",
	"pad bytes":    "pad with {hex}",

	"rekey passphrase":    "seal under another passphrase, {text}",
	"rekey trimmed":       "seal under the passphrase and a space behind it",
	"rekey hex":           "decode the passphrase as hexadecimal before deriving the key",
	"rekey sha256":        "derive key and IV with SHA-256 in place of MD5, as openssl enc does by itself since 1.1.0",
	"rekey pbkdf2":        "derive key and IV by PBKDF2, as openssl enc -pbkdf2 does",
	"rekey aes-128":       "derive 16 bytes of key and seal with AES-128",
	"rekey iv-before-key": "take the IV from the front of what is derived, and the key from behind it",
	"rekey no-salt":       "derive without the salt, which stands in the header only",
	"rekey zero-iv":       "seal with an IV of zeros",
	"rekey ecb":           "seal with AES in ECB, block by block",
	"rekey ctr":           "seal with AES in CTR mode",

	"xor":             "change the ciphertext from {at} on by {hex}",
	"truncate":        "cut the ciphertext off from {at} on",
	"append":          "put {hex} behind the ciphertext",
	"swap-blocks":     "swap {block} and {to} of the ciphertext",
	"drop-block":      "leave out {block} of the ciphertext",
	"duplicate-block": "put {block} of the ciphertext once more before {to}",
	"splice":          "put other blocks, from {block} on: those of a message with the same salt that seals {plain}",

	"header drop":     "send the ciphertext alone, without magic and salt",
	"header no-magic": "leave out the magic",
	"header no-salt":  "leave out the salt",
	"header lower":    "write the magic in small letters",
	"header upper":    "write the magic in capitals",
	"header magic":    "put {hex} in place of the magic",
	"header xor":      "change magic and salt from {at} on by {hex}",
	"header twice":    "put magic and salt there twice",
	"header prepend":  "put {hex} before the magic",
	"header cut":      "cut the message off from {at} on",
}
