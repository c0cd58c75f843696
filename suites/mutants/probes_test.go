package mutants_test

import (
	"fmt"
	"strings"
	"time"
)

// probes is what shows each fault, by its name.
var probes = map[string]probe{
	"lenient":               takesMessage(func(u unit) string { return u.seal(reading(121)) + "=" }),
	"outer-base64-loose":    takesMessage(func(u unit) string { return u.seal(reading(121)) + "?" }),
	"inner-base64-loose":    takesMessage(func(u unit) string { return sealRaw(u.passphrase, pkcs7("?"+inner(reading(121)))) }),
	"base64-skips-newlines": takesMessage(func(u unit) string { return u.seal(reading(121)) + `\n` }),
	"base64-stray-bits": takesMessage(func(u unit) string {
		msg := u.seal(reading(121)) // 64 bytes: ends in one character and ==
		at := strings.IndexByte(msg, '=') - 1
		return msg[:at] + string(msg[at]+1) + msg[at+1:]
	}),
	"magic-unchecked":    takesMessage(edited(func(raw []byte) []byte { raw[0] = 's'; return raw })),
	"length-unchecked":   takesMessage(edited(func(raw []byte) []byte { return append(raw, 0) })),
	"unpad-last-byte":    takesMessage(padded(func(pad []byte) []byte { pad[len(pad)-1] = byte(len(pad)); return pad })),
	"unpad-unchecked":    takesMessage(padded(func(pad []byte) []byte { return pad })),
	"sha256-kdf":         locked("correct horse"),
	"iv-before-key":      locked("correct horse"),
	"aes-128":            locked("correct horse"),
	"salt-off-by-one":    locked("correct horse"),
	"slow-after-padding": slowAfterPadding,

	"keys-fold-case":       takes(`{"Data":1,"seqn":121}`),
	"stops-after-object":   takes(`{"data":1,"SEQN":121}{}`),
	"unknown-keys-refused": refuses(`{"data":1,"SEQN":121,"battery":3.1}`),
	"text-search":          takes(`{"data":{"SEQN":121},"SEQN":7}`),
	"skips-bom":            takes("\ufeff" + reading(121)),
	"replaces-characters":  takes("{\"data\":\"\xff\",\"SEQN\":121}"),
	"shallow-json":         refuses(nested(510)),
	"bottomless-json":      takes(nested(2000)),
	"short-buffer":         refuses(long(4000)),
	"bounded-text":         refuses(long(32000)),
	"first-key-wins":       takes(`{"data":1,"SEQN":121,"SEQN":7}`),
	"last-key-wins":        takes(`{"data":1,"SEQN":7,"SEQN":121}`),
	"data-optional":        takes(`{"SEQN":121}`),
	"seqn-optional":        low(`{"data":1}`),
	"null-data-refused":    refuses(`{"data":null,"SEQN":121}`),
	"falsy-data-refused":   refuses(`{"data":0,"SEQN":121}`, `{"data":false,"SEQN":122}`, `{"data":"","SEQN":123}`),

	"int32-seqn":        sendsFrom(1<<31-1, "+2147483647 +2147483648"),
	"uint32-seqn":       sendsFrom(1<<32-1, "+4294967295 +4294967296"),
	"float32-seqn":      sendsFrom(1<<24, "+16777217 -16777217"),
	"float64-seqn":      takes(`{"data":1,"SEQN":9007199254740992}`),
	"unbounded-seqn":    takes(`{"data":1,"SEQN":9007199254740991}`),
	"uint64-wraps":      takes(`{"data":1,"SEQN":18446744073709551615}`),
	"negative-wraps":    takes(`{"data":1,"SEQN":-1}`),
	"quoted-seqn":       takes(`{"data":1,"SEQN":"121"}`),
	"string-seqn":       takes(`{"data":1,"SEQN":"121"}`),
	"safe-integer-seqn": takes(`{"data":1,"SEQN":9007199254740991}`),
	"boxed-seqn":        takes(`{"data":1,"SEQN":[121]}`),
	"null-seqn":         low(`{"data":1,"SEQN":null}`),
	"bool-seqn":         low(`{"data":1,"SEQN":true}`),
	"truncated-seqn":    takes(`{"data":1,"SEQN":121.5}`),
	"float-spelling":    takes(`{"data":1,"SEQN":1.21e2}`),

	"off-by-one":           sends("+121 -121"),
	"greater-than":         sends("+121"),
	"lexical-seqn":         sends("+998 +1000"),
	"forgets-replays":      sends("+121 +122 +123 +124 -121"),
	"remembers-envelopes":  sends("+121 +122 -121"),
	"window-bitmap":        sends("+121 +130 -129 +131"),
	"next-is-seqn":         sends("+121 -121"),
	"next-plus-one":        sends("+200 -200"),
	"no-update":            sends("+121 -121"),
	"no-gaps":              sends("+121 +123"),
	"max-gap-1000":         sends("+121 +1122 +2124 +1050701"), // the last jump is one of 2^20
	"race":                 races(5),
	"race-500us":           races(30),
	"race-50us":            races(60),
	"race-ns":              rises(100),
	"race-two-workers":     races(30),
	"counts-refused":       sends("+121 -121 +122"),
	"moves-on-refusal":     sends("+121 +122 -121 -122"),
	"moves-before-judging": takes(`{"SEQN":500}`),
	"stores-refused":       keeps(`{"value":300}`),
	"global-next": func(b *bench) string {
		ahead, behind := b.fresh(), b.fresh()
		return say(!ahead.send(5000) || !behind.send(121), "the number of one device holds for another")
	},
	"locks-out": sends("+121 -121 +122"),
	"misses-gaps": func(b *bench) string {
		u := b.fresh()
		u.send(121)
		u.send(125)
		d, err := u.server.Device(u.Context(), u.id)
		return say(err != nil || d.Missing != 3, fmt.Sprintf("it counts %d for 3, %v", d.Missing, err))
	},

	"stores-twice": keeps(`{"value":300}`),
	"stores-unopened": func(b *bench) string {
		u := b.fresh()
		u.post("no envelope")
		return say(len(u.data()) > 0, "it keeps what it could not open")
	},
	"drops-data":         keeps(`{"value":300}`),
	"rewrites-data":      keeps(`{"b":9007199254740993,"a":1}`),
	"truncates-data":     keeps(`"` + strings.Repeat("x", 300) + `"`),
	"forgets":            outlives((*bench).restart),
	"loses-readings":     outlives((*bench).restart),
	"buffers":            outlives((*bench).kill),
	"commits-in-batches": outlives((*bench).kill),
	"provisioning-lowers": func(b *bench) string {
		u := b.fresh()
		u.send(121)
		if err := u.server.Provision(u.Context(), u.id, u.passphrase, 0); err != nil {
			return err.Error()
		}
		return say(u.send(121), "it is accepted again")
	},

	"ok-with-201":      sends("+121"),
	"ok-in-lower-case": sends("+121"),
	"ok-as-text":       sends("+121"),
	"always-ok":        sends("+121 -121"),

	"500-on-padding":      differs(to(badPadding)),
	"closes-on-padding":   differs(to(badPadding)),
	"aborts-on-padding":   differs(to(badPadding)),
	"404-for-unknown":     differs(func(u unit) (string, string) { return "/data/nobody", u.seal(reading(121)) }),
	"header-on-replay":    differs(to(noJSON)),
	"error-tells-stage":   differs(to(noBase64)),
	"original-replies":    differs(to(noJSON)),
	"aborts-on-deep-json": differs(to(func(u unit) string { return u.seal(strings.Replace(nested(10000), "121", "7", 1)) })),
	"echoes-plaintext":    leaks(always("is 300"), noJSON),
	"echoes-passphrase":   leaks(func(u unit) string { return u.passphrase }, badPadding),
	"stack-in-reply":      leaks(always("goroutine"), noJSON),
	"sql-in-reply": func(b *bench) string {
		a, _ := b.do(request("/data/it's", "x"))
		return say(strings.Contains(a.body, "SELECT"), a.body)
	},

	"adopts": func(b *bench) string {
		u := unit{b, fmt.Sprintf("Nobody-%d", units.Add(1)), ""}
		first, second := u.send(121), u.send(121)
		return say(first || second, "a device that was never made known is accepted")
	},
	"id-folds-case":  meant(func(u unit) string { return strings.Replace(u.path(), "Unit", "UNIT", 1) }),
	"id-trimmed":     meant(func(u unit) string { return u.path() + "%20" }),
	"id-in-sql":      meant(func(u unit) string { return "/data/x'%20OR%20id='" + u.id }),
	"id-is-a-path":   meant(func(u unit) string { return "/data/x%2F..%2F" + u.id }),
	"id-in-query":    meant(func(u unit) string { return "/data/nobody?id=" + u.id }),
	"path-cut-short": meant(func(u unit) string { return u.path() + "/readings" }),

	"any-content-type":   misspelled("application/json", "text/plain"),
	"content-type-exact": spelled("application/json", "application/json; charset=utf-8"),
	"any-method":         misspelled("POST", "PUT"),
	"get-stores": func(b *bench) string {
		u := b.fresh()
		msg := strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(u.seal(reading(121)))
		a, _ := u.do("GET " + u.path() + "?msg=" + msg + " HTTP/1.1\r\nHost: x\r\n\r\n")
		return say(a.ok() || !u.send(121), "it is accepted")
	},
	"chunks-not-understood": func(b *bench) string {
		u := b.fresh()
		head, body, _ := strings.Cut(request(u.path(), u.seal(reading(121))), "\r\n\r\n")
		head, _, _ = strings.Cut(head, "Content-Length")
		a, _ := u.do(fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", head, len(body), body))
		return say(!a.ok(), "it is refused")
	},
	"reads-one-packet": func(b *bench) string {
		u := b.fresh()
		r := request(u.path(), u.seal(reading(121)))
		a, _ := u.do(r[:len(r)-50], r[len(r)-50:])
		return say(!a.ok(), "it is refused")
	},
	"hangs-on-large-body": func(b *bench) string {
		u := b.fresh()
		a, _ := u.do(request(u.path(), strings.Repeat("A", 1<<20)))
		return say(a.err == errTimeout, "no answer to a body of 1 MiB")
	},
	"waits-for-ever": func(b *bench) string {
		u := b.fresh()
		r := request(u.path(), u.seal(reading(121)))
		a, _ := u.do(r[:len(r)-1])
		return say(a.err == errTimeout, "half a request is waited for")
	},
	"crashes-on-empty-object": func(b *bench) string {
		u := b.fresh()
		u.do("POST " + u.path() + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
		return say(!u.send(121), "it does not answer any more")
	},

	"stale-next":    asks(func(_ unit, text string) string { return say(!strings.Contains(text, `"SEQN":122,`), text) }),
	"ignores-nonce": asks(func(_ unit, text string) string { return say(!strings.Contains(text, "00112233445566ff"), text) }),
	"repeats-salt": asks(func(u unit, _ string) string {
		_, one := u.resync("00112233445566ff")
		_, two := u.resync("00112233445566ff")
		return say(one == two, "two answers are the same bytes")
	}),
	"any-nonce": func(b *bench) string {
		u := b.fresh()
		a, _ := u.do("GET /sqn/" + u.id + "?nonce=7 HTTP/1.1\r\nHost: x\r\n\r\n")
		return say(strings.Contains(a.body, `"msg"`), a.body)
	},
	"resync-data": asks(func(unit, string) string { return "" }),
}

// slowAfterPadding times what is refused for its padding against what is refused
// right after it.
func slowAfterPadding(b *bench) string {
	u := b.fresh()
	bad, good := u.fastest(badPadding), u.fastest(noBase64)
	return say(good-bad > 700*time.Microsecond, fmt.Sprintf("%v with padding that is right, %v with padding that is not", good, bad))
}
