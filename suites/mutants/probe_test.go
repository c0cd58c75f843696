package mutants_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// A probe looks at a backend for one fault, with a few requests, and returns
// what it saw of it, or nothing. Probes know nothing of the suites: they prove
// that a fault is really there, so that a suite that does not find it is at
// fault itself.
type probe func(b *bench) string

// say returns text if something is wrong.
func say(wrong bool, text string) string {
	if wrong {
		return text
	}
	return ""
}

// takes looks for a backend that accepts an inner JSON text which it should
// refuse, or does not accept 121 afterwards.
func takes(text string) probe {
	return takesMessage(func(u unit) string { return u.seal(text) })
}

// takesMessage is takes for an envelope.
func takesMessage(made func(u unit) string) probe {
	return func(b *bench) string {
		u := b.fresh()
		if u.post(made(u)).ok() {
			return "it is accepted"
		}
		return say(!u.send(121), "after it, 121 is refused")
	}
}

// refuses looks for a backend that refuses one of the inner JSON texts.
func refuses(texts ...string) probe {
	return func(b *bench) string {
		u := b.fresh()
		for _, text := range texts {
			if !u.plain(text) {
				return text + " is refused"
			}
		}
		return ""
	}
}

// low is takes on a device that starts at 0.
func low(text string) probe {
	return func(b *bench) string { return say(b.unit("correct horse", 0).plain(text), "it is accepted") }
}

// locked looks for a backend that cannot open what a passphrase has sealed.
func locked(passphrase string) probe {
	return func(b *bench) string { return say(!b.unit(passphrase, 121).send(121), "a good message is refused") }
}

// sends sends numbers, and wants each accepted or refused as written: +121 -120.
func sends(script string) probe { return sendsFrom(121, script) }

func sendsFrom(next uint64, script string) probe {
	return func(b *bench) string {
		u := b.unit("correct horse", next)
		for step := range strings.FieldsSeq(script) {
			var n uint64
			fmt.Sscan(step[1:], &n)
			if u.send(n) != (step[0] == '+') {
				return fmt.Sprintf("%s, at %s, is not so", script, step)
			}
		}
		return ""
	}
}

// edited changes the bytes of an envelope of reading 121.
func edited(edit func(raw []byte) []byte) func(u unit) string {
	return func(u unit) string {
		raw, err := base64.StdEncoding.DecodeString(u.seal(reading(121)))
		if err != nil {
			u.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(edit(raw))
	}
}

// padded is an envelope of reading 121 whose padding is another.
func padded(change func(pad []byte) []byte) func(u unit) string {
	return func(u unit) string {
		text := inner(reading(121))
		return sealRaw(u.passphrase, append([]byte(text), change(make([]byte, 16-len(text)%16))...))
	}
}

func inner(plain string) string { return base64.StdEncoding.EncodeToString([]byte(plain)) }

// pkcs7 is text with its padding.
func pkcs7(text string) []byte {
	n := 16 - len(text)%16
	return append([]byte(text), bytes.Repeat([]byte{byte(n)}, n)...)
}

// sealRaw encrypts text, which is whole blocks, as it is.
func sealRaw(passphrase string, text []byte) string {
	salt := [8]byte{'r', 'a', 'w', byte(salts.Add(1) >> 8), byte(salts.Load())}
	key, iv := envelope.DeriveKey(passphrase, salt)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	cipher.NewCBCEncrypter(block, iv[:]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(slices.Concat([]byte("Salted__"), salt[:], text))
}

// differs looks for a reply to one class of rejections that differs from that to
// a replay.
func differs(class func(u unit) (path, msg string)) probe {
	return func(b *bench) string {
		u := b.fresh()
		u.send(121)
		want, wantCloses := u.do(request(u.path(), u.seal(reading(121))))
		got, gotCloses := u.do(request(class(u)))
		if got.String() != want.String() || gotCloses != wantCloses {
			return fmt.Sprintf("%v, closes: %t; to a replay %v, closes: %t", got, gotCloses, want, wantCloses)
		}
		return ""
	}
}

// to is a class of rejections of a device that is known.
func to(made func(u unit) string) func(u unit) (path, msg string) {
	return func(u unit) (string, string) { return u.path(), made(u) }
}

var (
	badPadding = padded(func(pad []byte) []byte { return append(pad[1:], 0xff) })
	noBase64   = func(u unit) string { return sealRaw(u.passphrase, pkcs7("not base64")) }
	noJSON     = func(u unit) string { return u.seal("value is 300") }
)

// leaks looks for a reply that holds something.
func leaks(what func(u unit) string, made func(u unit) string) probe {
	return func(b *bench) string {
		u := b.fresh()
		return say(strings.Contains(u.post(made(u)).body, what(u)), "it is in the reply")
	}
}

func always(text string) func(unit) string { return func(unit) string { return text } }

// meant looks for a backend that takes a message of one device's under a path
// that is another's, or nobody's.
func meant(path func(u unit) string) probe {
	return func(b *bench) string {
		u := b.fresh()
		a, _ := u.do(request(path(u), u.seal(reading(121))))
		if a.ok() {
			return "it is accepted"
		}
		return say(!u.send(121), "after it, 121 is refused")
	}
}

// spelled looks for a backend that minds how a good request is written.
func spelled(old, with string) probe {
	return func(b *bench) string {
		a := b.fresh().as(121, func(request string) string { return strings.Replace(request, old, with, 1) })
		return say(!a.ok(), "it is refused")
	}
}

// misspelled looks for a backend that does not mind how a request is written.
func misspelled(old, with string) probe {
	return func(b *bench) string {
		u := b.fresh()
		a := u.as(121, func(request string) string { return strings.Replace(request, old, with, 1) })
		return say(a.ok() || !u.send(121), "it is accepted")
	}
}

// keeps looks for a backend that keeps something else than what was sent.
func keeps(data string) probe {
	return func(b *bench) string {
		u := b.fresh()
		u.plain(`{"data":` + data + `,"SEQN":121}`)
		u.send(121) // refused, and not kept
		got := strings.Join(u.data(), ", ")
		return say(got != data, "it keeps "+got)
	}
}

// outlives looks for a backend that goes back on an OK, or loses the reading.
func outlives(fate func(b *bench)) probe {
	return func(b *bench) string {
		u := b.fresh()
		u.send(121)
		fate(b)
		if len(u.data()) == 0 {
			return "the reading is lost"
		}
		return say(u.send(121), "it is accepted again")
	}
}

// races looks for copies of one message of which more than one is accepted, and
// gives up after so many rounds.
func races(rounds int) probe {
	return func(b *bench) string {
		u := b.fresh()
		for n := range uint64(rounds) {
			r := request(u.path(), u.seal(reading(121+n)))
			copies := make([]string, 16)
			for i := range copies {
				copies[i] = r
			}
			if accepted := u.burst(copies); accepted != 1 {
				return fmt.Sprintf("%d of 16 copies are accepted in round %d", accepted, n+1)
			}
		}
		return ""
	}
}

// rises looks for a highest number that is not the last word: of messages that
// rise and come at once it is always accepted, and never again.
func rises(rounds int) probe {
	return func(b *bench) string {
		u := b.fresh()
		for round := range uint64(rounds) {
			var requests []string
			for i := range uint64(16) {
				requests = append(requests, request(u.path(), u.seal(reading(121+16*round+i))))
			}
			u.burst(requests)
			if u.send(121 + 16*round + 15) {
				return fmt.Sprintf("the highest of 16 rising numbers is accepted again in round %d", round+1)
			}
		}
		return ""
	}
}

// asks asks for the next number, and wants what resync is for.
func asks(right func(u unit, text string) string) probe {
	return func(b *bench) string {
		u := b.fresh()
		u.send(121)
		text, msg := u.resync("00112233445566ff")
		if u.post(msg).ok() {
			return "the answer passes for a reading"
		}
		return right(u, text)
	}
}

// resync returns what a backend answers, opened and sealed.
func (u unit) resync(nonce string) (text, msg string) {
	a, _ := u.do("GET /sqn/" + u.id + "?nonce=" + nonce + " HTTP/1.1\r\nHost: x\r\n\r\n")
	_, rest, _ := strings.Cut(a.body, `"msg":"`)
	msg, _, _ = strings.Cut(rest, `"`)
	plain, err := envelope.OpenPlain(u.passphrase, msg)
	if err != nil {
		u.Fatalf("resync: %v: %v", a, err)
	}
	return string(plain), msg
}

// fastest is the shortest of some round trips, which a busy machine lengthens
// but does not shorten.
func (u unit) fastest(made func(u unit) string) time.Duration {
	best := time.Hour
	for range 60 {
		r := request(u.path(), made(u))
		start := time.Now()
		u.do(r)
		best = min(best, time.Since(start))
	}
	return best
}
