package construct

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func (b *builder) innerOps() ops {
	return ops{
		"inner-raw": func(a *arguments) error {
			b.Inner = a.hex()
			return a.err
		},
		"inner-text": func(a *arguments) error {
			text, err := respell(a, string(b.Inner), b.Text)
			b.Inner = []byte(text)
			return err
		},
	}
}

func (b *builder) outerOps() ops {
	return ops{
		"outer-text": func(a *arguments) (err error) {
			b.Msg, err = respell(a, b.Msg, b.Raw)
			if err == nil && !utf8.ValidString(b.Msg) {
				err = errors.New("a text under msg has to be UTF-8")
			}
			return err
		},
	}
}

// respell returns text, which is base64 of raw, written otherwise.
func respell(a *arguments, text string, raw []byte) (string, error) {
	body := strings.TrimRight(text, "=")
	switch a.op.Style {
	case "append":
		text += a.text()
	case "prepend":
		text = a.text() + text
	case "insert": // before the character at
		at := a.within(a.at(), len(text), 0)
		text = text[:at] + a.text() + text[at:]
	case "replace": // the characters from at on, by as many
		s := a.text()
		at := a.within(a.at(), len(text), len([]rune(s)))
		text = text[:at] + s + text[min(len(text), at+len([]rune(s))):]
	case "cut": // from the character at on
		text = text[:a.within(a.at(), len(text), 0)]
	case "lines": // text after each n characters, the last line included
		n, end := a.n(), a.text()
		if n < 1 {
			return "", errBeyond
		}
		var lines strings.Builder
		for ; len(text) > n; text = text[n:] {
			lines.WriteString(text[:n] + end)
		}
		text = lines.String() + text + end
	case "no-padding":
		text = body
	case "less-padding": // one = of two
		text = strings.TrimSuffix(text, "=")
	case "url-alphabet":
		text = base64.URLEncoding.EncodeToString(raw)
	case "stray-bits": // in the bits that padding leaves over: 1 to 15 where there are four, 1 to 3 where two
		n := a.n()
		if len(body) == len(text) || n < 1 || n >= 1<<(2*(len(text)-len(body))) {
			return "", errBeyond
		}
		last := strings.IndexByte(alphabet, (" " + body)[len(body)])
		if last < 0 {
			return "", errBeyond
		}
		text = body[:len(body)-1] + string(alphabet[last|n]) + text[len(body):]
	case "none": // not encoded at all
		text = string(raw)
	case "double":
		text = base64.StdEncoding.EncodeToString([]byte(text))
	case "hex":
		text = hex.EncodeToString(raw)
	case "escaped": // each + and / as a URL spells it
		text = strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(text)
	case "data-url":
		text = "data:application/octet-stream;base64," + text
	case "quoted":
		text = `"` + text + `"`
	case "empty":
		text = ""
	default:
		return "", a.style()
	}
	return text, a.err
}
