package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// resync is how a device is told the number that is next.
type resync struct {
	next  func(d *device) uint64
	nonce func(asked string) string
	fits  func(nonce string) bool
	fresh func() [envelope.SaltSize]byte
	rest  string // of the JSON, after SEQN and nonce
}

var rightResync = resync{
	next:  func(d *device) uint64 { return d.Next },
	nonce: func(asked string) string { return asked },
	fits:  regexp.MustCompile("^[0-9a-fA-F]{16}$").MatchString,
	fresh: func() (salt [envelope.SaltSize]byte) {
		rand.Read(salt[:]) // never fails
		return salt
	},
}

// tellNext answers with the next number of a device, sealed.
func (b *backend) tellNext(w http.ResponseWriter, r *http.Request, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.devices[id]
	query, err := url.ParseQuery(r.URL.RawQuery)
	nonce := query.Get("nonce")
	if d == nil || err != nil || len(query) != 1 || len(query["nonce"]) != 1 || !b.fits(nonce) || r.Method != http.MethodGet {
		say(w, http.StatusOK, notOK)
		return
	}
	plain := fmt.Appendf(nil, `{"SEQN":%d,"nonce":"%s"%s}`, b.next(d), b.nonce(nonce), b.rest)
	show(w, map[string]string{"msg": envelope.Seal(d.passphrase, b.fresh(), plain)})
}

var resyncFaults = []fault{
	{"stale-next", func(b *backend) { b.next = func(d *device) uint64 { return d.first } }},
	{"ignores-nonce", func(b *backend) { b.nonce = func(string) string { return "0000000000000000" } }},
	{"repeats-salt", func(b *backend) { b.fresh = func() (zeros [envelope.SaltSize]byte) { return zeros } }},
	{"any-nonce", func(b *backend) { b.fits = func(string) bool { return true } }},
	{"resync-data", func(b *backend) { b.rest = `,"data":null` }},
}
