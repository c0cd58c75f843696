package live

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// errTemplate reports a template that breaks the rules of HTTPRequest.
var errTemplate = errors.New("live: template")

// piece is bytes that are written at once, and what is done before them.
type piece struct {
	bytes []byte
	await bool // 100 Continue is awaited first
}

// filler is what the parameters of a template stand for.
type filler struct {
	host, base string
	device     string // id, as it is
	nobody     string
	msg        [2]string // with the number next, and the one after it
}

// filled is a request as it is sent.
type filled struct {
	pieces []piece
	method string
	uses   [2]bool // which of the messages it carries
}

// The marks that stand in the text while lengths are not known yet. No template
// contains bytes of this kind.
const (
	flushMark  = "\xff\xfeF\xfe\xff"
	awaitMark  = "\xff\xfeA\xfe\xff"
	lengthMark = "\xff\xfeL\xfe\xff"
)

// fill replaces the parameters of a template.
func (f filler) fill(template string) (filled, error) {
	out, uses, deltas, err := f.text(template)
	if err != nil {
		return filled{}, fmt.Errorf("%w: %w", errTemplate, err)
	}
	done := filled{uses: uses}
	done.method, _, _ = strings.Cut(strings.TrimLeft(plainOf(out), "\r\n"), " ")
	size := len(bodyOf(plainOf(out)))
	for _, delta := range deltas {
		out = strings.Replace(out, lengthMark, strconv.Itoa(size+delta), 1)
	}
	for i, waits := range strings.Split(out, awaitMark) {
		for j, part := range strings.Split(waits, flushMark) {
			done.pieces = append(done.pieces, piece{bytes: []byte(part), await: i > 0 && j == 0})
		}
	}
	return done, nil
}

func plainOf(s string) string {
	return strings.NewReplacer(flushMark, "", awaitMark, "", lengthMark, "").Replace(s)
}

// bodyOf returns what follows the first empty line.
func bodyOf(s string) string {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if _, body, found := strings.Cut(s, end); found {
			return body
		}
	}
	return ""
}

// text replaces all parameters but the length, for which it returns what each of
// its places adds to it.
func (f filler) text(template string) (out string, uses [2]bool, deltas []int, err error) {
	var all strings.Builder
	var chunk *strings.Builder // what is to be sent in chunks
	var size int
	to := &all
	for rest := template; rest != ""; {
		before, after, is := strings.Cut(rest, "${")
		to.WriteString(before)
		if !is {
			break
		}
		word, tail, closed := strings.Cut(after, "}")
		if !closed {
			return "", uses, nil, fmt.Errorf("%q does not end", "${"+after)
		}
		rest = tail
		name, argument, _ := strings.Cut(word, ":")
		switch {
		case strings.HasPrefix(name, "LENGTH"):
			delta := 0
			if name != "LENGTH" {
				if delta, err = strconv.Atoi(strings.TrimPrefix(name, "LENGTH")); err != nil {
					return "", uses, nil, err
				}
			}
			deltas = append(deltas, delta)
			to.WriteString(lengthMark)
		case name == "CHUNKED":
			if size, err = strconv.Atoi(argument); err != nil || size < 1 || chunk != nil {
				return "", uses, nil, fmt.Errorf("%q within another, or without a size", word)
			}
			chunk = &strings.Builder{}
			to = chunk
		case name == "END" || name == "CUT":
			if chunk == nil {
				return "", uses, nil, fmt.Errorf("%q closes nothing", word)
			}
			to = &all
			writeChunks(to, chunk.String(), size, name == "END", argument)
			chunk = nil
		default:
			s, err := f.value(name, argument, &uses)
			if err != nil {
				return "", uses, nil, err
			}
			to.WriteString(s)
		}
	}
	if chunk != nil {
		return "", uses, nil, errors.New("the chunks are not closed")
	}
	return all.String(), uses, deltas, nil
}

// writeChunks writes text in chunks and, if it ends, the last one and a trailer.
func writeChunks(to *strings.Builder, text string, size int, ends bool, trailer string) {
	text = plainOf(text)
	for len(text) > 0 {
		n := min(size, len(text))
		fmt.Fprintf(to, "%x\r\n%s\r\n", n, text[:n])
		text = text[n:]
	}
	if !ends {
		return
	}
	to.WriteString("0\r\n")
	if trailer != "" {
		to.WriteString(trailer + "\r\n")
	}
	to.WriteString("\r\n")
}

// value is what one parameter stands for.
func (f filler) value(name, argument string, uses *[2]bool) (string, error) {
	switch name {
	case "HOST":
		return f.host, nil
	case "BASE":
		return f.base, nil
	case "NOBODY":
		return url.PathEscape(f.nobody), nil
	case "DEVICE":
		return f.id(argument)
	case "MSG", "MSG+1":
		i := 0
		if name == "MSG+1" {
			i = 1
		}
		uses[i] = true
		return spell(f.msg[i], argument)
	case "FLUSH":
		return flushMark, nil
	case "CONTINUE":
		return awaitMark, nil
	case "HEX":
		p, err := hex.DecodeString(argument)
		return string(p), err
	case "REPEAT":
		times, text, _ := strings.Cut(argument, ":")
		n, err := strconv.Atoi(times)
		if err != nil || n < 0 || n*len(text) > 64<<20 {
			return "", fmt.Errorf("REPEAT of %q", argument)
		}
		return strings.Repeat(text, n), nil
	}
	return "", fmt.Errorf("there is no parameter %q", name)
}

// id is the device's, as it stands in a path.
func (f filler) id(style string) (string, error) {
	switch style {
	case "":
		return url.PathEscape(f.device), nil
	case "percent":
		return percent(f.device), nil
	case "swapcase":
		swapped := strings.Map(func(r rune) rune {
			if unicode.IsUpper(r) {
				return unicode.ToLower(r)
			}
			return unicode.ToUpper(r)
		}, f.device)
		if swapped == f.device {
			return "", notRun("the id %s has no letters", f.device)
		}
		return url.PathEscape(swapped), nil
	}
	return "", fmt.Errorf("there is no way %q to write an id", style)
}

func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// spell is a message, as it stands in a body or a query.
func spell(msg, style string) (string, error) {
	switch style {
	case "":
		return msg, nil
	case "escaped":
		var b bytes.Buffer
		for _, c := range []byte(msg) {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
		return b.String(), nil
	case "query":
		return url.QueryEscape(msg), nil
	case "split":
		return msg[:len(msg)/2] + flushMark + msg[len(msg)/2:], nil
	}
	return "", fmt.Errorf("there is no way %q to write a message", style)
}
